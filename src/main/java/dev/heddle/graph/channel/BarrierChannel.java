package dev.heddle.graph.channel;

import dev.heddle.graph.types.ChannelKind;
import dev.heddle.graph.types.GraphException;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Waits for each of its names. A checkpoint holds {@code [[names seen…], finished]}. Source: LangGraph {@code
 * named_barrier_value.py}.
 */
final class BarrierChannel extends Channel<Tree> {
    private final ChannelKind.NamedBarrier kind;
    /** Replaced, never changed: a copy may share it. */
    private Set<String> seen = Set.of();

    private boolean finished;

    BarrierChannel(String name, ChannelKind.NamedBarrier kind) {
        super(name);
        this.kind = kind;
    }

    @Override
    public boolean update(List<?> writes) {
        Set<String> now = new TreeSet<>(seen);
        for (Object write : writes) {
            String written = Codecs.text((Tree) write, "Channel '" + name + "'");
            if (!kind.names().contains(written)) {
                throw new GraphException.InvalidUpdate(
                        name, "foreign name, expected one of " + kind.names() + ", got another. Write one of those.");
            }
            now.add(written);
        }
        boolean changed = now.size() > seen.size();
        seen = now;
        return changed;
    }

    @Override
    public boolean consume() {
        if (empty()) {
            return false;
        }
        seen = Set.of();
        finished = false;
        return true;
    }

    @Override
    public boolean finish() {
        if (!kind.afterFinish() || finished || seen.size() < kind.names().size()) {
            return false;
        }
        finished = true;
        return true;
    }

    @Override
    public boolean awaitsFinish() {
        return kind.afterFinish();
    }

    @Override
    public boolean empty() {
        return seen.size() < kind.names().size() || (kind.afterFinish() && !finished);
    }

    @Override
    public @Nullable Tree peek() {
        return empty() ? null : Tree.NULL;
    }

    @Override
    public @Nullable Tree tree() {
        return peek();
    }

    @Override
    public @Nullable Tree checkpoint() {
        return seen.isEmpty()
                ? null
                : Tree.of(List.of(Tree.of(seen.stream().map(Tree::of).toList()), Tree.of(finished)));
    }

    @Override
    public void restore(Tree tree) {
        String where = "Channel '" + name + "'";
        List<Tree> parts = Codecs.items(tree, where);
        Set<String> names = new TreeSet<>();
        Codecs.items(parts.get(0), where).forEach(part -> names.add(Codecs.text(part, where)));
        seen = names;
        finished = Codecs.BOOL.decode(parts.get(1));
    }

    @Override
    public Channel<Tree> copy() {
        BarrierChannel copy = new BarrierChannel(name, kind);
        copy.seen = seen;
        copy.finished = finished;
        return copy;
    }
}
