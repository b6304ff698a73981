package dev.heddle.graph.channel;

import dev.heddle.tree.Codec;
import dev.heddle.tree.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one value until it is written again; in its untracked forms outside of checkpoints. Source: LangGraph {@code
 * last_value.py}, {@code untracked_value.py}.
 */
final class LastValueChannel<T> extends ValueChannel<T> {
    private final Rule rule;

    enum Rule {
        LAST,
        UNTRACKED_GUARDED,
        UNTRACKED
    }

    LastValueChannel(String name, Codec<T> codec, Rule rule) {
        super(name, codec);
        this.rule = rule;
    }

    @Override
    public boolean update(List<?> writes) {
        if (rule != Rule.UNTRACKED) {
            atMostOne(writes, "Use Key.reduced to combine them.");
        }
        set(typed(writes.getLast()));
        return true;
    }

    @Override
    public @Nullable Tree checkpoint() {
        return rule == Rule.LAST ? super.checkpoint() : null;
    }

    @Override
    public Channel<T> copy() {
        return into(new LastValueChannel<>(name, codec, rule));
    }
}
