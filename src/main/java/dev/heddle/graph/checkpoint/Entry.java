package dev.heddle.graph.checkpoint;

import dev.heddle.graph.types.CheckpointRef;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One checkpoint in memory: what it changed, linked to its parent, from which the rest comes.
 *
 * <p>Who reads makes some of those on his way whole: where the changes since the last whole one outweigh it. So every
 * change is applied once by the first reader after it, and a few times by later ones, however long the thread. Guarded by
 * the lock of its thread.
 */
final class Entry {
    /** So many changes are cheaper to apply again than to avoid. */
    private static final int CHEAP_CHANGES = 256;
    /** A whole content is worth so many times its size in changes. */
    private static final int CHANGES_PER_CONTENT = 4;

    private final NewCheckpoint stored;
    private @Nullable String parentId;
    /** The parent, when {@link #whole} does not say everything already. */
    private @Nullable Entry base;

    private @Nullable Content whole;
    private @Nullable Pending pending;

    Entry(NewCheckpoint stored, @Nullable Entry parent, @Nullable Pending pending) {
        this.stored = stored;
        this.parentId = stored.parentId();
        this.base = parent;
        this.pending = pending;
    }

    /** The same for another thread; {@code otherBase} is the other thread's form of {@link #base}. */
    Entry copy(@Nullable Entry otherBase) {
        Entry copy = new Entry(stored, otherBase, pending == null ? null : pending.copy());
        copy.parentId = parentId;
        copy.whole = whole;
        return copy;
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
        keep(content());
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

    private void keep(Content content) {
        whole = content;
        base = null;
    }

    private Content content() {
        Deque<Entry> later = new ArrayDeque<>();
        Entry at = this;
        while (at != null && at.whole == null) {
            later.push(at);
            at = at.base;
        }
        Content content = at == null ? null : at.whole;
        int size = content == null ? 0 : content.size();
        int changes = 0;
        boolean shared = true;
        for (Entry entry : later) {
            if (shared || content == null) {
                content = new Content(content);
                shared = false;
            }
            content.apply(entry.stored.changes());
            changes += Content.size(entry.stored.changes());
            if (changes > Math.max(CHEAP_CHANGES, CHANGES_PER_CONTENT * size)) {
                entry.keep(content);
                shared = true;
                size = content.size();
                changes = 0;
            }
        }
        return content == null ? new Content(null) : content;
    }
}
