package dev.heddle.graph.channel;

import dev.heddle.graph.types.GraphException;
import dev.heddle.tree.Codec;
import dev.heddle.tree.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A channel that holds one value. It is kept as it came: what a checkpoint gave stays a {@link Tree} until somebody asks
 * for it, so that what a run does not touch costs nothing.
 */
abstract sealed class ValueChannel<T> extends Channel<T>
        permits LastValueChannel, EphemeralChannel, AfterFinishChannel, ReducedChannel, DeltaChannel, TopicChannel {
    final Codec<T> codec;
    private volatile @Nullable T value;
    private volatile @Nullable Tree stored;

    ValueChannel(String name, Codec<T> codec) {
        super(name);
        this.codec = codec;
    }

    @Override
    public boolean empty() {
        return value == null && stored == null;
    }

    @Override
    public @Nullable T peek() {
        T current = value;
        if (current == null) {
            Tree tree = stored;
            if (tree != null) {
                // Two workers may both decode; either result will do.
                current = codec.decode(tree);
                value = current;
            }
        }
        return current;
    }

    @Override
    public @Nullable Tree tree() {
        return held();
    }

    @Override
    public @Nullable Tree checkpoint() {
        return held();
    }

    @Override
    public void restore(Tree tree) {
        stored = tree;
        value = null;
    }

    /** The value as a tree, whether it may be read or not. */
    final @Nullable Tree held() {
        Tree tree = stored;
        if (tree == null) {
            T current = value;
            if (current != null) {
                tree = codec.encode(current);
                stored = tree;
            }
        }
        return tree;
    }

    /** Sets or, with null, empties it. */
    final void set(@Nullable T newValue) {
        value = newValue;
        stored = null;
    }

    /** Gives a copy this channel's content. */
    final <C extends ValueChannel<T>> C into(C copy) {
        ValueChannel<T> target = copy;
        target.value = value;
        target.stored = stored;
        return copy;
    }

    @SuppressWarnings("unchecked") // writes are made from typed updates, for the channel that was made for their key
    final T typed(Object write) {
        return (T) write;
    }

    final void atMostOne(List<?> writes, String instead) {
        if (writes.size() > 1) {
            throw new GraphException.InvalidUpdate(
                    name,
                    "too many writes in one superstep, expected at most 1, got " + writes.size() + ". " + instead);
        }
    }

    /**
     * The value that replaces what is there, when one of the writes says so.
     *
     * @return null when none does
     */
    final @Nullable Overwrite overwrite(List<?> writes) {
        Overwrite found = null;
        for (Object write : writes) {
            if (write instanceof Overwrite overwrite) {
                if (found != null) {
                    throw new GraphException.InvalidUpdate(
                            name,
                            "too many overwrites in one superstep, expected at most 1, got 2 or more. Let one node "
                                    + "replace the value.");
                }
                found = overwrite;
            }
        }
        return found;
    }
}
