package dev.heddle.local.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.heddle.local.model.Answer.Ending;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A canned model behind Ollama's real wire, for development and tests; see {@link StandInScript} for what it says. Serves
 * one model, {@code stand-in}, on loopback: {@code /api/chat} (streamed and whole), {@code /api/tags}, {@code /api/show},
 * {@code /api/ps}, {@code /api/version}; and for tests in other processes {@code POST /control/release/<label>} and
 * {@code GET /control/reached/<label>}. {@code StandInWireTest} holds it against recordings of the real server.
 *
 * <p>It is never to be mistaken for a model: its name and its first answer in every conversation say what it is.
 *
 * <p>Thread-safe; each request has a virtual thread of its own.
 */
public final class StandInModel implements AutoCloseable {
    /** The model that it serves. */
    public static final String NAME = "stand-in";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JSON_TYPE = "application/json; charset=utf-8";
    private static final String RELEASE = "/control/release/";
    private static final String REACHED = "/control/reached/";
    private static final Set<String> POSTS = Set.of("/api/chat", "/api/show");

    private final HttpServer server;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Duration betweenChunks;
    private final Holds holds = new Holds();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<JsonNode> received = new ArrayList<>();

    private StandInModel(HttpServer server, Duration betweenChunks) {
        this.server = server;
        this.betweenChunks = betweenChunks;
    }

    /**
     * Starts it without pauses between chunks.
     *
     * @param port 0 for a free one
     * @throws IOException when the port is in use
     */
    public static StandInModel start(int port) throws IOException {
        return start(port, Duration.ZERO);
    }

    /**
     * Starts it.
     *
     * @param port 0 for a free one
     * @param betweenChunks pause after each chunk of text, so that a person sees it stream; zero for none
     * @throws IOException when the port is in use
     */
    public static StandInModel start(int port, Duration betweenChunks) throws IOException {
        // else Nagle's algorithm keeps the small chunks back; read when the JDK's first server is made
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (BindException e) {
            throw new IOException(
                    "Stand-in model: cannot listen, expected a free port, got " + port + ". Choose another or 0.", e);
        }
        var model = new StandInModel(server, betweenChunks);
        server.createContext("/", model::handle);
        server.setExecutor(model.workers);
        server.start();
        return model;
    }

    /** Where it answers, as {@code OLLAMA_HOST} would say: {@code http://127.0.0.1:PORT}. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Lets an answer go on that waits for "hold {@code label}", now or later. A label is good for one answer. */
    public void release(String label) {
        holds.release(label);
    }

    /** Waits until an answer has sent its first two chunks and holds at this label. */
    public void awaitHeld(String label) throws InterruptedException {
        holds.awaitReached(label);
    }

    /** The bodies of all chat requests so far, in the order of arrival: what the models of a test were really asked. */
    public List<JsonNode> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    /**
     * Waits until it has got so many chat requests since its start.
     *
     * @throws IllegalStateException after a minute without
     */
    public void awaitReceived(int count) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        synchronized (received) {
            for (long left = 1; received.size() < count; left = (end - System.nanoTime()) / 1_000_000) {
                if (left <= 0) {
                    throw new IllegalStateException("Stand-in model: too few requests, expected " + count + " within a"
                            + " minute, got " + received.size() + ".");
                }
                received.wait(left);
            }
        }
    }

    /** Ends all answers under way with a cut connection and frees the port. */
    @Override
    public void close() {
        closed.countDown();
        workers.shutdownNow();
        server.stop(0);
    }

    /**
     * Serves until it is killed.
     *
     * @param args port (default 11434), milliseconds between chunks (default 15)
     */
    public static void main(String[] args) throws Exception {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 11434;
        var pause = Duration.ofMillis(args.length > 1 ? Long.parseLong(args[1]) : 15);
        try (var model = start(port, pause)) {
            System.out.println("stand-in model (canned answers, no AI) at " + model.endpoint());
            model.closed.await();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean post = exchange.getRequestMethod().equals("POST");
        if (POSTS.contains(path) && !post) {
            exchange.getResponseHeaders().set("Allow", "POST");
            reply(exchange, 405, "text/plain", "405 method not allowed");
        } else if (path.startsWith(RELEASE) && post) {
            release(path.substring(RELEASE.length()));
            reply(exchange, 200, JSON_TYPE, "{}");
        } else if (path.startsWith(REACHED)) {
            uninterrupted(() -> awaitHeld(path.substring(REACHED.length())));
            reply(exchange, 200, JSON_TYPE, "{}");
        } else {
            switch (path) {
                case "/" -> reply(exchange, 200, "text/plain; charset=utf-8", "Ollama is running");
                case "/api/version" -> reply(exchange, 200, JSON_TYPE, "{\"version\":\"0.17.4\"}");
                case "/api/tags" -> reply(exchange, 200, JSON_TYPE, StandInCard.tags());
                case "/api/ps" -> reply(exchange, 200, JSON_TYPE, "{\"models\":[]}");
                case "/api/show" ->
                    answered(exchange, body -> {
                        requireServed(body.path("model").asText(""));
                        reply(exchange, 200, JSON_TYPE, StandInCard.show());
                    });
                case "/api/chat" -> answered(exchange, body -> chat(exchange, body));
                default -> reply(exchange, 404, "text/plain", "404 page not found");
            }
        }
    }

    private void chat(HttpExchange exchange, JsonNode body) throws IOException, ChatCall.Refused {
        ChatCall call = ChatCall.of(body);
        requireServed(call.model());
        synchronized (received) {
            received.add(body);
            received.notifyAll();
        }
        Answer answer = StandInScript.answer(call);
        var lines = new OllamaLines(call, answer);
        if (body.path("messages").isEmpty()) {
            reply(exchange, 200, JSON_TYPE, lines.loaded().toString());
            return;
        }
        switch (answer.ending()) {
            case SERVER_ERROR -> throw new ChatCall.Refused(500, "stand-in: failed as asked");
            case BUSY ->
                throw new ChatCall.Refused(503, "server busy, please try again.  maximum pending requests exceeded");
            case SILENT -> {
                uninterrupted(closed::await);
                throw new IOException("closed while silent");
            }
            case STOP, LENGTH, STUTTER, RUNNER_DIED, CUT -> {
                if (call.stream()) {
                    stream(exchange, answer, lines);
                } else {
                    whole(exchange, answer, lines);
                }
            }
        }
    }

    private void whole(HttpExchange exchange, Answer answer, OllamaLines lines) throws IOException, ChatCall.Refused {
        holdAt(answer);
        if (answer.ending() == Ending.RUNNER_DIED) {
            throw new ChatCall.Refused(500, StandInCard.RUNNER_DIED);
        }
        if (answer.ending() == Ending.CUT) {
            throw new IOException("cut as asked");
        }
        reply(exchange, 200, JSON_TYPE, lines.whole().toString());
    }

    private void stream(HttpExchange exchange, Answer answer, OllamaLines lines) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        for (int i = 0; i < answer.chunks().size(); i++) {
            send(out, lines.text(answer.chunks().get(i)));
            if (i == 1) {
                holdAt(answer);
            }
            if (betweenChunks.isPositive()) {
                uninterrupted(() -> Thread.sleep(betweenChunks));
            }
        }
        for (int i = 0; i < answer.calls().size(); i++) {
            send(out, lines.toolCall(i));
        }
        switch (answer.ending()) {
            case RUNNER_DIED -> send(out, OllamaLines.error(StandInCard.RUNNER_DIED));
            case CUT -> throw new IOException("cut as asked"); // the server then closes the socket without a last chunk
            case STUTTER -> {}
            case STOP, LENGTH, SILENT, SERVER_ERROR, BUSY -> send(out, lines.end());
        }
        exchange.close();
    }

    private void holdAt(Answer answer) throws IOException {
        if (!answer.hold().isEmpty()) {
            uninterrupted(() -> holds.reach(answer.hold()));
        }
    }

    private static void requireServed(String model) throws ChatCall.Refused {
        if (!model.equals(NAME) && !model.equals(NAME + ":latest")) {
            throw new ChatCall.Refused(404, "model '" + model + "' not found");
        }
    }

    private interface BodyHandler {
        void handle(JsonNode body) throws IOException, ChatCall.Refused;
    }

    private static void answered(HttpExchange exchange, BodyHandler handler) throws IOException {
        try {
            handler.handle(body(exchange.getRequestBody().readAllBytes()));
        } catch (ChatCall.Refused refused) {
            reply(
                    exchange,
                    refused.status(),
                    JSON_TYPE,
                    OllamaLines.error(refused.error()).toString());
        }
    }

    private static JsonNode body(byte[] bytes) throws IOException, ChatCall.Refused {
        if (bytes.length == 0) {
            throw new ChatCall.Refused(400, "missing request body");
        }
        try {
            return JSON.readTree(bytes);
        } catch (JsonEOFException e) {
            throw new ChatCall.Refused(400, "unexpected EOF");
        } catch (JsonProcessingException e) {
            throw new ChatCall.Refused(400, "invalid character looking for beginning of value");
        }
    }

    private static void reply(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void send(OutputStream out, ObjectNode line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private interface Wait {
        void run() throws InterruptedException;
    }

    private static void uninterrupted(Wait wait) throws IOException {
        try {
            wait.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("the stand-in is closing").initCause(e);
        }
    }
}
