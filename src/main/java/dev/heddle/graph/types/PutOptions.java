package dev.heddle.graph.types;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an item is kept and found.
 *
 * <pre>{@code
 * store.put(NOTES, "k", value, PutOptions.DEFAULT.lasting(Duration.ofDays(30)).indexing("title", "tags[*]"));
 * }</pre>
 *
 * @param timeToLive how long the item is kept after its last write or refreshing read, above 0 and at most
 *     {@value #MAX_DAYS} days; {@link #FOREVER} without end; null as the store is set
 * @param index what a search by text compares, see {@link #indexing}; empty for nothing; null as the store is set
 */
public record PutOptions(
        @Nullable Duration timeToLive, @Nullable List<String> index) {
    /** The item never expires, whatever the store is set to. */
    public static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    /** As the store is set. */
    public static final PutOptions DEFAULT = new PutOptions(null, null);

    /** About 100 years; who needs more wants {@link #FOREVER}. */
    public static final int MAX_DAYS = 36_500;

    public PutOptions {
        if (timeToLive != null) {
            requireTimeToLive(timeToLive);
        }
        index = index == null ? null : List.copyOf(index);
    }

    /** The same with this time to live. */
    public PutOptions lasting(Duration timeToLive) {
        return new PutOptions(timeToLive, index);
    }

    /**
     * The same with these paths into the value: all texts that stand there are embedded, each for itself.
     *
     * <pre>
     *   $           the whole value, as JSON with sorted keys
     *   a.b         the field b of the map in field a; a list or map is taken as JSON
     *   list[*].a   the field a of each element of the list
     *   list[0]     its first element, list[-1] its last
     * </pre>
     *
     * A path that leads nowhere, to null, to bytes or to blank text adds nothing.
     */
    public PutOptions indexing(String... paths) {
        return new PutOptions(timeToLive, List.of(paths));
    }

    /** The same, not found by text. */
    public PutOptions notIndexed() {
        return new PutOptions(timeToLive, List.of());
    }

    /**
     * Checks a time to live.
     *
     * @throws StoreException.InvalidItem if it is neither {@link #FOREVER} nor above 0 and at most {@link #MAX_DAYS}
     */
    public static void requireTimeToLive(Duration timeToLive) {
        boolean bounded = timeToLive.isPositive() && timeToLive.compareTo(Duration.ofDays(MAX_DAYS)) <= 0;
        if (!bounded && !timeToLive.equals(FOREVER)) {
            throw new StoreException.InvalidItem("Store: bad time to live, expected above 0 and at most " + MAX_DAYS
                    + " days, got " + timeToLive + ". Use PutOptions.FOREVER for no end.");
        }
    }
}
