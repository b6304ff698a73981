package dev.heddle.graph.channel;

import dev.heddle.graph.types.ChannelKind;
import dev.heddle.tree.Codec;
import java.util.List;

/** Folds writes into its value from the left. Source: LangGraph {@code binop.py}. */
final class ReducedChannel<T> extends Channel<T> {
    private final ChannelKind.Reduced<T> kind;

    ReducedChannel(String name, Codec<T> codec, ChannelKind.Reduced<T> kind) {
        super(name, codec);
        this.kind = kind;
        set(kind.zero());
    }

    @Override
    public void update(List<T> writes) {
        T result = peek();
        for (T write : writes) {
            result = result == null ? write : kind.reducer().apply(result, write);
        }
        set(result);
    }

    @Override
    public Channel<T> copy() {
        return into(new ReducedChannel<>(name, codec(), kind));
    }
}
