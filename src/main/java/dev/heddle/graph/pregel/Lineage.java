package dev.heddle.graph.pregel;

import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.types.CheckpointMetadata;
import dev.heddle.graph.types.CheckpointMetadata.Source;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.Durability;
import dev.heddle.tree.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A graph's line of checkpoints in its thread: reads where it stands into {@link Values}, and writes what changed back.
 * Without a checkpointer it only counts. For the worker that drives the graph, but for {@link #keep}, which tasks call.
 */
final class Lineage {
    private final PregelGraph graph;
    private final Run run;
    private Place place;
    private final Values values;
    private final @Nullable Checkpointer checkpointer;
    private final boolean atExit;
    private final DeltaCounters counters;

    private Map<String, Notes> notes = Map.of();
    private List<PendingWrite> commands = List.of();
    /** With durability EXIT: what would otherwise be stored with the current checkpoint. */
    private final List<PendingWrite> held = new ArrayList<>();

    private String checkpointId = "";
    private @Nullable String parentId;
    private @Nullable String storedId;
    private @Nullable CheckpointMetadata metadata;
    private Instant createdAt = Instant.EPOCH;
    private boolean unstored;
    private long step = -1;

    /**
     * Where a graph of a run stands.
     *
     * @param namespace its namespace in the thread; empty for the root
     * @param call the call that it is, which tells the calls of a graph with state per thread apart; empty for the root
     * @param parents namespace -> checkpoint id of the graphs that hold it
     */
    record Place(String namespace, String call, Map<String, String> parents) {
        static final Place ROOT = new Place("", "", Map.of());
    }

    Lineage(Values values, Run run, Place place, @Nullable Checkpointer checkpointer) {
        this.graph = values.graph;
        this.run = run;
        this.place = place;
        this.values = values;
        this.checkpointer = checkpointer;
        this.atExit = run.config().durability() == Durability.EXIT;
        this.counters = new DeltaCounters(graph);
    }

    /** The superstep that comes next; -1 before the first input. */
    long step() {
        return step;
    }

    /** Whether there is nothing to go on with. */
    boolean isNew() {
        return checkpointId.isEmpty();
    }

    boolean isStored() {
        return checkpointer != null;
    }

    @Nullable
    Checkpointer checkpointer() {
        return checkpointer;
    }

    /** Whether it is a subgraph that keeps its state for good. */
    boolean isPerThread() {
        return !place.call().isEmpty();
    }

    /** Whether this is the latest checkpoint of the line. */
    boolean isHead(String id) {
        return checkpointer != null
                && checkpointer
                        .latest(run.config().threadId(), place.namespace())
                        .filter(saved -> saved.checkpoint().id().equals(id))
                        .isPresent();
    }

    /** Whether the current checkpoint is an edit from outside or a copy: a branch of its own already. */
    boolean isEdit() {
        CheckpointMetadata known = metadata;
        return known != null && (known.source() == Source.UPDATE || known.source() == Source.FORK);
    }

    /** What subgraphs did after this checkpoint does not count when the run goes back to the current one. */
    String replayBound() {
        String parent = parentId;
        return isEdit() && parent != null ? parent : checkpointId;
    }

    String namespace() {
        return place.namespace();
    }

    /** The namespace of a task of this graph. */
    String namespaceOf(String name, String taskId) {
        String own = name + Reserved.TASK_SEPARATOR + taskId;
        return place.namespace().isEmpty() ? own : place.namespace() + Reserved.NAMESPACE_SEPARATOR + own;
    }

    /** The current checkpoint; without a checkpointer the run, the call and the step stand for it. */
    String place() {
        if (!checkpointId.isEmpty()) {
            return checkpointId;
        }
        String whose = place.namespace().isEmpty() ? run.name() : "";
        return whose + "#" + place.call() + "#" + step;
    }

    String checkpointId() {
        return checkpointId;
    }

    CheckpointRef ref() {
        return refTo(checkpointId);
    }

    @Nullable
    CheckpointRef parentRef() {
        return parentId == null ? null : refTo(parentId);
    }

    private CheckpointRef refTo(String id) {
        return new CheckpointRef(run.config().threadId(), place.namespace(), id);
    }

    @Nullable
    CheckpointMetadata metadata() {
        return metadata;
    }

    Instant createdAt() {
        return createdAt;
    }

    /** What graphs that this one holds need to know of it. */
    Map<String, String> parentsOfNested() {
        Map<String, String> parents = new HashMap<>(place.parents());
        parents.put(place.namespace(), checkpointId);
        return parents;
    }

    /** What storage knows of a task at the current checkpoint. */
    Notes notes(String taskId) {
        return notes.getOrDefault(taskId, Notes.NONE);
    }

    /** How many tasks wait for an answer; one that waits for a call that asks is not counted beside it. */
    long waiting() {
        return notes.values().stream()
                .filter(task -> task.writes().isEmpty() && !task.interrupts().isEmpty())
                .map(task -> task.interrupts().getFirst().id())
                .distinct()
                .count();
    }

    /** The questions of the task that waits for an answer, when it is one. */
    Set<String> questions() {
        Set<String> ids = new HashSet<>();
        notes.values().stream()
                .filter(task -> task.writes().isEmpty())
                .forEach(task -> task.interrupts().forEach(question -> ids.add(question.id())));
        return ids;
    }

    /** Tells which answers tasks and their calls have taken, before the run was broken off. */
    void tellTaken(Answers answers) {
        notes.values().forEach(task -> answers.taken(task.token()));
    }

    boolean hasNotes() {
        return !notes.isEmpty();
    }

    /** Reads the latest checkpoint. */
    void loadLatest() {
        if (checkpointer != null) {
            checkpointer.latest(run.config().threadId(), place.namespace()).ifPresent(this::restore);
        }
    }

    /** Reads one checkpoint; finds nothing when it is not there. */
    void load(String id) {
        if (checkpointer != null) {
            run.ids().rise(head());
            checkpointer.get(refTo(id)).ifPresent(this::restore);
        }
    }

    /** Reads the newest checkpoint that is older than {@code bound}; the line goes on behind its latest all the same. */
    void loadBefore(String bound) {
        if (checkpointer != null) {
            run.ids().rise(head());
            checkpointer
                    .history(run.config().threadId(), place.namespace(), HistoryQuery.before(bound, 1))
                    .forEach(this::restore);
        }
    }

    /** Makes the line known to storage without reading from it: what follows begins afresh. */
    void beginAfresh() {
        if (checkpointer != null) {
            run.ids().rise(head());
        }
    }

    /** Whether the checkpoint belongs to this very call of the graph. */
    boolean isOfThisCall() {
        CheckpointMetadata known = metadata;
        return known != null && Tree.of(place.call()).equals(known.extra().get(Reserved.CALL));
    }

    /** Takes a checkpoint that was read already. */
    void take(SavedCheckpoint saved) {
        restore(saved);
    }

    private void restore(SavedCheckpoint saved) {
        values.restore(saved);
        counters.restore(saved.metadata());
        notes = Notes.of(saved.writes());
        commands = saved.writes().stream()
                .filter(write -> write.taskId().startsWith(Reserved.NULL_TASK))
                .toList();
        checkpointId = saved.checkpoint().id();
        parentId = saved.parentId();
        storedId = checkpointId;
        metadata = saved.metadata();
        createdAt = saved.checkpoint().createdAt();
        step = saved.metadata().step() + 1;
    }

    /** What each command writes that was given at this checkpoint, in their order. */
    List<List<Task.Write>> commandWrites() {
        Map<String, List<PendingWrite>> byCommand = new TreeMap<>();
        commands.stream()
                .filter(write -> write.index() >= 0)
                .forEach(write -> byCommand
                        .computeIfAbsent(write.taskId(), task -> new ArrayList<>())
                        .add(write));
        return byCommand.values().stream()
                .map(writes -> Writes.fromStore(graph, writes))
                .toList();
    }

    /** Applies what commands have written at this checkpoint: each by itself, as when it was given. */
    void applyCommands() {
        commandWrites().forEach(writes -> PregelAlgorithm.apply(values, writes, List.of()));
    }

    /** The answers that were given at this checkpoint last. */
    Optional<PendingWrite> commandAnswers() {
        return commands.stream()
                .filter(write -> write.index() == PendingWrite.RESUME)
                .findFirst();
    }

    /** Keeps what a command writes with the current checkpoint. */
    void keepCommand(List<Task.Write> writes) {
        long before = commands.stream()
                .filter(write -> write.index() >= 0)
                .map(PendingWrite::taskId)
                .distinct()
                .count();
        String task = "%s#%06d".formatted(Reserved.NULL_TASK, before);
        keep(task, Writes.toStore(graph, task, writes));
    }

    /** What was noted at this checkpoint does not count: its tasks run again. */
    void forgetNotes() {
        notes = Map.of();
        commands = List.of();
    }

    /** Stores what one task has written, before the superstep is applied. */
    void keep(String taskId, List<PendingWrite> writes) {
        Checkpointer storage = checkpointer;
        if (storage == null) {
            return;
        }
        if (atExit) {
            synchronized (held) {
                // A special write replaces the one before.
                held.removeIf(before -> before.taskId().equals(taskId)
                        && before.index() < 0
                        && writes.stream().anyMatch(write -> write.index() == before.index()));
                held.addAll(writes);
            }
            return;
        }
        CheckpointRef ref = ref();
        run.storage().run(() -> storage.putWrites(ref, taskId, writes));
    }

    /** Makes a checkpoint of what has changed since the last one, stores it, and counts the step. */
    void save(Source source) {
        notes = Map.of();
        commands = List.of();
        if (checkpointer != null) {
            parentId = isNew() ? null : checkpointId;
            checkpointId = run.ids().next(checkpointId);
            createdAt = run.services().clock().instant();
            counters.count(values.changes.channels);
            metadata = new CheckpointMetadata(
                    source, step, run.config().runId(), graph.version(), place.parents(), Tree.EMPTY);
            unstored = true;
            if (atExit) {
                held.clear();
            } else {
                store(checkpointer);
            }
        } else {
            values.changes.clear();
        }
        step++;
    }

    /** Makes a checkpoint of an edit from outside, which belongs to no run. */
    void saveEdit(Source source) {
        keepPlace();
        if (isNew() && source == Source.UPDATE) {
            step = 0; // -1 is for input
        }
        save(source);
    }

    /** An edit stands where the checkpoint before stood. */
    private void keepPlace() {
        CheckpointMetadata known = metadata;
        if (known != null) {
            String call = known.extra().get(Reserved.CALL) instanceof Tree.Text(String text) ? text : "";
            place = new Place(place.namespace(), call, known.parents());
        }
    }

    /** Makes a copy of the current checkpoint beside it. */
    void saveCopy() {
        Checkpointer storage = Objects.requireNonNull(checkpointer);
        SavedCheckpoint saved = storage.get(ref()).orElseThrow();
        run.ids().rise(head());
        String id = run.ids().next(checkpointId);
        keepPlace();
        values.everythingChanged();
        parentId = saved.parentId();
        storedId = parentId;
        checkpointId = id;
        createdAt = run.services().clock().instant();
        metadata = new CheckpointMetadata(
                Source.FORK, step, run.config().runId(), graph.version(), place.parents(), Tree.EMPTY);
        store(storage);
    }

    /** The id of the latest checkpoint of the line, behind which every new one stands. */
    private String head() {
        return checkpointer == null
                ? ""
                : checkpointer
                        .latest(run.config().threadId(), place.namespace())
                        .map(saved -> saved.checkpoint().id())
                        .orElse("");
    }

    /** Stores what was held back until now, with durability EXIT. */
    void exit() {
        Checkpointer storage = checkpointer;
        if (storage == null || !atExit) {
            return;
        }
        if (unstored) {
            parentId = storedId;
            store(storage);
        }
        Map<String, List<PendingWrite>> byTask = new LinkedHashMap<>();
        synchronized (held) {
            held.forEach(write -> byTask.computeIfAbsent(write.taskId(), task -> new ArrayList<>())
                    .add(write));
            held.clear();
        }
        byTask.forEach((task, writes) -> storage.putWrites(ref(), task, writes));
    }

    private void store(Checkpointer storage) {
        NewCheckpoint checkpoint = checkpoint();
        run.storage().run(() -> storage.put(checkpoint));
        values.changes.clear();
        storedId = checkpointId;
        unstored = false;
    }

    private NewCheckpoint checkpoint() {
        Values.Changes changes = values.changes;
        Entries<Tree> whole = new Entries<>();
        Set<String> emptied = null;
        Entries<List<Tree>> appended = new Entries<>();
        Entries<Long> versions = new Entries<>();
        Long version = 0L;
        for (int channel = changes.channels.nextSetBit(0);
                channel >= 0;
                channel = changes.channels.nextSetBit(channel + 1)) {
            String name = graph.channel(channel).name();
            // Most changes of a superstep have one version: one object for all, in every checkpoint that is kept.
            version = version == values.versions[channel] ? version : Long.valueOf(values.versions[channel]);
            versions.add(name, version);
            List<Tree> writes = changes.appended.isEmpty() ? null : changes.appended.get(channel);
            if (writes != null && !counters.full(channel)) {
                appended.add(name, List.copyOf(writes));
                continue;
            }
            counters.wrote(channel);
            Tree value = values.channels[channel].checkpoint();
            if (value == null) {
                emptied = emptied == null ? new HashSet<>() : emptied;
                emptied.add(name);
            } else {
                whole.add(name, channel == PregelGraph.SENDS ? storedSends(value) : value);
            }
        }
        CheckpointMetadata told = complete(metadata);
        metadata = told;
        return new NewCheckpoint(
                ref(),
                storedId,
                createdAt,
                told,
                new NewCheckpoint.Changes(
                        whole.map(),
                        emptied == null ? Set.of() : emptied,
                        appended.map(),
                        versions.map(),
                        seen(changes)),
                graph.names(values.updated));
    }

    private Map<String, Map<String, Long>> seen(Values.Changes changes) {
        Entries<Map<String, Long>> seen = new Entries<>();
        for (int slot = changes.slots.nextSetBit(0); slot >= 0; slot = changes.slots.nextSetBit(slot + 1)) {
            String node = graph.nodes().get(graph.slotNode(slot)).name();
            Map<String, Long> one =
                    Map.of(graph.channel(graph.slotChannel(slot)).name(), values.seen[slot]);
            Map<String, Long> others = seen.remove(node);
            if (others != null) {
                Map<String, Long> all = new HashMap<>(others);
                all.putAll(one);
                one = all;
            }
            seen.add(node, one);
        }
        if (changes.stop) {
            seen.add(Reserved.INTERRUPT, Map.of(Reserved.INTERRUPT, values.stopVersion));
        }
        return seen.map();
    }

    private Tree storedSends(Tree value) {
        return graph.hasUntracked() ? Sends.stored(graph, value) : value;
    }

    private CheckpointMetadata complete(@Nullable CheckpointMetadata known) {
        CheckpointMetadata base = Objects.requireNonNull(known);
        Tree.Fields user = run.config().metadata();
        if (place.call().isEmpty() && counters.isEmpty()) {
            return base.with(user);
        }
        Map<String, Tree> extra = new LinkedHashMap<>(user.fields());
        if (!place.call().isEmpty()) {
            extra.put(Reserved.CALL, Tree.of(place.call()));
        }
        counters.tell(extra);
        return base.with(new Tree.Fields(extra));
    }
}
