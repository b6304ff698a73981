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
 * <p>A channel belongs to one run. Only the worker that drives the run changes it, on a copy: what others read stays as it
 * is while a superstep is applied. In between any number of workers may read.
 *
 * <p>Source: LangGraph {@code libs/langgraph/langgraph/channels/}.
 *
 * @param <T> the Java type of the value
 */
public abstract sealed class Channel<T> permits ValueChannel, BarrierChannel {
    /** For error messages. */
    protected final String name;

    Channel(String name) {
        this.name = name;
    }

    /** An empty channel (or one at its zero value) of a kind. */
    @SuppressWarnings("unchecked") // a barrier is a channel of trees, and T is Tree then
    public static <T> Channel<T> create(String name, Codec<T> codec, ChannelKind<T> kind) {
        // Each run asks for these. A process that never comes to the switch starts some milliseconds earlier.
        if (kind instanceof ChannelKind.LastValue<T>) {
            return new LastValueChannel<>(name, codec, LastValueChannel.Rule.LAST);
        }
        if (kind instanceof ChannelKind.Ephemeral<T> ephemeral) {
            return new EphemeralChannel<>(name, codec, ephemeral.guarded());
        }
        if (kind instanceof ChannelKind.Reduced<T> reduced) {
            return new ReducedChannel<>(name, codec, reduced);
        }
        if (kind instanceof ChannelKind.Topic<?> topic) {
            return (Channel<T>) topic(name, (Codec<List<Object>>) codec, topic);
        }
        return switch (kind) {
            case ChannelKind.LastValue<T> k -> new LastValueChannel<>(name, codec, LastValueChannel.Rule.LAST);
            case ChannelKind.Untracked<T> k ->
                new LastValueChannel<>(
                        name,
                        codec,
                        k.guarded() ? LastValueChannel.Rule.UNTRACKED_GUARDED : LastValueChannel.Rule.UNTRACKED);
            case ChannelKind.AnyValue<T> k -> new EphemeralChannel<>(name, codec, false);
            case ChannelKind.Ephemeral<T> k -> new EphemeralChannel<>(name, codec, k.guarded());
            case ChannelKind.LastValueAfterFinish<T> k -> new AfterFinishChannel<>(name, codec);
            case ChannelKind.Reduced<T> k -> new ReducedChannel<>(name, codec, k);
            case ChannelKind.Delta<T> k -> new DeltaChannel<>(name, codec, k);
            case ChannelKind.Topic<?> k -> (Channel<T>) topic(name, (Codec<List<Object>>) codec, k);
            case ChannelKind.NamedBarrier k -> (Channel<T>) new BarrierChannel(name, k);
        };
    }

    private static TopicChannel<Object> topic(String name, Codec<List<Object>> codec, ChannelKind.Topic<?> kind) {
        return new TopicChannel<>(name, codec, kind.accumulating(), kind.distinct());
    }

    /**
     * Takes all writes of one superstep in their order.
     *
     * @param writes at least one: values of the channel's type, or {@link Overwrite}s of such
     * @return whether that changed anything
     * @throws dev.heddle.graph.types.GraphException.InvalidUpdate if this kind does not take them
     */
    public abstract boolean update(List<?> writes);

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

    /**
     * The value has triggered a node.
     *
     * @return whether that has changed the value
     */
    public boolean consume() {
        return false;
    }

    /**
     * The run would end now.
     *
     * @return whether that has changed anything
     */
    public boolean finish() {
        return false;
    }

    /** Whether {@link #finish()} can ever change it. */
    public boolean awaitsFinish() {
        return false;
    }

    /** A channel of the same kind and content whose changes do not show in this one. */
    public abstract Channel<T> copy();

    /** Whether there is nothing to read. */
    public abstract boolean empty();

    /** The value; empty when there is nothing to read. */
    public final Optional<T> get() {
        return Optional.ofNullable(peek());
    }

    /** The value, or null when there is nothing to read. */
    public abstract @Nullable T peek();

    /** The value as a tree, for events and untyped readers; null when there is nothing to read. */
    public abstract @Nullable Tree tree();

    /** What a checkpoint holds of it; null for nothing. */
    public abstract @Nullable Tree checkpoint();

    /** Takes what {@link #checkpoint()} gave. */
    public abstract void restore(Tree tree);

    /** A write that replaces what is there. */
    public record Overwrite(Object value) {}
}
