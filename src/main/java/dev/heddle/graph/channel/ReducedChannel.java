package dev.heddle.graph.channel;

import dev.heddle.graph.types.ChannelKind;
import dev.heddle.tree.Codec;
import java.util.List;

/**
 * Folds writes into its value from the left; an overwrite is all that counts of its superstep. Source: LangGraph {@code
 * binop.py}.
 */
final class ReducedChannel<T> extends ValueChannel<T> {
    private final ChannelKind.Reduced<T> kind;

    ReducedChannel(String name, Codec<T> codec, ChannelKind.Reduced<T> kind) {
        super(name, codec);
        this.kind = kind;
        set(kind.zero());
    }

    @Override
    public boolean update(List<?> writes) {
        Overwrite overwrite = overwrite(writes);
        if (overwrite != null) {
            set(typed(overwrite.value()));
            return true;
        }
        T result = peek();
        for (Object write : writes) {
            result = result == null ? typed(write) : kind.reducer().apply(result, typed(write));
        }
        set(result);
        return true;
    }

    @Override
    public Channel<T> copy() {
        return into(new ReducedChannel<>(name, codec, kind));
    }
}
