package dev.heddle.graph.channel;

import dev.heddle.graph.types.GraphException;
import dev.heddle.tree.Codec;
import java.util.List;

/** Keeps one value; two writes in one superstep are an error, even equal ones. Source: LangGraph {@code last_value.py}. */
final class LastValueChannel<T> extends Channel<T> {

    LastValueChannel(String name, Codec<T> codec) {
        super(name, codec);
    }

    @Override
    public void update(List<T> writes) {
        if (writes.size() > 1) {
            throw new GraphException.InvalidUpdate(
                    name,
                    "too many writes in one superstep, expected at most 1, got " + writes.size()
                            + ". Use Key.reduced to combine them.");
        }
        set(writes.getFirst());
    }

    @Override
    public Channel<T> copy() {
        return into(new LastValueChannel<>(name, codec()));
    }
}
