package dev.heddle.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A Runtime API on a raw socket that does what a test tells it, fault by fault, and keeps the exact bytes that it was
 * sent. It shares no code with what it tests.
 *
 * <p>Unless told otherwise it answers every POST as Lambda does and lets {@code /next} wait. A test queues what shall
 * happen instead: {@link #invoke} for an ordinary invocation, {@link #on} for anything else.
 */
final class ScriptedRuntimeApi implements AutoCloseable {
    static final String NEXT = "/2018-06-01/runtime/invocation/next";
    static final String REGISTER = "/2020-01-01/extension/register";
    static final String EVENT_NEXT = "/2020-01-01/extension/event/next";

    /** No test is about this: it only keeps a broken one from hanging. */
    static final int PATIENCE_SECONDS = 30;

    /** What the server does when a request's head has come. */
    @FunctionalInterface
    interface Step {
        void act(Exchange exchange) throws Exception;
    }

    /** An ordinary answer. */
    static String answer(int status, String headers, String body) {
        return "HTTP/1.1 %d Some Reason\r\n%sContent-Length: %d\r\n\r\n%s"
                .formatted(status, headers, body.getBytes(UTF_8).length, body);
    }

    /** An invocation as {@code /next} tells it. */
    static String invocation(String requestId, String event) {
        return answer(200, invocationHeaders(requestId), event);
    }

    static String invocationHeaders(String requestId) {
        return "Lambda-Runtime-Aws-Request-Id: %s\r\nLambda-Runtime-Deadline-Ms: 4102444800000\r\n"
                .formatted(requestId);
    }

    /** A POST that is read to its end and answered like this. */
    static Step replying(String raw) {
        return exchange -> {
            exchange.readBody();
            exchange.write(raw);
        };
    }

    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Map<String, Queue<Step>> script = new HashMap<>();
    private final Map<String, BlockingQueue<Exchange>> finished = new ConcurrentHashMap<>();
    private final Map<Socket, BlockingQueue<String>> closed = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Exchange> parked = new LinkedBlockingQueue<>();
    private final BlockingQueue<Exchange> abandoned = new LinkedBlockingQueue<>();

    ScriptedRuntimeApi() throws IOException {
        server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** {@code host:port}, as in AWS_LAMBDA_RUNTIME_API. */
    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** One of the next calls of {@code /next} gets this. */
    void invoke(String requestId, String event) {
        on(NEXT, exchange -> exchange.write(invocation(requestId, event)));
    }

    /** The next request of this path that has nothing planned is treated like this. */
    void on(String path, Step step) {
        synchronized (script) {
            script.computeIfAbsent(path, p -> new ArrayDeque<>()).add(step);
        }
    }

    /** The paths that were asked for so far, whatever came of it. */
    List<String> requests() {
        return requests;
    }

    /** Waits for a request of this path that the server is done with. */
    Exchange take(String path) throws InterruptedException {
        return poll(finished(path), "a request of " + path);
    }

    /** The response that this invocation got. */
    Exchange takeResponse(String requestId) throws InterruptedException {
        return take("/2018-06-01/runtime/invocation/" + requestId + "/response");
    }

    /** The error that this invocation got. */
    Exchange takeError(String requestId) throws InterruptedException {
        return take("/2018-06-01/runtime/invocation/" + requestId + "/error");
    }

    /** Waits until a worker waits in {@code /next}. */
    Exchange takeParked() throws InterruptedException {
        return poll(parked, "a waiting poll");
    }

    /** Waits until a worker that waited in {@code /next} has closed its connection. */
    Exchange takeAbandoned() throws InterruptedException {
        return poll(abandoned, "a closed poll");
    }

    /** Waits until the client has closed this connection. */
    void takeClosed(Socket socket) throws InterruptedException {
        poll(closed.computeIfAbsent(socket, s -> new LinkedBlockingQueue<>()), "the end of a connection");
    }

    static <T> T poll(BlockingQueue<T> queue, String what) throws InterruptedException {
        T found = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (found == null) {
            throw new AssertionError("waited in vain for " + what);
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private BlockingQueue<Exchange> finished(String path) {
        return finished.computeIfAbsent(path, p -> new LinkedBlockingQueue<>());
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            while (true) {
                Exchange exchange = Exchange.read(socket);
                requests.add(exchange.path());
                step(exchange).act(exchange);
                finished(exchange.path()).add(exchange);
            }
        } catch (EOFException e) {
            closed.computeIfAbsent(socket, s -> new LinkedBlockingQueue<>()).add("by the client");
        } catch (Exception e) {
            // broken by either side, as a script wanted
        }
    }

    private Step step(Exchange exchange) {
        synchronized (script) {
            Queue<Step> planned = script.get(exchange.path());
            if (planned != null && !planned.isEmpty()) {
                return planned.remove();
            }
        }
        return switch (exchange.path()) {
            case NEXT -> this::park;
            case REGISTER -> replying(answer(200, "Lambda-Extension-Identifier: e-1\r\n", "{}"));
            case EVENT_NEXT -> Exchange::awaitEnd;
            default -> replying(answer(202, "Content-Type: application/json\r\n", "{\"status\":\"OK\"}"));
        };
    }

    /** Waits for something to be planned for {@code /next}, or for the client to leave. */
    private void park(Exchange exchange) throws Exception {
        parked.add(exchange);
        while (true) {
            synchronized (script) {
                Queue<Step> planned = script.get(NEXT);
                if (planned != null && !planned.isEmpty()) {
                    break;
                }
            }
            if (exchange.clientHasLeft(2)) {
                abandoned.add(exchange);
                throw new IOException("the client left");
            }
        }
        step(exchange).act(exchange);
    }
}
