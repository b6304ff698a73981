package dev.heddle.graph.checkpoint;

import dev.heddle.graph.types.CheckpointRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The checkpoints of one namespace of a thread in memory. Guarded by the lock of its thread. */
final class Line {
    /** By rising id. */
    private List<Entry> entries = new ArrayList<>();
    /** Writes that came before their checkpoint. */
    private final Map<String, Pending> early = new HashMap<>();

    /** A copy that shares nothing that can change. */
    Line copy() {
        Line copy = new Line();
        Map<Entry, Entry> copies = new HashMap<>();
        for (Entry entry : entries) {
            Entry base = entry.base();
            Entry copied = entry.copy(base == null ? null : copies.get(base));
            copies.put(entry, copied);
            copy.entries.add(copied);
        }
        early.forEach((id, pending) -> copy.early.put(id, pending.copy()));
        return copy;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    @Nullable
    Entry head() {
        return entries.isEmpty() ? null : entries.getLast();
    }

    /** The id of the latest; empty for none. */
    String headId() {
        return entries.isEmpty() ? "" : entries.getLast().id();
    }

    /** The one with this id; the latest when it is empty. */
    @Nullable
    Entry find(String id) {
        Entry head = head();
        if (head == null || id.isEmpty() || head.id().equals(id)) {
            return head;
        }
        int place = place(id);
        return place < entries.size() && entries.get(place).id().equals(id) ? entries.get(place) : null;
    }

    /** How many have a smaller id. */
    private int place(String id) {
        int from = 0;
        int to = entries.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (entries.get(middle).id().compareTo(id) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    List<SavedCheckpoint> history(String threadId, HistoryQuery query) {
        String before = query.before();
        List<SavedCheckpoint> found = new ArrayList<>();
        for (int i = (before == null ? entries.size() : place(before)) - 1;
                i >= 0 && found.size() < query.limit();
                i--) {
            Entry entry = entries.get(i);
            if (query.matches(entry.stored().metadata())) {
                found.add(entry.saved(threadId));
            }
        }
        return found;
    }

    /** Adds a checkpoint, if {@code expected} (empty for none) still is the latest. */
    void put(NewCheckpoint checkpoint, String expected) {
        Entry head = head();
        if (head != null && head.id().equals(checkpoint.id()) && head.stored().equals(checkpoint)) {
            return;
        }
        String parentId = checkpoint.parentId();
        Entry parent = parentId == null ? null : find(parentId);
        if (!headId().equals(expected) || (parentId != null && parent == null)) {
            throw new CheckpointException.Conflict(checkpoint.ref().threadId(), parentId, null);
        }
        NewCheckpoint.requireLater(checkpoint, head == null ? null : head.id());
        Pending waiting = early.isEmpty() ? null : early.remove(checkpoint.id());
        entries.add(new Entry(checkpoint, parent, waiting));
    }

    void putWrites(CheckpointRef ref, String taskId, List<PendingWrite> writes) {
        Entry entry = find(ref.checkpointId());
        if (entry == null) {
            early.computeIfAbsent(ref.checkpointId(), id -> new Pending()).add(taskId, writes);
        } else {
            entry.add(taskId, writes);
        }
    }

    /** Removes all but the latest, and writes that wait for one before it. */
    void prune() {
        Entry head = head();
        if (head != null) {
            head.hangFrom(null);
            entries = new ArrayList<>(List.of(head));
            early.keySet().removeIf(id -> id.compareTo(head.id()) < 0);
        }
    }

    void deleteRuns(Set<String> runIds) {
        Map<String, Entry> doomed = new HashMap<>();
        List<Entry> kept = new ArrayList<>();
        for (Entry entry : entries) {
            if (runIds.contains(entry.stored().metadata().runId())) {
                doomed.put(entry.id(), entry);
            } else {
                kept.add(entry);
            }
        }
        for (Entry entry : kept) {
            Entry parent = doomed.get(entry.parentId());
            if (parent != null) {
                String left = parent.parentId();
                for (Entry at = doomed.get(left); at != null; at = doomed.get(left)) {
                    left = at.parentId();
                }
                entry.hangFrom(left);
            }
        }
        entries = kept;
    }
}
