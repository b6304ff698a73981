package dev.heddle.graph.channel;

import dev.heddle.tree.Codec;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last of many writes out of sight until the run would end. A checkpoint holds {@code [value, finished]}. Source:
 * LangGraph {@code last_value.py}, {@code LastValueAfterFinish}.
 */
final class AfterFinishChannel<T> extends ValueChannel<T> {
    private boolean finished;

    AfterFinishChannel(String name, Codec<T> codec) {
        super(name, codec);
    }

    @Override
    public boolean update(List<?> writes) {
        finished = false;
        set(typed(writes.getLast()));
        return true;
    }

    @Override
    public boolean consume() {
        if (!finished) {
            return false;
        }
        finished = false;
        set(null);
        return true;
    }

    @Override
    public boolean finish() {
        if (finished || super.empty()) {
            return false;
        }
        finished = true;
        return true;
    }

    @Override
    public boolean awaitsFinish() {
        return true;
    }

    @Override
    public boolean empty() {
        return !finished || super.empty();
    }

    @Override
    public @Nullable T peek() {
        return finished ? super.peek() : null;
    }

    @Override
    public @Nullable Tree tree() {
        return finished ? held() : null;
    }

    @Override
    public @Nullable Tree checkpoint() {
        Tree value = held();
        return value == null ? null : Tree.of(List.of(value, Tree.of(finished)));
    }

    @Override
    public void restore(Tree tree) {
        List<Tree> parts = Codecs.items(tree, "Channel '" + name + "'");
        super.restore(parts.get(0));
        finished = Codecs.BOOL.decode(parts.get(1));
    }

    @Override
    public Channel<T> copy() {
        AfterFinishChannel<T> copy = into(new AfterFinishChannel<>(name, codec));
        copy.finished = finished;
        return copy;
    }
}
