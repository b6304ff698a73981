package dev.heddle.local.gateway;

import dev.heddle.local.gateway.Invocation.Piece;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The execution environments of one function: an invocation goes to one with a free place, else to a new one, and waits
 * when there are as many as allowed. (Lambda would start further ones, up to the account's limit, and then refuse.) A
 * place is free again as soon as the reply has ended. Safe for concurrent use.
 */
final class EnvironmentPool implements AutoCloseable, ExecutionEnvironment.Owner {
    private static final int START_ATTEMPTS = 3;

    private final LocalGateway.Options options;
    private final Object lock = new Object();
    /** Environment -> places in use; only those that are alive. */
    private final Map<ExecutionEnvironment, Integer> used = new LinkedHashMap<>();

    private @Nullable ExecutionEnvironment latest;
    private boolean closed;

    EnvironmentPool(LocalGateway.Options options) {
        this.options = options;
    }

    /** Brings an invocation to an environment, starting one if need be; settles it when that fails. */
    void dispatch(Invocation invocation) {
        try {
            ready(patienceEnds()).submit(invocation);
        } catch (FunctionStartException e) {
            options.lines().accept("gateway: request " + invocation.id() + ": " + e.getMessage());
            invocation.settle(new Piece.Failed(false, "function did not start"));
        } catch (TimeoutException e) {
            options.lines().accept("gateway: request " + invocation.id() + ": no execution environment in time");
            invocation.settle(new Piece.Failed(true, "no execution environment"));
        } catch (CancellationException e) {
            invocation.settle(new Piece.Failed(false, "the gateway ends"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            invocation.settle(new Piece.Failed(false, "the gateway ends"));
        }
    }

    /** Starts an environment when there is none with a free place, waits until it is ready, and leaves it idle. */
    ExecutionEnvironment warm() throws FunctionStartException, TimeoutException, InterruptedException {
        ExecutionEnvironment environment = ready(patienceEnds());
        released(environment);
        return environment;
    }

    /** Those that are alive. */
    List<ExecutionEnvironment> alive() {
        synchronized (lock) {
            return List.copyOf(used.keySet());
        }
    }

    /** The one that was started last. */
    Optional<ExecutionEnvironment> latest() {
        synchronized (lock) {
            return Optional.ofNullable(latest);
        }
    }

    /** Ends all environments, in parallel. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        List<Thread> closing = new ArrayList<>();
        for (ExecutionEnvironment environment : alive()) {
            closing.add(Thread.startVirtualThread(environment::close));
        }
        for (Thread thread : closing) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void dead(ExecutionEnvironment environment) {
        synchronized (lock) {
            used.remove(environment);
            lock.notifyAll();
        }
    }

    @Override
    public void released(ExecutionEnvironment environment) {
        synchronized (lock) {
            used.computeIfPresent(environment, (e, places) -> places - 1);
            lock.notifyAll();
        }
    }

    @Override
    public void notTaken(Invocation invocation) {
        Thread.startVirtualThread(() -> dispatch(invocation));
    }

    /** A start has time of its own, which does not count as the request's. */
    private long patienceEnds() {
        return System.nanoTime()
                + options.timeout().plus(ExecutionEnvironment.INIT_LIMIT).toNanos();
    }

    /** An environment that is ready, with a place kept in it. */
    private ExecutionEnvironment ready(long end) throws FunctionStartException, TimeoutException, InterruptedException {
        String last = "";
        for (int attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
            try {
                ExecutionEnvironment environment = place(end);
                try {
                    environment.awaitReady(Duration.ofNanos(end - System.nanoTime()));
                    return environment;
                } catch (TimeoutException e) {
                    environment.kill();
                    throw e;
                }
            } catch (FunctionStartException e) {
                if (e.reported()) {
                    throw e;
                }
                last = String.valueOf(e.getMessage());
            } catch (IOException e) {
                last = String.valueOf(e.getMessage());
            }
        }
        throw new FunctionStartException("function did not start, expected it to ask for an event, ended "
                + START_ATTEMPTS + " times in a row; last: " + last);
    }

    /** Keeps a place in an environment, which may be a new one that is still starting. */
    private ExecutionEnvironment place(long end) throws IOException, TimeoutException, InterruptedException {
        synchronized (lock) {
            while (true) {
                if (closed) {
                    throw new CancellationException("the gateway is closed");
                }
                for (Map.Entry<ExecutionEnvironment, Integer> entry : used.entrySet()) {
                    if (entry.getValue() < options.concurrency()) {
                        entry.setValue(entry.getValue() + 1);
                        return entry.getKey();
                    }
                }
                if (used.size() < options.environments()) {
                    // under the lock, so that whoever comes next finds its other places
                    ExecutionEnvironment started = ExecutionEnvironment.start(options, this);
                    if (!started.isDead()) {
                        used.put(started, 1);
                    }
                    latest = started;
                    return started;
                }
                long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
                if (left <= 0) {
                    throw new TimeoutException("no free execution environment");
                }
                lock.wait(left);
            }
        }
    }
}
