package dev.heddle.graph.channel;

import dev.heddle.tree.Codec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The elements of all lists that were written, for one superstep or for good; in its distinct form each once. Source:
 * LangGraph {@code topic.py}.
 */
final class TopicChannel<E> extends ValueChannel<List<E>> {
    private final boolean accumulating;
    private final boolean distinct;

    TopicChannel(String name, Codec<List<E>> codec, boolean accumulating, boolean distinct) {
        super(name, codec);
        this.accumulating = accumulating;
        this.distinct = distinct;
    }

    @Override
    public boolean update(List<?> writes) {
        List<E> before = peek();
        List<E> elements = new ArrayList<>();
        if (accumulating && before != null) {
            elements.addAll(before);
        }
        for (Object write : writes) {
            elements.addAll(typed(write));
        }
        if (distinct) {
            Set<E> each = new LinkedHashSet<>(elements);
            elements = new ArrayList<>(each);
        }
        set(elements.isEmpty() ? null : List.copyOf(elements));
        return !accumulating || !elements.equals(before == null ? List.of() : before);
    }

    @Override
    public boolean pass() {
        boolean changed = !empty();
        set(null);
        return changed;
    }

    @Override
    public boolean forgetful() {
        return !accumulating;
    }

    @Override
    public Channel<List<E>> copy() {
        return into(new TopicChannel<>(name, codec, accumulating, distinct));
    }
}
