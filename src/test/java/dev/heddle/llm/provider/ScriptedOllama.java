package dev.heddle.llm.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server of raw bytes: takes requests on loopback and lets a script write the answers, broken ones too. Each connection
 * serves one request after the other until either side closes it.
 */
final class ScriptedOllama implements AutoCloseable {

    /** Writes one answer. */
    @FunctionalInterface
    interface Script {
        void answer(Request request, Wire wire) throws Exception;
    }

    /** A request as it came; {@code head} is the request line and the headers in lower case. */
    record Request(String head, String body) {}

    private final ServerSocket listener;
    private final Script script;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch clientClosed = new CountDownLatch(1);

    ScriptedOllama(Script script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Answers every request with status 200 and these NDJSON lines, one chunk each. */
    static ScriptedOllama lines(String... lines) throws IOException {
        return new ScriptedOllama((request, wire) -> {
            wire.open();
            for (String line : lines) {
                wire.chunk(line + "\n");
            }
            wire.end();
        });
    }

    /** Answers every request with this status and JSON. */
    static ScriptedOllama status(String statusAndHeaders, String body) throws IOException {
        return new ScriptedOllama((request, wire) -> wire.whole(statusAndHeaders, body));
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** The next request that came. */
    Request request() throws InterruptedException {
        Request request = requests.poll(10, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came");
        }
        return request;
    }

    /** Whether a request came that nobody has asked for. */
    boolean hasRequest() {
        return !requests.isEmpty();
    }

    /** How many connections were opened so far. */
    int connections() {
        return connections.get();
    }

    /** Waits until a client has closed its connection in the middle of an answer. */
    void awaitClientClosed() throws InterruptedException {
        if (!clientClosed.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("the client did not close its connection");
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                int length = head.lines()
                        .filter(line -> line.startsWith("content-length:"))
                        .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                        .findFirst()
                        .orElse(0);
                Request request = new Request(head, new String(in.readNBytes(length), StandardCharsets.UTF_8));
                requests.add(request);
                script.answer(request, new Wire(socket));
                if (socket.isClosed()) {
                    return;
                }
            }
        } catch (Exception e) {
            // the client went away; tests ask awaitClientClosed
            clientClosed.countDown();
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int next;
        while ((next = in.read()) >= 0) {
            head.write(next);
            String text = head.toString(StandardCharsets.ISO_8859_1);
            if (text.endsWith("\r\n\r\n")) {
                return text.toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    /** The answer's side of one connection. */
    static final class Wire {
        private final Socket socket;
        private final OutputStream out;

        private Wire(Socket socket) throws IOException {
            this.socket = socket;
            this.out = socket.getOutputStream();
        }

        void raw(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        void open() throws IOException {
            String head = """
                    HTTP/1.1 200 OK
                    Content-Type: application/x-ndjson
                    Date: Sat, 21 Nov 2026 07:21:58 GMT
                    Transfer-Encoding: chunked

                    """;
            raw(head.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }

        void chunk(String text) throws IOException {
            chunk(text.getBytes(StandardCharsets.UTF_8));
        }

        void chunk(byte[] bytes) throws IOException {
            raw((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            raw(bytes);
            raw("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }

        void end() throws IOException {
            raw("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }

        void whole(String statusAndHeaders, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            raw(("HTTP/1.1 " + statusAndHeaders + "\r\nContent-Length: " + bytes.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            raw(bytes);
        }

        /** Closes the connection, in the middle of whatever was being said. */
        void cut() throws IOException {
            socket.close();
        }

        /** Says nothing until the client closes the connection. */
        void stall() throws IOException {
            if (socket.getInputStream().read() < 0) {
                throw new IOException("client closed");
            }
        }
    }
}
