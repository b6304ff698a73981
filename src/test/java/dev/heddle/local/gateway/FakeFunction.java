package dev.heddle.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A function that does what a test tells it: a process of its own that speaks the Runtime API over plain sockets, knows
 * nothing of the gateway's code, and does no more than the wire asks.
 *
 * <p>For {@code /echo} it answers with its event and its process id; {@code /buffered}, {@code /error}, {@code
 * /bad-prelude}, {@code /no-prelude} and {@code /long-prelude} are what they say. For any other path it connects to the
 * test at {@code FAKE_CONTROL} (port), writes {@code <path> <pid> <request id>} and obeys one line after another: {@code
 * prelude <json>}, {@code piece <text>}, {@code end}, {@code trailers <error type>}, {@code close}, {@code exit <code>}.
 * {@code FAKE_START} chooses how it starts: {@code exit <code>}, {@code init-error <type>}, {@code once <file>} (makes
 * that file and exits, or starts when it is there), {@code extension}.
 */
public final class FakeFunction {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RUNTIME = "/2018-06-01/runtime/";
    private static final byte[] DELIMITER = new byte[8];

    private final String host;
    private final int port;

    private FakeFunction(String address) {
        this.host = address.substring(0, address.indexOf(':'));
        this.port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    }

    /** Runs until it is killed. */
    public static void main(String... args) throws Exception {
        Map<String, String> env = System.getenv();
        FakeFunction function = new FakeFunction(env.getOrDefault("AWS_LAMBDA_RUNTIME_API", ""));
        String[] start = env.getOrDefault("FAKE_START", "").split(" ", 2);
        switch (start[0]) {
            case "exit" -> {
                System.err.println("no table, no work");
                System.exit(Integer.parseInt(start[1]));
            }
            case "init-error" -> {
                function.post(RUNTIME + "init/error", "Lambda-Runtime-Function-Error-Type: " + start[1] + "\r\n", "{}");
                System.exit(1);
            }
            case "once" -> {
                try {
                    Files.createFile(Path.of(start[1]));
                    System.exit(3);
                } catch (FileAlreadyExistsException secondTime) {
                    // now it starts
                }
            }
            case "extension" -> function.registerExtension();
            default -> {}
        }
        int workers = Integer.parseInt(env.getOrDefault("AWS_LAMBDA_MAX_CONCURRENCY", "1"));
        for (int i = 1; i < workers; i++) {
            Thread.ofPlatform().start(function::poll);
        }
        function.poll();
    }

    private void registerExtension() throws IOException {
        Message reply = post("/2020-01-01/extension/register", "Lambda-Extension-Name: heddle\r\n", "{\"events\":[]}");
        String id = reply.headers().getOrDefault("lambda-extension-identifier", "");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("asked to end")));
        Thread.ofPlatform().daemon().start(() -> {
            try {
                get("/2020-01-01/extension/event/next", "Lambda-Extension-Identifier: " + id + "\r\n");
            } catch (IOException ended) {
                // with the process
            }
        });
    }

    private void poll() {
        try {
            while (true) {
                Message event = get(RUNTIME + "invocation/next", "");
                handle(event.headers().getOrDefault("lambda-runtime-aws-request-id", ""), event);
            }
        } catch (IOException e) {
            System.err.println("fake function: " + e.getMessage());
        }
    }

    private void handle(String id, Message message) throws IOException {
        JsonNode event = JSON.readTree(message.body());
        String path = event.path("path").asText(event.path("rawPath").asText());
        String invocation = RUNTIME + "invocation/" + id;
        switch (path) {
            case "/buffered" ->
                post(
                        invocation + "/response",
                        "",
                        "{\"statusCode\":201,\"headers\":{\"x-kind\":\"buffered\"},\"body\":\"aGVsbG8=\","
                                + "\"isBase64Encoded\":true}");
            case "/error" ->
                post(
                        invocation + "/error",
                        "Lambda-Runtime-Function-Error-Type: Fake.Error\r\n",
                        "{\"errorMessage\":\"secret\"}");
            default -> {
                try (Socket socket = connect();
                        Reply reply = new Reply(socket, invocation)) {
                    switch (path) {
                        case "/bad-prelude" -> reply.whole("{not json", true);
                        case "/no-prelude" -> reply.whole("{\"statusCode\":200}", false);
                        case "/long-prelude" ->
                            reply.whole("{\"statusCode\":200,\"x\":\"" + "x".repeat(17_000) + "\"}", true);
                        case "/echo" -> echo(reply, event, message.headers());
                        default -> obey(reply, path, id);
                    }
                    reply.readAnswer();
                }
            }
        }
    }

    private static void echo(Reply reply, JsonNode event, Map<String, String> headers) throws IOException {
        reply.prelude("{\"statusCode\":200,\"headers\":{\"content-type\":\"application/json\"}}");
        reply.chunk(JSON.writeValueAsBytes(Map.of(
                "pid",
                ProcessHandle.current().pid(),
                "event",
                event,
                "next",
                headers,
                "environment",
                new TreeMap<>(System.getenv()))));
        reply.end("");
    }

    private static void obey(Reply reply, String path, String id) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("FAKE_CONTROL", "0"));
        try (Socket control = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(control.getInputStream(), StandardCharsets.UTF_8))) {
            OutputStream out = control.getOutputStream();
            out.write((path + " " + ProcessHandle.current().pid() + " " + id + "\n").getBytes(StandardCharsets.UTF_8));
            for (String line; (line = commands.readLine()) != null; ) {
                String[] command = line.split(" ", 2);
                switch (command[0]) {
                    case "prelude" -> reply.prelude(command[1]);
                    case "piece" -> reply.chunk(command[1].getBytes(StandardCharsets.UTF_8));
                    case "end" -> {
                        reply.end("");
                        return;
                    }
                    case "trailers" -> {
                        reply.end("Lambda-Runtime-Function-Error-Type: " + command[1]
                                + "\r\nLambda-Runtime-Function-Error-Body: e30=\r\n");
                        return;
                    }
                    case "close" -> {
                        reply.close();
                        return;
                    }
                    case "exit" -> Runtime.getRuntime().halt(Integer.parseInt(command[1]));
                    default -> throw new IOException("unknown command " + command[0]);
                }
            }
        }
    }

    /** A streamed reply; nothing goes out before the first call. */
    private static final class Reply implements AutoCloseable {
        private final Socket socket;
        private final OutputStream out;
        private final String invocation;
        private boolean started;
        private boolean ended;

        Reply(Socket socket, String invocation) throws IOException {
            this.socket = socket;
            this.out = socket.getOutputStream();
            this.invocation = invocation;
        }

        void whole(String prelude, boolean delimiter) throws IOException {
            chunk(prelude.getBytes(StandardCharsets.UTF_8));
            if (delimiter) {
                chunk(DELIMITER);
            }
            end("");
        }

        void prelude(String json) throws IOException {
            chunk(json.getBytes(StandardCharsets.UTF_8));
            chunk(DELIMITER);
        }

        void chunk(byte[] bytes) throws IOException {
            start();
            out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.write(bytes);
            out.write("\r\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        void end(String trailers) throws IOException {
            start();
            out.write(("0\r\n" + trailers + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            ended = true;
        }

        void readAnswer() throws IOException {
            if (ended) {
                Message.read(socket.getInputStream());
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }

        private void start() throws IOException {
            if (!started) {
                started = true;
                out.write(("POST " + invocation + "/response HTTP/1.1\r\nHost: runtime\r\nConnection: close\r\n"
                                + "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n"
                                + "Content-Type: application/vnd.awslambda.http-integration-response\r\n"
                                + "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n"
                                + "\r\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private Socket connect() throws IOException {
        return new Socket(host, port);
    }

    private Message get(String path, String headers) throws IOException {
        return exchange("GET " + path + " HTTP/1.1\r\nHost: runtime\r\nConnection: close\r\n" + headers + "\r\n");
    }

    private Message post(String path, String headers, String body) throws IOException {
        return exchange("POST " + path + " HTTP/1.1\r\nHost: runtime\r\nConnection: close\r\nContent-Length: "
                + body.length() + "\r\n" + headers + "\r\n" + body);
    }

    private Message exchange(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return Message.read(socket.getInputStream());
        }
    }

    /** A reply of the Runtime API: header names in lower case, and a body of announced length. */
    private record Message(Map<String, String> headers, byte[] body) {
        static Message read(InputStream stream) throws IOException {
            InputStream in = new BufferedInputStream(stream);
            Map<String, String> headers = new TreeMap<>();
            headers.put("status", line(in));
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            return new Message(headers, in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0"))));
        }

        private static String line(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int b; (b = in.read()) != '\n'; ) {
                if (b < 0) {
                    throw new IOException("the Runtime API has closed the connection");
                }
                line.append((char) b);
            }
            return line.toString().strip();
        }
    }
}
