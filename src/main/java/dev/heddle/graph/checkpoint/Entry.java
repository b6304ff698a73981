package dev.heddle.graph.checkpoint;

import dev.heddle.graph.types.CheckpointRef;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One checkpoint in memory: what it changed, linked to its parent, from which the rest comes.
 *
 * <p>Now and then one holds its content whole, so that none is far from a whole one: when the changes since the last one
 * outweigh it. What that costs is paid by those changes, and reading costs no more than the content's size. Guarded by the
 * lock of its thread.
 */
final class Entry {
    /** So many changes are cheaper to apply when somebody reads than to avoid. */
    private static final int CHEAP_CHANGES = 256;
    /** A whole content is worth so many times its size in changes. */
    private static final int CHANGES_PER_CONTENT = 4;

    private final NewCheckpoint stored;
    private @Nullable String parentId;
    /** The parent, when {@link #whole} does not say everything already. */
    private @Nullable Entry base;

    private @Nullable Content whole;
    private final int changes;
    private final int wholeSize;
    private @Nullable Pending pending;

    Entry(NewCheckpoint stored, @Nullable Entry parent, @Nullable Pending pending) {
        this.stored = stored;
        this.parentId = stored.parentId();
        this.base = parent;
        this.pending = pending;
        int since = Content.size(stored.changes()) + (parent == null ? 0 : parent.changes);
        int last = parent == null ? 0 : parent.wholeSize;
        if (since > Math.max(CHEAP_CHANGES, CHANGES_PER_CONTENT * last)) {
            Content content = content(stored, parent);
            this.whole = content;
            this.base = null;
            this.changes = 0;
            this.wholeSize = content.size();
        } else {
            this.changes = since;
            this.wholeSize = last;
        }
    }

    private Entry(Entry other, @Nullable Entry base) {
        this.stored = other.stored;
        this.parentId = other.parentId;
        this.base = base;
        this.whole = other.whole;
        this.changes = other.changes;
        this.wholeSize = other.wholeSize;
        this.pending = other.pending == null ? null : other.pending.copy();
    }

    /** The same for another thread; {@code base} is the other thread's form of {@link #base}. */
    Entry copy(@Nullable Entry base) {
        return new Entry(this, base);
    }

    String id() {
        return stored.id();
    }

    NewCheckpoint stored() {
        return stored;
    }

    @Nullable
    String parentId() {
        return parentId;
    }

    @Nullable
    Entry base() {
        return base;
    }

    /** Needs no other entry any more. */
    void hangFrom(@Nullable String newParentId) {
        whole = content();
        base = null;
        parentId = newParentId;
    }

    void add(String taskId, List<PendingWrite> writes) {
        Pending existing = pending;
        if (existing == null) {
            existing = new Pending();
            pending = existing;
        }
        existing.add(taskId, writes);
    }

    SavedCheckpoint saved(String threadId) {
        Content content = content();
        return new SavedCheckpoint(
                new CheckpointRef(threadId, stored.ref().namespace(), stored.id()),
                parentId,
                content.checkpoint(stored),
                stored.metadata(),
                content.values(),
                content.deltas(),
                pending == null ? List.of() : pending.all());
    }

    private Content content() {
        return whole == null ? content(stored, base) : whole;
    }

    private static Content content(NewCheckpoint last, @Nullable Entry parent) {
        Deque<NewCheckpoint> later = new ArrayDeque<>();
        later.push(last);
        Entry at = parent;
        while (at != null && at.whole == null) {
            later.push(at.stored);
            at = at.base;
        }
        Content content = new Content(at == null ? null : at.whole);
        later.forEach(checkpoint -> content.apply(checkpoint.changes()));
        return content;
    }
}
