package dev.heddle.graph.types;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long one attempt of a node may take. What it writes after that is dropped.
 *
 * @param run from its beginning; null for no limit
 * @param idle since it last showed a sign of life; null for no limit
 * @param signs what counts as a sign of life
 */
public record TimeoutPolicy(
        @Nullable Duration run, @Nullable Duration idle, Signs signs) {
    /** What keeps an idle time from running out. */
    public enum Signs {
        /** Anything the node does through its context. */
        ANY,
        /** Only {@link NodeContext#heartbeat()}. */
        HEARTBEAT
    }

    public TimeoutPolicy {
        positive("run", run);
        positive("idle", idle);
    }

    /** A limit from its beginning. */
    public static TimeoutPolicy of(Duration run) {
        return new TimeoutPolicy(run, null, Signs.ANY);
    }

    /** A limit since the last sign of life. */
    public static TimeoutPolicy idle(Duration idle) {
        return new TimeoutPolicy(null, idle, Signs.ANY);
    }

    private static void positive(String what, @Nullable Duration duration) {
        if (duration != null && !duration.isPositive()) {
            throw new GraphException.InvalidGraph("TimeoutPolicy '" + what
                    + "': bad duration, expected more than 0, got " + duration + ". Leave it out for no limit.");
        }
    }
}
