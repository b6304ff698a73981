package dev.heddle.lambda;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What can be asked of Lambda's Runtime API, call by call. Every POST has a connection of its own; only {@code /next}
 * keeps one (see {@link Poll}). Safe for concurrent use.
 *
 * <p>Source: AWS Lambda developer guide, "Using the Lambda runtime API" (2018-06-01), "Extensions API" (2020-01-01) and
 * "Response streaming with custom runtimes".
 */
final class RuntimeApi {
    static final String RUNTIME = "/2018-06-01/runtime";
    static final String EXTENSION = "/2020-01-01/extension";

    /** Lambda's longest; taken when it names none, because an early one would only stop work that could go on. */
    static final Duration LONGEST_INVOCATION = Duration.ofMinutes(15);

    /** Registration stands before the first {@code /next}, and must not use up the time for starting. */
    private static final Duration REGISTRATION_PATIENCE = Duration.ofSeconds(1);

    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private final String authority;
    private final String host;
    private final int port;
    private final Duration patience;
    private final Clock clock;

    /**
     * Connects to nothing yet.
     *
     * @param authority {@code host:port}
     * @param patience how long to wait for the answer to a POST
     * @param clock for deadlines that Lambda does not name
     */
    RuntimeApi(String authority, Duration patience, Clock clock) {
        int colon = authority.lastIndexOf(':');
        this.authority = authority;
        this.host = authority.substring(0, colon);
        this.port = Integer.parseInt(authority.substring(colon + 1));
        this.patience = patience;
        this.clock = clock;
    }

    /** A connection of its own for a POST. */
    RawConnection connect() throws IOException {
        return RawConnection.open(host, port, patience);
    }

    /** A connection on which to wait for as long as it takes: for an invocation, or for the end. */
    RawConnection connectForWaiting() throws IOException {
        return RawConnection.open(host, port, Duration.ZERO);
    }

    /** Asks for the next invocation; waits for it. */
    byte[] nextRequest() {
        return HttpFrames.head("GET", RUNTIME + "/invocation/next", headers());
    }

    /**
     * Reads the answer to {@code /next}.
     *
     * @throws WireException if it brings no invocation that could be answered
     */
    Invocation invocation(HttpAnswer answer) throws WireException {
        if (answer.status() != 200) {
            throw new WireException("no invocation", "status 200", "" + answer.status());
        }
        String requestId = answer.header("Lambda-Runtime-Aws-Request-Id").orElse("");
        if (!REQUEST_ID.matcher(requestId).matches()) {
            throw new WireException("odd request id", REQUEST_ID.pattern(), requestId.length() + " characters");
        }
        return new Invocation(
                requestId,
                deadline(answer.header("Lambda-Runtime-Deadline-Ms").orElse("")),
                answer.header("Lambda-Runtime-Trace-Id").orElse(null),
                answer.body());
    }

    private Instant deadline(String millis) {
        try {
            return Instant.ofEpochMilli(Long.parseLong(millis));
        } catch (NumberFormatException e) {
            return clock.instant().plus(LONGEST_INVOCATION);
        }
    }

    /** Sends a whole reply; gives the status of the answer, which should be 202. */
    int respond(String requestId, byte[] json) throws IOException {
        return post(responsePath(requestId), Map.of(), json);
    }

    /** The request line and headers that open a streamed reply. */
    byte[] streamHead(String requestId) {
        Map<String, String> headers = headers();
        headers.put("Content-Type", "application/vnd.awslambda.http-integration-response");
        headers.put("Lambda-Runtime-Function-Response-Mode", "streaming");
        headers.put("Transfer-Encoding", "chunked");
        headers.put("Trailer", FunctionError.TYPE_HEADER + ", " + FunctionError.BODY_HEADER);
        headers.put("Connection", "close");
        return HttpFrames.head("POST", responsePath(requestId), headers);
    }

    /** Tells that an invocation failed, before any byte of its reply; gives the status of the answer. */
    int fail(String requestId, FunctionError error) throws IOException {
        return post(
                RUNTIME + "/invocation/" + requestId + "/error",
                Map.of(FunctionError.TYPE_HEADER, error.type()),
                error.json());
    }

    /** Tells that the function cannot start; gives the status of the answer. */
    int failInit(FunctionError error) throws IOException {
        return post(RUNTIME + "/init/error", Map.of(FunctionError.TYPE_HEADER, error.type()), error.json());
    }

    /**
     * Registers an internal extension that wants no events; gives its identifier. Only a process with an extension is
     * sent SIGTERM before it is killed.
     */
    String register(String extensionName) throws IOException {
        byte[] noEvents = JsonNodeFactory.instance
                .objectNode()
                .set("events", JsonNodeFactory.instance.arrayNode())
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        Duration shorter = patience.compareTo(REGISTRATION_PATIENCE) < 0 ? patience : REGISTRATION_PATIENCE;
        try (RawConnection connection = RawConnection.open(host, port, shorter)) {
            HttpAnswer answer = exchange(
                    connection, EXTENSION + "/register", Map.of("Lambda-Extension-Name", extensionName), noEvents);
            if (answer.status() != 200) {
                throw new WireException("extension not registered", "status 200", "" + answer.status());
            }
            return answer.header("Lambda-Extension-Identifier")
                    .orElseThrow(() -> new WireException("extension not registered", "an identifier", "none"));
        }
    }

    /** Asks for the next event of an extension, which lets the platform finish its start. */
    byte[] nextEventRequest(String extensionId) {
        Map<String, String> headers = headers();
        headers.put("Lambda-Extension-Identifier", extensionId);
        return HttpFrames.head("GET", EXTENSION + "/event/next", headers);
    }

    private int post(String path, Map<String, String> extra, byte[] json) throws IOException {
        try (RawConnection connection = connect()) {
            return exchange(connection, path, extra, json).status();
        }
    }

    private HttpAnswer exchange(RawConnection connection, String path, Map<String, String> extra, byte[] json)
            throws IOException {
        Map<String, String> headers = headers();
        headers.putAll(extra);
        headers.put("Content-Type", "application/json");
        headers.put("Content-Length", String.valueOf(json.length));
        headers.put("Connection", "close");
        connection.send(Bytes.concat(HttpFrames.head("POST", path, headers), json));
        return connection.receive();
    }

    private static String responsePath(String requestId) {
        return RUNTIME + "/invocation/" + requestId + "/response";
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Host", authority);
        return headers;
    }
}
