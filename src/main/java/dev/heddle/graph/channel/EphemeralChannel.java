package dev.heddle.graph.channel;

import dev.heddle.graph.types.ChannelKind;
import dev.heddle.graph.types.GraphException;
import dev.heddle.tree.Codec;
import java.util.List;

/** Keeps a value for one superstep. Source: LangGraph {@code ephemeral_value.py}. */
final class EphemeralChannel<T> extends Channel<T> {
    private final ChannelKind.Ephemeral<T> kind;

    EphemeralChannel(String name, Codec<T> codec, ChannelKind.Ephemeral<T> kind) {
        super(name, codec);
        this.kind = kind;
    }

    @Override
    public void update(List<T> writes) {
        if (kind.guarded() && writes.size() > 1) {
            throw new GraphException.InvalidUpdate(
                    name,
                    "too many writes in one superstep, expected at most 1, got " + writes.size()
                            + ". Let one node write it, or use Key.reduced.");
        }
        set(writes.getLast());
    }

    @Override
    public boolean pass() {
        boolean changed = !empty();
        set(null);
        return changed;
    }

    @Override
    public boolean forgetful() {
        return true;
    }

    @Override
    public Channel<T> copy() {
        return into(new EphemeralChannel<>(name, codec(), kind));
    }
}
