package dev.heddle.conformance;

import dev.heddle.graph.checkpoint.Checkpoint;
import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The contract in its plainest form, to compare others with: every checkpoint whole. Knows no conflicts and no haste. */
final class ModelCheckpointer implements Checkpointer {
    /** Thread -> namespace -> id -> checkpoint, its writes left out. */
    private final Map<String, Map<String, NavigableMap<String, SavedCheckpoint>>> threads = new HashMap<>();

    private final Map<CheckpointRef, TreeMap<String, TreeMap<Integer, PendingWrite>>> writes = new HashMap<>();

    private NavigableMap<String, SavedCheckpoint> line(String threadId, String namespace) {
        return threads.computeIfAbsent(threadId, id -> new HashMap<>())
                .computeIfAbsent(namespace, name -> new TreeMap<>());
    }

    @Override
    public Optional<SavedCheckpoint> latest(String threadId, String namespace) {
        var last = line(threadId, namespace).lastEntry();
        return Optional.ofNullable(last).map(entry -> withWrites(entry.getValue()));
    }

    @Override
    public Optional<SavedCheckpoint> get(CheckpointRef ref) {
        return Optional.ofNullable(line(ref.threadId(), ref.namespace()).get(ref.checkpointId()))
                .map(this::withWrites);
    }

    private SavedCheckpoint withWrites(SavedCheckpoint saved) {
        List<PendingWrite> all = new ArrayList<>();
        writes.getOrDefault(saved.ref(), new TreeMap<>()).values().forEach(task -> all.addAll(task.values()));
        return new SavedCheckpoint(
                saved.ref(),
                saved.parentId(),
                saved.checkpoint(),
                saved.metadata(),
                saved.values(),
                saved.deltas(),
                all);
    }

    @Override
    public List<SavedCheckpoint> history(String threadId, String namespace, HistoryQuery query) {
        return line(threadId, namespace).descendingMap().values().stream()
                .filter(saved ->
                        query.before() == null || saved.ref().checkpointId().compareTo(query.before()) < 0)
                .filter(saved -> query.matches(saved.metadata()))
                .limit(query.limit())
                .map(this::withWrites)
                .toList();
    }

    @Override
    public void put(NewCheckpoint next) {
        NavigableMap<String, SavedCheckpoint> line =
                line(next.ref().threadId(), next.ref().namespace());
        SavedCheckpoint parent = next.parentId() == null ? null : line.get(next.parentId());
        NewCheckpoint.Changes changes = next.changes();
        Map<String, Tree> values = new HashMap<>(parent == null ? Map.of() : parent.values());
        Map<String, SavedCheckpoint.Delta> deltas = new HashMap<>(parent == null ? Map.of() : parent.deltas());
        TreeMap<String, Long> versions = new TreeMap<>();
        SortedMap<String, SortedMap<String, Long>> seen = new TreeMap<>();
        if (parent != null) {
            versions.putAll(parent.checkpoint().channelVersions());
            parent.checkpoint().versionsSeen().forEach((node, all) -> seen.put(node, new TreeMap<>(all)));
        }
        values.keySet().removeAll(changes.emptied());
        deltas.keySet().removeAll(changes.emptied());
        values.putAll(changes.values());
        deltas.keySet().removeAll(changes.values().keySet());
        changes.appended().forEach((channel, added) -> {
            if (!added.isEmpty()) {
                SavedCheckpoint.Delta before = deltas.get(channel);
                List<Tree> all = new ArrayList<>(before == null ? List.of() : before.writes());
                all.addAll(added);
                Tree base = before == null ? values.remove(channel) : before.base();
                deltas.put(channel, new SavedCheckpoint.Delta(base, all));
            }
        });
        versions.putAll(changes.versions());
        changes.seen().forEach((node, more) -> seen.computeIfAbsent(node, name -> new TreeMap<>())
                .putAll(more));
        line.put(
                next.id(),
                new SavedCheckpoint(
                        next.ref(),
                        next.parentId(),
                        new Checkpoint(next.id(), next.createdAt(), versions, seen, new TreeSet<>(next.updated())),
                        next.metadata(),
                        values,
                        deltas,
                        List.of()));
    }

    @Override
    public void putWrites(CheckpointRef ref, String taskId, List<PendingWrite> added) {
        TreeMap<Integer, PendingWrite> task =
                writes.computeIfAbsent(ref, where -> new TreeMap<>()).computeIfAbsent(taskId, name -> new TreeMap<>());
        boolean first = task.tailMap(0).isEmpty();
        added.stream().filter(write -> first || write.index() < 0).forEach(write -> task.put(write.index(), write));
    }

    @Override
    public void deleteThread(String threadId) {
        threads.remove(threadId);
        writes.keySet().removeIf(ref -> ref.threadId().equals(threadId));
    }

    @Override
    public void copyThread(String fromThreadId, String toThreadId) {
        threads.getOrDefault(fromThreadId, Map.of()).forEach((namespace, from) -> {
            NavigableMap<String, SavedCheckpoint> to = line(toThreadId, namespace);
            from.forEach((id, saved) -> to.put(id, moved(saved, toThreadId, saved.parentId())));
        });
        Map.copyOf(writes).forEach((ref, tasks) -> {
            if (ref.threadId().equals(fromThreadId)) {
                TreeMap<String, TreeMap<Integer, PendingWrite>> copy = new TreeMap<>();
                tasks.forEach((task, all) -> copy.put(task, new TreeMap<>(all)));
                writes.put(new CheckpointRef(toThreadId, ref.namespace(), ref.checkpointId()), copy);
            }
        });
    }

    @Override
    public void pruneThread(String threadId) {
        threads.getOrDefault(threadId, Map.of()).values().forEach(line -> {
            if (!line.isEmpty()) {
                keep(line, Set.of(line.lastKey()));
            }
        });
    }

    @Override
    public void deleteRuns(String threadId, Set<String> runIds) {
        threads.getOrDefault(threadId, Map.of()).values().forEach(line -> {
            Set<String> kept = new TreeSet<>();
            line.forEach((id, saved) -> {
                if (!runIds.contains(saved.metadata().runId())) {
                    kept.add(id);
                }
            });
            keep(line, kept);
        });
    }

    private void keep(NavigableMap<String, SavedCheckpoint> line, Set<String> kept) {
        TreeMap<String, SavedCheckpoint> old = new TreeMap<>(line);
        old.forEach((id, saved) -> {
            if (kept.contains(id)) {
                String parentId = saved.parentId();
                while (parentId != null && !kept.contains(parentId)) {
                    SavedCheckpoint parent = old.get(parentId);
                    parentId = parent == null ? null : parent.parentId();
                }
                line.put(id, moved(saved, saved.ref().threadId(), parentId));
            } else {
                line.remove(id);
                writes.remove(saved.ref());
            }
        });
    }

    private static SavedCheckpoint moved(SavedCheckpoint saved, String threadId, @Nullable String parentId) {
        return new SavedCheckpoint(
                new CheckpointRef(threadId, saved.ref().namespace(), saved.ref().checkpointId()),
                parentId,
                saved.checkpoint(),
                saved.metadata(),
                saved.values(),
                saved.deltas(),
                List.of());
    }
}
