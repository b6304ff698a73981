package dev.heddle.graph.types;

import dev.heddle.tree.CodecException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * How often and when a node that failed is tried again. Source: LangGraph {@code types.py}, {@code RetryPolicy}.
 *
 * @param initialDelay before the second attempt
 * @param factor by which each delay is longer than the one before, at least 1
 * @param maxDelay the longest delay, without jitter
 * @param maxAttempts how often the node runs at most, the first time included, at least 1
 * @param jitter whether up to a second is added to each delay
 * @param retryOn which failures are tried again
 */
public record RetryPolicy(
        Duration initialDelay,
        double factor,
        Duration maxDelay,
        int maxAttempts,
        boolean jitter,
        Predicate<Throwable> retryOn) {
    /** Half a second, doubled up to 128 s, three attempts, jitter, and what {@link #mayHeal} says. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(Duration.ofMillis(500), 2, Duration.ofSeconds(128), 3, true, RetryPolicy::mayHeal);

    public RetryPolicy {
        if (maxAttempts < 1 || factor < 1 || initialDelay.isNegative() || maxDelay.isNegative()) {
            throw new GraphException.InvalidGraph(
                    "RetryPolicy: bad numbers, expected at least 1 attempt, a factor of at "
                            + "least 1 and no negative delay, got " + maxAttempts + ", " + factor + ", " + initialDelay
                            + ", "
                            + maxDelay + ". Begin with RetryPolicy.DEFAULT.");
        }
    }

    /** The same with so many attempts. */
    public RetryPolicy attempts(int maxAttempts) {
        return new RetryPolicy(initialDelay, factor, maxDelay, maxAttempts, jitter, retryOn);
    }

    /** The same for these failures only. */
    public RetryPolicy on(Predicate<Throwable> retryOn) {
        return new RetryPolicy(initialDelay, factor, maxDelay, maxAttempts, jitter, retryOn);
    }

    /** The same for failures of these types only. */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final RetryPolicy on(Class<? extends Throwable>... types) {
        List<Class<? extends Throwable>> all = List.of(types);
        return on(failure -> all.stream().anyMatch(type -> type.isInstance(failure)));
    }

    /** The same with these delays. */
    public RetryPolicy delays(Duration initialDelay, double factor, Duration maxDelay) {
        return new RetryPolicy(initialDelay, factor, maxDelay, maxAttempts, jitter, retryOn);
    }

    /** The same without jitter. */
    public RetryPolicy withoutJitter() {
        return new RetryPolicy(initialDelay, factor, maxDelay, maxAttempts, false, retryOn);
    }

    /**
     * How long to wait.
     *
     * @param attempt the attempt that has failed, from 1
     */
    public Duration delayAfter(int attempt, RandomGenerator random) {
        double millis = Math.min(
                (double) initialDelay.toMillis() * Math.pow(factor, attempt - 1), (double) maxDelay.toMillis());
        return Duration.ofMillis((long) millis + (jitter ? random.nextLong(1_000) : 0));
    }

    /**
     * Whether a failure may pass by itself. Trouble of the network and unknown exceptions may; mistakes in the program
     * (a bad argument, cast, index, state, a null, arithmetic, a value of the wrong shape) and plain I/O errors do not. A
     * {@link Retryable} says so itself, and the failure of a subgraph is that of its node.
     */
    public static boolean mayHeal(Throwable failure) {
        return switch (failure) {
            case GraphException.NodeFailed nested -> nested.getCause() != null && mayHeal(nested.getCause());
            case Retryable known -> known.retryable();
            case CodecException _ -> false;
            case SocketException _ -> true;
            case InterruptedIOException _ -> true;
            case UnknownHostException _ -> true;
            case TimeoutException _ -> true;
            case IOException _ -> false;
            case IllegalArgumentException _ -> false;
            case IllegalStateException _ -> false;
            case ArithmeticException _ -> false;
            case ClassCastException _ -> false;
            case IndexOutOfBoundsException _ -> false;
            case NullPointerException _ -> false;
            case NoSuchElementException _ -> false;
            case UnsupportedOperationException _ -> false;
            case ReflectiveOperationException _ -> false;
            case InterruptedException _ -> false;
            case Error _ -> false;
            default -> true;
        };
    }
}
