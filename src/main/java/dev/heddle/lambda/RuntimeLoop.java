package dev.heddle.lambda;

import dev.heddle.http.HttpReply;
import dev.heddle.http.HttpRequest;
import dev.heddle.observe.Observer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The function's main loop: asks Lambda's Runtime API for invocations and answers them, until it is stopped.
 *
 * <p>HTTP events (API Gateway REST, function URL) go to the handler and are answered streamed; schedules are answered
 * {@code {}}; everything else is refused with an error. What goes wrong with one invocation is noted and ends that
 * invocation only. Notes: {@code poll_failed}, {@code event_refused}, {@code handler_failed}, {@code response_refused},
 * {@code response_broken}, {@code extension_unavailable}, {@code grace_over}.
 *
 * <p>One object is for one {@link #run}. {@link #stop} may be called by any other thread, a shutdown hook for example.
 */
public final class RuntimeLoop implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RuntimeApi api;
    private final Config config;
    private final Observer observer;
    private final List<Worker> workers;
    private final AtomicInteger working;
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private final Object lock = new Object();
    private boolean started;
    private boolean stopping;

    /**
     * How to run.
     *
     * @param runtimeApi {@code host:port} of the Runtime API
     * @param concurrency how many invocations at once, 1 to 1000
     * @param grace how long {@link RuntimeLoop#stop} lets invocations in flight end; zero for not at all. Lambda kills
     *     500 ms after SIGTERM.
     */
    public record Config(String runtimeApi, int concurrency, Duration grace) {
        private static final Pattern AUTHORITY = Pattern.compile("[^\\s:/]+:[0-9]{1,5}|\\[[0-9A-Fa-f:.]+]:[0-9]{1,5}");
        private static final Duration DEFAULT_GRACE = Duration.ofMillis(400);

        public Config {
            if (!AUTHORITY.matcher(runtimeApi).matches() || !port(runtimeApi)) {
                throw new IllegalArgumentException("AWS_LAMBDA_RUNTIME_API: odd address, expected host:port, got '"
                        + runtimeApi + "'. Lambda sets it; on a laptop the local gateway does.");
            }
            if (concurrency < 1 || concurrency > 1000) {
                throw wrongConcurrency(String.valueOf(concurrency));
            }
            if (grace.isNegative()) {
                throw new IllegalArgumentException(
                        "Runtime loop: odd grace, expected zero or more, got " + grace + ". Give zero for none.");
            }
        }

        private static boolean port(String runtimeApi) {
            int port = Integer.parseInt(runtimeApi.substring(runtimeApi.lastIndexOf(':') + 1));
            return port >= 1 && port <= 65535;
        }

        /**
         * What Lambda's environment variables say: {@code AWS_LAMBDA_RUNTIME_API}, and {@code
         * AWS_LAMBDA_MAX_CONCURRENCY} (1 when it is not set).
         *
         * @throws IllegalArgumentException if the first is missing or one is odd
         */
        public static Config from(Map<String, String> environment) {
            String concurrency = environment.getOrDefault("AWS_LAMBDA_MAX_CONCURRENCY", "1");
            if (!concurrency.matches("[0-9]{1,4}")) {
                throw wrongConcurrency("'" + concurrency + "'");
            }
            return new Config(
                    environment.getOrDefault("AWS_LAMBDA_RUNTIME_API", ""),
                    Integer.parseInt(concurrency),
                    DEFAULT_GRACE);
        }

        private static IllegalArgumentException wrongConcurrency(String got) {
            return new IllegalArgumentException(
                    "AWS_LAMBDA_MAX_CONCURRENCY: odd number, expected 1 to 1000, got " + got + ". Leave it out for 1.");
        }
    }

    /**
     * Starts nothing yet.
     *
     * @param handler answers HTTP events; called by up to {@code concurrency} virtual threads at once
     * @param clock for deadlines that Lambda does not name
     */
    public RuntimeLoop(Config config, Function<HttpRequest, HttpReply> handler, Observer observer, Clock clock) {
        this(config, handler, observer, clock, PATIENCE, Thread::sleep);
    }

    RuntimeLoop(
            Config config,
            Function<HttpRequest, HttpReply> handler,
            Observer observer,
            Clock clock,
            Duration patience,
            Pause pause) {
        this.config = config;
        this.observer = observer;
        this.api = new RuntimeApi(config.runtimeApi(), patience, clock);
        this.working = new AtomicInteger(config.concurrency());
        Answering answering = new Answering(api, handler, observer);
        this.workers = IntStream.range(0, config.concurrency())
                .mapToObj(i -> new Worker("invocations-" + i, api, answering, observer, pause, this::ended))
                .toList();
    }

    /**
     * Polls and answers until {@link #stop}; then returns, when the invocations in flight have ended or the grace is
     * over. Interrupting the caller stops the loop without grace.
     *
     * @throws RuntimeApiException if ten attempts in a row brought no invocation, after the same grace
     * @throws IllegalStateException if it is called a second time
     */
    public void run() {
        synchronized (lock) {
            if (started) {
                throw new IllegalStateException(
                        "Runtime loop: already run, expected one run, got a second. Make another loop.");
            }
            started = true;
        }
        Thread extension = Extension.start(api, observer);
        try {
            synchronized (lock) {
                if (stopping) {
                    over.countDown();
                    return;
                }
                workers.forEach(Worker::start);
            }
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        } finally {
            extension.interrupt();
        }
        switch (failure.get()) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    /**
     * Takes no more invocations, and waits until those in flight have ended, for the greater part of the grace; then
     * interrupts them and gives them the rest to end their replies. Does nothing before {@link #run} and after the end.
     */
    public void stop() {
        synchronized (lock) {
            stopping = true;
            if (!started) {
                return;
            }
        }
        workers.forEach(Worker::stop);
        // Five parts to end by themselves, three to say that they could not.
        Duration own = config.grace().multipliedBy(5).dividedBy(8);
        if (!overWithin(own)) {
            observer.note(
                    "grace_over",
                    Map.of("in_flight", workers.stream().filter(Worker::busy).count()));
            workers.forEach(Worker::interrupt);
            if (!overWithin(config.grace().minus(own))) {
                over.countDown();
            }
        }
    }

    private boolean overWithin(Duration grace) {
        try {
            return over.await(grace.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The same as {@link #stop}. */
    @Override
    public void close() {
        stop();
    }

    private void ended(@Nullable Throwable reason) {
        if (reason != null) {
            failure.compareAndSet(null, reason);
        }
        if (working.decrementAndGet() == 0) {
            over.countDown();
        } else if (reason != null) {
            Thread.startVirtualThread(this::stop); // not here: stop waits for this worker too
        }
    }

    /**
     * Tells Lambda that the function cannot start, so that its log says why. A failure to tell is noted.
     *
     * @param type a stable code
     * @param message in the usual form, without secrets
     */
    public static void initError(Config config, Observer observer, String type, String message) {
        try {
            int status = new RuntimeApi(config.runtimeApi(), PATIENCE, Clock.systemUTC())
                    .failInit(new FunctionError(type, message));
            if (status != 202) {
                observer.note("init_error_refused", Map.of("code", type, "status", status));
            }
        } catch (IOException e) {
            observer.note(
                    "init_error_lost",
                    Map.of("code", type, "error", e.getClass().getName()));
        }
    }
}
