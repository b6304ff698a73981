package dev.heddle.graph.channel;

import dev.heddle.graph.types.ChannelKind;
import dev.heddle.tree.Codec;
import dev.heddle.tree.Tree;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds one value of a run and says how writes change it.
 *
 * <p>A channel belongs to one run. Only the worker that drives the run calls {@link #update}; in between any number of
 * workers may read. Values are kept as they came: a value read from a checkpoint stays a {@link Tree} until somebody asks
 * for it, so that what a run does not touch costs nothing.
 *
 * <p>Source: LangGraph {@code libs/langgraph/langgraph/channels/}.
 *
 * @param <T> the Java type of the value
 */
public abstract sealed class Channel<T> permits LastValueChannel, ReducedChannel, EphemeralChannel {
    /** For error messages. */
    protected final String name;

    private final Codec<T> codec;
    private volatile @Nullable T value;
    private volatile @Nullable Tree stored;

    Channel(String name, Codec<T> codec) {
        this.name = name;
        this.codec = codec;
    }

    /** An empty channel (or one at its zero value) of a kind. */
    public static <T> Channel<T> create(String name, Codec<T> codec, ChannelKind<T> kind) {
        return switch (kind) {
            case ChannelKind.LastValue<T> k -> new LastValueChannel<>(name, codec);
            case ChannelKind.Reduced<T> k -> new ReducedChannel<>(name, codec, k);
            case ChannelKind.Ephemeral<T> k -> new EphemeralChannel<>(name, codec, k);
        };
    }

    /**
     * Takes all writes of one superstep in their order.
     *
     * @param writes at least one
     * @throws dev.heddle.graph.types.GraphException.InvalidUpdate if this kind does not take them
     */
    public abstract void update(List<T> writes);

    /**
     * A superstep has passed without a write. Called only where {@link #forgetful()}.
     *
     * @return whether that has changed the value
     */
    public boolean pass() {
        return false;
    }

    /** Whether a superstep without a write empties this channel. */
    public boolean forgetful() {
        return false;
    }

    /** A channel of the same kind and content whose changes do not show in this one. */
    public abstract Channel<T> copy();

    /** Whether there is nothing to read. */
    public final boolean empty() {
        return value == null && stored == null;
    }

    /** The value; empty when nothing was written. */
    public final Optional<T> get() {
        return Optional.ofNullable(peek());
    }

    /** The value as it is kept; null when there is none. */
    public final @Nullable Tree checkpoint() {
        Tree tree = stored;
        if (tree == null) {
            T current = value;
            tree = current == null ? null : codec.encode(current);
        }
        return tree;
    }

    /** Takes a value that {@link #checkpoint()} gave. */
    public final void restore(Tree tree) {
        stored = tree;
        value = null;
    }

    /** The value, or null when nothing was written. */
    protected final @Nullable T peek() {
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

    /** Sets or, with null, empties it. */
    protected final void set(@Nullable T newValue) {
        value = newValue;
        stored = null;
    }

    /** Gives a copy this channel's content. */
    protected final Channel<T> into(Channel<T> copy) {
        copy.value = value;
        copy.stored = stored;
        return copy;
    }

    /** Gives the codec to a copy. */
    protected final Codec<T> codec() {
        return codec;
    }
}
