package dev.heddle.graph.checkpoint;

import dev.heddle.tree.Tree;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was written to a channel, batch by batch, each linked to the one before it: a longer chain shares the shorter one.
 *
 * @param before the batches before this one; null for none
 * @param base the whole value before the first batch; null for none
 * @param batch the writes of one superstep, oldest first
 * @param length how many writes there are, those of {@code before} included
 */
record Chain(@Nullable Chain before, @Nullable Tree base, List<Tree> batch, int length) {

    /** Begins after a whole value, or after nothing. */
    static Chain after(@Nullable Tree base, List<Tree> batch) {
        return new Chain(null, base, batch, batch.size());
    }

    Chain and(List<Tree> more) {
        return new Chain(this, base, more, length + more.size());
    }

    SavedCheckpoint.Delta delta() {
        Deque<List<Tree>> batches = new ArrayDeque<>();
        for (Chain link = this; link != null; link = link.before) {
            batches.push(link.batch);
        }
        List<Tree> writes = new ArrayList<>(length);
        batches.forEach(writes::addAll);
        return new SavedCheckpoint.Delta(base, writes);
    }
}
