package dev.heddle.graph.channel;

import dev.heddle.tree.Codec;
import java.util.List;

/** Keeps a value for one superstep. Source: LangGraph {@code ephemeral_value.py}, {@code any_value.py}. */
final class EphemeralChannel<T> extends ValueChannel<T> {
    private final boolean guarded;

    EphemeralChannel(String name, Codec<T> codec, boolean guarded) {
        super(name, codec);
        this.guarded = guarded;
    }

    @Override
    public boolean update(List<?> writes) {
        if (guarded) {
            atMostOne(writes, "Let one node write it, or use Key.reduced.");
        }
        set(typed(writes.getLast()));
        return true;
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
        return into(new EphemeralChannel<>(name, codec, guarded));
    }
}
