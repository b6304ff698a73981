package dev.heddle.graph.pregel;

import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Makes ids of checkpoints: UUIDs of version 7 (RFC 9562) that increase strictly along a thread, also as text, whatever
 * the clock says. All that one object makes increase strictly too: so the checkpoints of a subgraph in a run that was
 * broken off are older than those of the next run, even within a millisecond.
 *
 * <pre>48 bits milliseconds | 7 | 12 bits count within the millisecond | 10 | 62 bits random</pre>
 *
 * Safe for concurrent use when clock and random are.
 */
public final class CheckpointIds {
    private static final int COUNT_BITS = 12;

    private final Clock clock;
    private final RandomGenerator random;
    private final AtomicLong last = new AtomicLong();

    /** Ids by this clock and these random numbers. */
    public CheckpointIds(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** An id greater than {@code previous}; the empty text stands for no previous one. */
    public String next(String previous) {
        long stamp = clock.millis() << COUNT_BITS;
        if (!previous.isEmpty()) {
            stamp = Math.max(stamp, stampOf(UUID.fromString(previous)) + 1);
        }
        stamp = last.accumulateAndGet(stamp, (before, wanted) -> Math.max(before + 1, wanted));
        long high = (stamp >>> COUNT_BITS) << 16 | 0x7000L | (stamp & ((1L << COUNT_BITS) - 1));
        long low = random.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    private static long stampOf(UUID id) {
        long high = id.getMostSignificantBits();
        return (high >>> 16) << COUNT_BITS | (high & ((1L << COUNT_BITS) - 1));
    }
}
