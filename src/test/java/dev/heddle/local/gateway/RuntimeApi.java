package dev.heddle.local.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.local.gateway.Invocation.Piece;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The Lambda Runtime API and the part of the Extensions API that an internal extension needs, for one function process,
 * on a loopback port of its own.
 *
 * <pre>
 * GET  /2018-06-01/runtime/invocation/next           waits
 * POST /2018-06-01/runtime/invocation/{id}/response  buffered, or streamed with trailers
 * POST /2018-06-01/runtime/invocation/{id}/error
 * POST /2018-06-01/runtime/init/error
 * POST /2020-01-01/extension/register
 * GET  /2020-01-01/extension/event/next              waits for ever: internal extensions get no events here
 * </pre>
 *
 * Source: "Using the Lambda runtime API", "Extensions API", and the notes on streaming in "Building a custom runtime".
 */
final class RuntimeApi implements AutoCloseable {
    /** Lambda's limit for a buffered reply. */
    private static final int MAX_BUFFERED_BYTES = 6 * 1024 * 1024 + 100;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RUNTIME = "/2018-06-01/runtime/";
    private static final String EXTENSION = "/2020-01-01/extension/";

    private final ExecutionEnvironment environment;
    private final ServerSocket server;
    private final Map<Thread, HttpConnection> connections = new ConcurrentHashMap<>();

    RuntimeApi(ExecutionEnvironment environment) throws IOException {
        this.environment = environment;
        this.server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    }

    int port() {
        return server.getLocalPort();
    }

    /** Begins to take connections. */
    void listen() {
        Thread.startVirtualThread(() -> {
            while (!server.isClosed()) {
                try {
                    HttpConnection connection = new HttpConnection(server.accept());
                    Thread worker = Thread.ofVirtual().unstarted(() -> serve(connection));
                    connections.put(worker, connection);
                    worker.start();
                } catch (IOException e) {
                    // The server is closed, or this one connection failed.
                }
            }
        });
    }

    /** The message in an error's body; empty when it has none. */
    private static String errorMessage(byte[] body) {
        try {
            return JSON.readTree(body).path("errorMessage").asText();
        } catch (IOException e) {
            return "";
        }
    }

    /** Waits until what had arrived on all connections has been read. */
    void awaitConnections(Duration patience) throws InterruptedException {
        for (Thread worker : connections.keySet()) {
            worker.join(patience);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            // it is closed
        }
        connections.values().forEach(HttpConnection::close);
    }

    private void serve(HttpConnection connection) {
        try (connection) {
            Optional<MessageHead> head = connection.readHead();
            while (head.isPresent()
                    && handle(connection, head.get())
                    && head.get().keepsAlive()) {
                head = connection.readHead();
            }
        } catch (IOException gone) {
            // the function closed or broke the connection; what that means was said where it was noticed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(Thread.currentThread());
        }
    }

    /** Answers one request; false when the connection is of no use any more. */
    private boolean handle(HttpConnection connection, MessageHead head) throws IOException, InterruptedException {
        String route = head.method() + " " + head.path();
        if (route.equals("GET " + RUNTIME + "invocation/next")) {
            return next(connection);
        }
        if (route.equals("GET " + EXTENSION + "event/next")) {
            if (environment.extensionPolls(
                    head.header("lambda-extension-identifier").orElse(""))) {
                return false;
            }
            return refuse(connection, 403, "Extension.UnknownExtensionIdentifier");
        }
        HttpBody body = connection.body(head);
        if (route.equals("POST " + EXTENSION + "register")) {
            return register(connection, head, body.readAllBytes());
        }
        if (route.equals("POST " + RUNTIME + "init/error")) {
            environment.initFailed(
                    head.header("lambda-runtime-function-error-type").orElse(""), errorMessage(body.readAllBytes()));
            return accept(connection);
        }
        String[] path = head.path().split("/", -1);
        if (!route.startsWith("POST " + RUNTIME + "invocation/") || path.length != 6) {
            body.readAllBytes();
            return refuse(connection, 404, "Runtime.UnknownRoute");
        }
        Optional<Invocation> invocation = environment.answer(path[4]);
        if (invocation.isEmpty()) {
            body.transferTo(OutputStream.nullOutputStream());
            return refuse(connection, 400, "InvalidRequestID");
        }
        try {
            environment.settle(invocation.get(), result(path[5], head, body, invocation.get()));
        } catch (IOException broken) {
            environment.brokeOff(invocation.get());
            throw broken;
        }
        return accept(connection);
    }

    private boolean next(HttpConnection connection) throws IOException, InterruptedException {
        environment.runtimePolls();
        Invocation invocation = environment.next();
        if (invocation == null) {
            return false;
        }
        if (connection.closedByPeer()) {
            environment.putBack(invocation);
            return false;
        }
        try {
            String deadline = Long.toString(environment.deadlineFor(invocation).toEpochMilli());
            connection.reply(
                    200,
                    List.of(
                            new Header("Content-Type", "application/json"),
                            new Header("Lambda-Runtime-Aws-Request-Id", invocation.id()),
                            new Header("Lambda-Runtime-Deadline-Ms", deadline),
                            new Header("Lambda-Runtime-Trace-Id", invocation.traceId()),
                            new Header("Lambda-Runtime-Invoked-Function-Arn", LambdaVariables.ARN)),
                    invocation.event());
            return true;
        } catch (IOException e) {
            environment.putBack(invocation);
            throw e;
        }
    }

    private boolean register(HttpConnection connection, MessageHead head, byte[] body) throws IOException {
        String name = head.header("lambda-extension-name").orElse("");
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return refuse(connection, 400, "InvalidRequestFormat");
        }
        for (JsonNode event : json.path("events")) {
            if (event.asText().equals("SHUTDOWN")) {
                return refuse(connection, 403, "ShutdownEventNotSupportedForInternalExtension");
            }
        }
        String id = UUID.randomUUID().toString();
        if (name.isEmpty() || !environment.register(id)) {
            return refuse(connection, 403, "Extension.RegistrationClosed");
        }
        connection.reply(
                200,
                List.of(new Header("Content-Type", "application/json"), new Header("Lambda-Extension-Identifier", id)),
                ("{\"functionName\":\"" + LambdaVariables.FUNCTION_NAME
                                + "\",\"functionVersion\":\"$LATEST\",\"handler\":\"" + LambdaVariables.FUNCTION_NAME
                                + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
        return true;
    }

    /** Reads the function's answer to its end, passing on what is to be streamed, and says how it ended. */
    private static Piece result(String verb, MessageHead head, HttpBody body, Invocation invocation)
            throws IOException, InterruptedException {
        if (verb.equals("error")) {
            body.readAllBytes();
            String type = head.header("lambda-runtime-function-error-type").orElse("Unhandled");
            return new Piece.Failed(false, "function error " + type);
        }
        try {
            if (head.header("lambda-runtime-function-response-mode")
                    .filter("streaming"::equalsIgnoreCase)
                    .isPresent()) {
                return streamed(head, body, invocation);
            }
            byte[] whole = body.readNBytes(MAX_BUFFERED_BYTES + 1);
            if (whole.length > MAX_BUFFERED_BYTES) {
                throw new ReplyFormatException("reply: too long, expected at most " + MAX_BUFFERED_BYTES + " bytes");
            }
            for (Piece piece : ProxyReply.whole(whole)) {
                invocation.put(piece);
            }
            return new Piece.End();
        } catch (ReplyFormatException e) {
            body.transferTo(OutputStream.nullOutputStream());
            return new Piece.Failed(false, String.valueOf(e.getMessage()));
        }
    }

    private static Piece streamed(MessageHead head, HttpBody body, Invocation invocation)
            throws IOException, InterruptedException {
        if (!head.header("content-type").orElse("").startsWith(StreamedReply.CONTENT_TYPE)) {
            throw new ReplyFormatException("reply: bad Content-Type, expected " + StreamedReply.CONTENT_TYPE);
        }
        StreamedReply reply = new StreamedReply();
        byte[] buffer = new byte[64 * 1024];
        for (int n; (n = body.read(buffer)) >= 0; ) {
            for (Piece piece : reply.feed(buffer, n)) {
                invocation.put(piece);
            }
        }
        Optional<String> error = body.trailer("lambda-runtime-function-error-type");
        if (error.isPresent()) {
            return new Piece.Failed(false, "function error " + error.get() + " in the trailers");
        }
        if (!reply.headSeen()) {
            throw new ReplyFormatException("reply: no delimiter, expected a prelude and 8 NUL bytes");
        }
        return new Piece.End();
    }

    private static boolean accept(HttpConnection connection) throws IOException {
        connection.reply(
                202,
                List.of(new Header("Content-Type", "application/json")),
                "{\"status\":\"OK\"}".getBytes(StandardCharsets.UTF_8));
        return true;
    }

    private static boolean refuse(HttpConnection connection, int status, String errorType) throws IOException {
        connection.reply(
                status,
                List.of(new Header("Content-Type", "application/json")),
                ("{\"errorType\":\"" + errorType + "\",\"errorMessage\":\"" + errorType + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
        return true;
    }
}
