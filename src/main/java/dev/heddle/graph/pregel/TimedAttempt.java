package dev.heddle.graph.pregel;

import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.TimeoutPolicy;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One attempt with a time limit: it runs on a worker of its own, which is interrupted when the time is over. Who waited
 * goes on at once; an attempt that does not heed its interrupt is left behind, and nothing that it does counts.
 */
final class TimedAttempt<R> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final String node;
    private final TimeoutPolicy policy;
    private final TaskContext context;
    private long lastSign = System.nanoTime();
    private boolean ended;
    private @Nullable R result;
    private @Nullable Throwable thrown;

    TimedAttempt(String node, TimeoutPolicy policy, TaskContext context) {
        this.node = node;
        this.policy = policy;
        this.context = context;
    }

    /** Runs it. */
    @SuppressWarnings("NullAway") // without an exception the result is what the work gave
    R run(Callable<R> work) throws Exception {
        Runnable sign = this::sign;
        boolean any = policy.signs() == TimeoutPolicy.Signs.ANY;
        context.listen(any ? sign : () -> {}, sign);
        long begun = System.nanoTime();
        Thread worker = Thread.ofVirtual().name("timed-" + node).start(() -> end(work));
        lock.lock();
        try {
            while (!ended) {
                long left = left(begun);
                if (left <= 0) {
                    context.expire();
                    worker.interrupt();
                    throw expired(begun);
                }
                try {
                    changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    // The run is broken off: who does that interrupts the worker itself, and nobody is left behind.
                    while (!ended) {
                        changed.awaitUninterruptibly();
                    }
                    Thread.currentThread().interrupt();
                }
            }
            switch (thrown) {
                case null -> {
                    return result;
                }
                case Exception e -> throw e;
                case Error e -> throw e;
                case Throwable t -> throw new IllegalStateException(t);
            }
        } finally {
            lock.unlock();
        }
    }

    private void end(Callable<R> work) {
        R value = null;
        Throwable failure = null;
        try {
            value = work.call();
        } catch (Throwable t) { // handed to who waits
            failure = t;
        }
        lock.lock();
        try {
            result = value;
            thrown = failure;
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void sign() {
        lock.lock();
        try {
            lastSign = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    private long left(long begun) {
        return Math.min(left(policy.run(), begun), left(policy.idle(), lastSign));
    }

    private static long left(@Nullable Duration allowed, long since) {
        return allowed == null ? Long.MAX_VALUE : allowed.toNanos() - (System.nanoTime() - since);
    }

    private GraphException expired(long begun) {
        Duration run = policy.run();
        Duration idle = policy.idle();
        return (run != null && left(run, begun) <= 0) || idle == null
                ? new GraphException.NodeTimedOut(node, "run timeout", run == null ? Duration.ZERO : run)
                : new GraphException.NodeTimedOut(node, "idle timeout", idle);
    }
}
