package dev.heddle.graph.types;

import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a node wrote, for the next time it gets the same input.
 *
 * @param key what of the input counts, as text; null for all of it
 * @param ttl how long it is kept; null for as long as the cache likes
 */
public record CachePolicy(
        @Nullable Function<State, String> key, @Nullable Duration ttl) {
    public CachePolicy {
        if (ttl != null && !ttl.isPositive()) {
            throw new GraphException.InvalidGraph("CachePolicy 'ttl': bad duration, expected more than 0, got " + ttl
                    + ". Leave it out for no limit.");
        }
    }

    /** Everything of the input counts, for as long as the cache likes. */
    public static final CachePolicy DEFAULT = new CachePolicy(null, null);

    /** Everything of the input counts, for so long. */
    public static CachePolicy of(Duration ttl) {
        return new CachePolicy(null, ttl);
    }
}
