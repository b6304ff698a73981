package dev.heddle.local.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * API Gateway and Lambda on one machine: HTTP in front, the real Runtime API behind, and the function's own processes in
 * between.
 *
 * <p>Every request becomes an event ({@link PayloadFormat}); the function's streamed reply is passed on piece by piece.
 * Limits and error replies are API Gateway's: a body over 10 MB or an event over 6 MB is 413, no answer in time 504, a
 * function that fails before the first byte 502; after it, the client's connection is closed without the end of the
 * body. The function is not told that a client left. Differences: a request waits for a free environment where Lambda
 * would start further ones; a buffered reply is accepted too; {@code x-amzn-requestid} is also Lambda's request id; the
 * API's path carries no stage.
 *
 * <p>Binds to loopback only. Safe for concurrent use. An open gateway ends its processes when the JVM ends.
 */
public final class LocalGateway implements AutoCloseable {

    /** The form of the event. */
    public enum PayloadFormat {
        /** 1.0, as of a REST API. */
        V1,
        /** 2.0, as of a function URL. */
        V2
    }

    /**
     * How the gateway and its function are set up; {@link #of} has the defaults.
     *
     * @param port 0 for a free one
     * @param command program and arguments of the function
     * @param environment variables for the function, over those that Lambda sets; nothing else is inherited but path and
     *     locale
     * @param environments how many function processes there may be at once; started on demand
     * @param concurrency requests that one process may have at once ({@code AWS_LAMBDA_MAX_CONCURRENCY})
     * @param timeout how long a request may take, from when the function gets it
     * @param idleTimeout how long a stream may be silent before its client is cut off
     * @param payloadFormat form of the event
     * @param lines takes what the function writes, and the gateway's own lines, which begin with {@code gateway:}; called
     *     from several threads
     */
    public record Options(
            int port,
            List<String> command,
            Map<String, String> environment,
            int environments,
            int concurrency,
            Duration timeout,
            Duration idleTimeout,
            PayloadFormat payloadFormat,
            Consumer<String> lines) {
        public Options {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
            if (environments < 1 || concurrency < 1) {
                throw new IllegalArgumentException("Options: bad size, expected at least 1 environment and 1 request"
                        + " in each, got " + environments + " and " + concurrency);
            }
        }

        /** A free port, 4 environments with one request each, 15 minutes, 5 minutes, format 1.0, lines to stdout. */
        public static Options of(List<String> command) {
            return new Options(
                    0,
                    command,
                    Map.of(),
                    4,
                    1,
                    Duration.ofMinutes(15),
                    Duration.ofMinutes(5),
                    PayloadFormat.V1,
                    System.out::println);
        }

        /** With this port. */
        public Options withPort(int value) {
            return new Options(
                    value, command, environment, environments, concurrency, timeout, idleTimeout, payloadFormat, lines);
        }

        /** With these variables instead. */
        public Options withEnvironment(Map<String, String> value) {
            return new Options(
                    port, command, value, environments, concurrency, timeout, idleTimeout, payloadFormat, lines);
        }

        /** With so many processes at most, and so many requests at once in each. */
        public Options withCapacity(int processes, int requestsInEach) {
            return new Options(
                    port, command, environment, processes, requestsInEach, timeout, idleTimeout, payloadFormat, lines);
        }

        /** With this time for a request. */
        public Options withTimeout(Duration value) {
            return new Options(
                    port, command, environment, environments, concurrency, value, idleTimeout, payloadFormat, lines);
        }

        /** With this patience for silent streams. */
        public Options withIdleTimeout(Duration value) {
            return new Options(
                    port, command, environment, environments, concurrency, timeout, value, payloadFormat, lines);
        }

        /** With this form of event. */
        public Options withPayloadFormat(PayloadFormat value) {
            return new Options(
                    port, command, environment, environments, concurrency, timeout, idleTimeout, value, lines);
        }

        /** With this taker of lines. */
        public Options withLines(Consumer<String> value) {
            return new Options(
                    port, command, environment, environments, concurrency, timeout, idleTimeout, payloadFormat, value);
        }
    }

    private final ServerSocket server;
    private final EnvironmentPool pool;
    private final ClientHandler handler;
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private final Thread endWithJvm = new Thread(this::end, "end of the local gateway");

    private LocalGateway(Options options) throws IOException {
        this.server = new ServerSocket(options.port(), 128, InetAddress.getLoopbackAddress());
        this.pool = new EnvironmentPool(options);
        this.handler = new ClientHandler(options, pool);
    }

    /**
     * Opens the port; the function is started by the first request, or by {@link #warmUp}.
     *
     * @throws java.net.BindException if the port is in use
     */
    public static LocalGateway start(Options options) throws IOException {
        LocalGateway gateway = new LocalGateway(options);
        Runtime.getRuntime().addShutdownHook(gateway.endWithJvm);
        Thread.startVirtualThread(gateway::accept);
        return gateway;
    }

    /** Where it listens, without a slash at the end. */
    public URI url() {
        return URI.create("http://localhost:" + server.getLocalPort());
    }

    /**
     * Starts a function process ahead of the first request.
     *
     * @return from process start to its first question for an event
     * @throws FunctionStartException if it ended before that, three times in a row
     * @throws TimeoutException if it did not ask within the time of a request
     */
    public Duration warmUp() throws FunctionStartException, TimeoutException, InterruptedException {
        return pool.warm().firstNextAfter().orElseThrow();
    }

    /** From process start to first question for an event, of the process started last; empty when none got there. */
    public Optional<Duration> firstNextAfter() {
        return pool.latest().flatMap(ExecutionEnvironment::firstNextAfter);
    }

    /** The ids of the function's processes. */
    public List<Long> processes() {
        return pool.alive().stream().map(ExecutionEnvironment::pid).toList();
    }

    /**
     * Kills the process that has the request of that {@code x-amzn-requestid}, and returns when it has ended.
     *
     * @return whether there was one
     */
    public boolean killFunction(String requestId) {
        Optional<ExecutionEnvironment> holder = pool.alive().stream()
                .filter(environment -> environment.holds(requestId))
                .findFirst();
        holder.ifPresent(ExecutionEnvironment::kill);
        return holder.isPresent();
    }

    /** Kills all processes of the function, and returns when they have ended. */
    public void killFunctions() {
        pool.alive().forEach(ExecutionEnvironment::kill);
    }

    /** Closes the port and all connections and ends the function's processes. */
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(endWithJvm);
        } catch (IllegalStateException endingAlready) {
            // then the hook has done or does the same
        }
    }

    private void end() {
        try {
            server.close();
        } catch (IOException e) {
            // it is closed
        }
        pool.close();
        connections.forEach(HttpConnection::close);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                HttpConnection connection = new HttpConnection(socket);
                connections.add(connection);
                Thread.startVirtualThread(() -> {
                    try (connection) {
                        handler.serve(connection);
                    } finally {
                        connections.remove(connection);
                    }
                });
            } catch (IOException e) {
                // The server is closed, or this one connection failed.
            }
        }
    }
}
