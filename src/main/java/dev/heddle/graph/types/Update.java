package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node wants written, or what a run begins with: keys with values, in order. A key may come twice where its kind
 * allows it. Immutable.
 *
 * <pre>{@code return Update.of(ANSWER, "42").and(TRIES, 3);}</pre>
 */
public final class Update implements NodeResult, Input {
    /** Writes nothing; the node's edges fire all the same. */
    public static final Update NONE = new Update(List.of());

    private final List<Entry> entries;

    private Update(List<Entry> entries) {
        this.entries = entries;
    }

    /** One write. */
    public static <T> Update of(Key<T> key, T value) {
        return new Update(List.of(new Write<>(key, value, false)));
    }

    /** Writes by name, as trees: what came over a wire, or from another graph. Names that are no keys are dropped. */
    public static Update of(Tree.Fields values) {
        List<Entry> entries = new ArrayList<>();
        values.fields().forEach((name, value) -> entries.add(new Named(name, value)));
        return new Update(List.copyOf(entries));
    }

    /**
     * Replaces the value of a key that otherwise combines writes; ordinary writes of the same superstep vanish. Two in
     * one superstep are an error.
     */
    public static <T> Update overwrite(Key<T> key, T value) {
        return new Update(List.of(new Write<>(key, value, true)));
    }

    /** These writes and one more. */
    public <T> Update and(Key<T> key, T value) {
        return and(new Update(List.of(new Write<>(key, value, false))));
    }

    /** These writes and then those. */
    public Update and(Update more) {
        List<Entry> all = new ArrayList<>(entries);
        all.addAll(more.entries);
        return new Update(List.copyOf(all));
    }

    /** The writes, in order. */
    public List<Entry> entries() {
        return entries;
    }

    /** One write. */
    public sealed interface Entry {
        /** The name of the key. */
        String name();
    }

    /**
     * A typed write.
     *
     * @param overwriting whether it replaces what is there; see {@link #overwrite}
     */
    public record Write<T>(Key<T> key, T value, boolean overwriting) implements Entry {
        public Write {
            if (value == null) {
                throw new GraphException.BadInput("Update of key '" + key.name()
                        + "': no value, expected one of the key's type, got null. Leave the write out, or use a key of an "
                        + "Optional (Codecs.optional).");
            }
        }

        @Override
        public String name() {
            return key.name();
        }
    }

    /**
     * A write by name. {@code {"__overwrite__": v}} and {@code {"type": "__overwrite__", "value": v}} replace the value of
     * a key that otherwise combines writes.
     */
    public record Named(String name, Tree value) implements Entry {}
}
