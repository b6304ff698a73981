package dev.heddle.graph.types;

import java.util.ArrayList;
import java.util.List;

/**
 * What a node wants written: keys with values, in order. A key may come twice where its kind allows it. Immutable.
 *
 * <pre>{@code return Update.of(ANSWER, "42").and(TRIES, 3);}</pre>
 */
public final class Update implements NodeResult {
    /** Writes nothing; the node's edges fire all the same. */
    public static final Update NONE = new Update(List.of());

    private final List<Entry<?>> entries;

    private Update(List<Entry<?>> entries) {
        this.entries = List.copyOf(entries);
    }

    /** One write. */
    public static <T> Update of(Key<T> key, T value) {
        return new Update(List.of(new Entry<>(key, value)));
    }

    /** These writes and one more. */
    public <T> Update and(Key<T> key, T value) {
        List<Entry<?>> more = new ArrayList<>(entries);
        more.add(new Entry<>(key, value));
        return new Update(more);
    }

    /** The writes, in order. */
    public List<Entry<?>> entries() {
        return entries;
    }

    /** One write: a key and what is written to it. */
    public record Entry<T>(Key<T> key, T value) {}
}
