package dev.heddle.graph.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The pending writes of one checkpoint. */
final class Pending {
    /** Task -> its writes in the order of their index. Small: nearly every superstep has one task. */
    private final Map<String, List<PendingWrite>> tasks;

    Pending() {
        tasks = new HashMap<>(2);
    }

    private Pending(Map<String, List<PendingWrite>> tasks) {
        this.tasks = new HashMap<>(tasks);
    }

    /** The same, to be changed apart from this. */
    Pending copy() {
        return new Pending(tasks);
    }

    /** Ordinary writes stay as first stored, special ones are replaced. */
    void add(String taskId, List<PendingWrite> added) {
        List<PendingWrite> old = tasks.getOrDefault(taskId, List.of());
        tasks.put(taskId, old.isEmpty() && rises(added) ? List.copyOf(added) : merged(old, added));
    }

    private static List<PendingWrite> merged(List<PendingWrite> old, List<PendingWrite> added) {
        TreeMap<Integer, PendingWrite> merged = new TreeMap<>();
        old.forEach(write -> merged.put(write.index(), write));
        boolean first = merged.tailMap(0, true).isEmpty();
        for (PendingWrite write : added) {
            if (write.index() < 0 || first) {
                merged.put(write.index(), write);
            }
        }
        return List.copyOf(merged.values());
    }

    private static boolean rises(List<PendingWrite> writes) {
        for (int i = 1; i < writes.size(); i++) {
            if (writes.get(i).index() <= writes.get(i - 1).index()) {
                return false;
            }
        }
        return true;
    }

    /** All of them, by task. */
    List<PendingWrite> all() {
        List<PendingWrite> all = new ArrayList<>();
        new TreeMap<>(tasks).values().forEach(all::addAll);
        return all;
    }
}
