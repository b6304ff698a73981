package dev.heddle.graph.pregel;

import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.types.CheckpointMetadata.Source;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.NodeResult;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.StateEdit;
import dev.heddle.graph.types.StateSnapshot;
import dev.heddle.graph.types.StateSnapshot.Nested;
import dev.heddle.graph.types.Streaming;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads and edits the state of a thread from outside of a run. Source: LangGraph {@code pregel/main.py}, {@code
 * get_state}, {@code get_state_history}, {@code bulk_update_state}.
 */
public final class ThreadState {
    private final PregelGraph root;
    private final Services services;
    private final Checkpointer checkpointer;

    /**
     * The threads of a graph.
     *
     * @throws GraphException.BadInput if there is no checkpointer
     */
    public ThreadState(PregelGraph root, Services services) {
        this.root = root;
        this.services = services;
        Checkpointer storage = services.checkpointer();
        if (storage == null) {
            throw new GraphException.BadInput("Graph '" + root.name()
                    + "': no threads, expected a checkpointer, got none. Use with(checkpointer, …).");
        }
        this.checkpointer = storage;
    }

    /** How a thread stands: at a checkpoint as it was stored, else at the latest with what finished tasks wrote. */
    public StateSnapshot snapshot(CheckpointRef at, boolean subgraphs) {
        PregelGraph graph = graph(at.namespace());
        Editing editing = new Editing(graph, RunConfig.at(at));
        if (at.checkpointId().isEmpty()) {
            editing.lineage.loadLatest();
        } else {
            editing.lineage.load(at.checkpointId());
        }
        return snapshot(editing, at.checkpointId().isEmpty(), subgraphs);
    }

    /** Checkpoints of a thread as they were stored, newest first; the one that {@code at} names, or all. */
    public List<StateSnapshot> history(CheckpointRef at, HistoryQuery query) {
        PregelGraph graph = graph(at.namespace());
        List<SavedCheckpoint> found = at.checkpointId().isEmpty()
                ? checkpointer.history(at.threadId(), at.namespace(), query)
                : checkpointer.get(at).stream()
                        .filter(saved -> query.matches(saved.metadata()))
                        .toList();
        List<StateSnapshot> snapshots = new ArrayList<>();
        for (SavedCheckpoint saved : found) {
            Editing editing = new Editing(graph, RunConfig.at(at));
            editing.lineage.take(saved);
            snapshots.add(snapshot(editing, false, false));
        }
        return snapshots;
    }

    private StateSnapshot snapshot(Editing editing, boolean apply, boolean subgraphs) {
        String threadId = editing.run.config().threadId();
        if (editing.lineage.isNew()) {
            return new StateSnapshot(
                    new CheckpointRef(threadId, editing.lineage.namespace(), ""),
                    Tree.EMPTY,
                    List.of(),
                    null,
                    null,
                    null,
                    List.of());
        }
        Snapshots snapshots = new Snapshots(
                editing.values,
                (graph, namespace) -> subgraphs
                        ? new Nested.Whole(snapshot(new CheckpointRef(threadId, namespace, ""), true))
                        : null);
        return snapshots.stored(editing.lineage, apply);
    }

    /** The graph of a namespace. */
    private PregelGraph graph(String namespace) {
        PregelGraph graph = root;
        if (namespace.isEmpty()) {
            return graph;
        }
        for (String node : PregelLoop.withoutTasks(namespace).split("\\|", -1)) {
            int number = graph.nodeNumber(node);
            PregelGraph subgraph = number < 0 ? null : graph.nodes().get(number).subgraph();
            if (subgraph == null) {
                throw new GraphException.BadInput(
                        "Graph '" + graph.name() + "': no subgraph at '" + node
                                + "', expected a node that is one, got another. Take the namespace from a snapshot or an event.");
            }
            graph = subgraph;
        }
        return graph;
    }

    /**
     * Edits a thread: one checkpoint for each superstep of edits, each from the one before.
     *
     * @return the last checkpoint
     */
    public CheckpointRef edit(CheckpointRef at, List<List<StateEdit>> supersteps) {
        if (supersteps.isEmpty()) {
            throw new GraphException.BadInput(
                    "Update: no supersteps, expected at least 1, got 0. Give one edit or more.");
        }
        PregelGraph graph = graph(at.namespace());
        CheckpointRef last = at;
        for (List<StateEdit> edits : supersteps) {
            if (edits.isEmpty()) {
                throw new GraphException.BadInput(
                        "Update: no updates in a superstep, expected at least 1, got 0. Leave the superstep out.");
            }
            last = superstep(graph, last, edits);
        }
        return last;
    }

    private CheckpointRef superstep(PregelGraph graph, CheckpointRef at, List<StateEdit> edits) {
        Editing editing = new Editing(graph, RunConfig.at(at));
        if (at.checkpointId().isEmpty()) {
            editing.lineage.loadLatest();
        } else {
            editing.lineage.load(at.checkpointId());
            if (editing.lineage.isNew()) {
                throw new GraphException.BadInput("Thread '" + at.threadId()
                        + "': no such checkpoint, expected one of its history, got another id. Take it from a snapshot.");
            }
        }
        StateEdit first = edits.getFirst();
        String special = edits.stream()
                .filter(edit -> isSpecial(edit.asNode(), edit.result()))
                .map(StateEdit::asNode)
                .findFirst()
                .orElse(null);
        if (special != null && edits.size() > 1) {
            throw new GraphException.BadInput("Update: '" + special
                    + "' with others in one superstep, expected it alone, got " + edits.size()
                    + " updates. Give it a superstep of its own.");
        }
        switch (special) {
            case PregelGraph.END -> editing.end();
            case StateEdit.INPUT -> editing.input(first.result());
            case StateEdit.COPY -> editing.copy();
            case null, default -> editing.write(edits);
        }
        return editing.lineage.ref();
    }

    private static boolean isSpecial(@Nullable String node, @Nullable NodeResult result) {
        return StateEdit.INPUT.equals(node)
                || StateEdit.COPY.equals(node)
                || (PregelGraph.END.equals(node) && result == null);
    }

    /** One checkpoint on the way to the next. */
    private final class Editing {
        private final PregelGraph graph;
        private final Run run;
        private final Values values;
        private final Lineage lineage;
        private final Checkpointer saver = checkpointer.forRun();

        Editing(PregelGraph graph, RunConfig config) {
            this.graph = graph;
            this.run = new Run(
                    config,
                    services,
                    new Control(),
                    new Events.Outlet(Streaming.NONE, event -> {}, services.clock()),
                    new Answers(),
                    new Storage(config.durability()),
                    new Run.Replay(),
                    new Run.RisingIds(services.ids()));
            this.values = new Values(graph);
            Lineage.Place place = new Lineage.Place(config.at().namespace(), "", Map.of());
            this.lineage = new Lineage(values, run, place, saver);
        }

        private List<Task> planned() {
            return PregelAlgorithm.plan(values, lineage);
        }

        /** Applies what finished tasks wrote, and drops the others. */
        void end() {
            if (!lineage.isNew()) {
                List<Task> tasks = planned();
                lineage.applyCommands();
                for (Task task : tasks) {
                    Notes notes = lineage.notes(task.id());
                    if (!task.end(new Task.Ending.Finished(Writes.fromStore(graph, notes.writes())))) {
                        throw new IllegalStateException("Task '" + task.node.name() + "' has ended before");
                    }
                }
                PregelAlgorithm.apply(values, List.of(), tasks);
            }
            lineage.saveEdit(Source.UPDATE);
        }

        void input(@Nullable NodeResult result) {
            if (!(result instanceof Update update)) {
                throw new GraphException.EmptyInput("Update");
            }
            Tree.Fields fields = Writes.input(graph, update);
            PregelAlgorithm.applyInput(values, new Task.Write(PregelGraph.INPUT, fields), lineage);
            lineage.saveEdit(Source.INPUT);
        }

        void copy() {
            if (lineage.isNew()) {
                throw new GraphException.BadInput(
                        "Update: copy of a checkpoint that does not exist, expected one, got none. Name one that does.");
            }
            lineage.saveCopy();
        }

        void write(List<StateEdit> edits) {
            List<Task> planned = new ArrayList<>(planned());
            List<Task> tasks = new ArrayList<>();
            List<List<PendingWrite>> results = new ArrayList<>();
            for (StateEdit edit : edits) {
                String node = edit.asNode() == null ? writer(edits.size()) : edit.asNode();
                int number = graph.nodeNumber(node);
                if (number < 0) {
                    throw new GraphException.BadInput("Update: unknown node, expected one of "
                            + graph.nodes().stream()
                                    .map(PregelGraph.NodeSpec::name)
                                    .toList()
                            + ", got '" + node + "'. Correct asNode.");
                }
                Task task = new Task(lineage, number, graph.nodes().get(number), null, values);
                List<Task.Write> writes = writes(graph.nodes().get(number), edit.result());
                if (!task.end(new Task.Ending.Finished(writes))) {
                    throw new IllegalStateException("A new task has ended before");
                }
                tasks.add(task);
                asResult(planned, node, writes).ifPresent(results::add);
            }
            // The edits stand for the tasks of a superstep, but triggered by nobody: what others have seen stays.
            PregelAlgorithm.applyEdits(values, tasks);
            CheckpointRef before = lineage.ref();
            lineage.saveEdit(Source.UPDATE);
            // Not before the edit was taken: it must not look like the result of a task when it was refused.
            results.forEach(stored -> saver.putWrites(before, stored.getFirst().taskId(), stored));
        }

        private List<Task.Write> writes(PregelGraph.NodeSpec node, @Nullable NodeResult result) {
            if (node.name().equals(PregelGraph.START)) {
                Tree.Fields input = result instanceof Update update ? Writes.input(graph, update) : Tree.EMPTY;
                return Writes.ofStart(values, node, input);
            }
            return Writes.of(values, node, result == null ? Update.NONE : result);
        }

        /** The history shows the edit as the result of the task for which it stands. */
        private Optional<List<PendingWrite>> asResult(List<Task> planned, String node, List<Task.Write> writes) {
            Optional<Task> found =
                    planned.stream().filter(task -> task.node.name().equals(node)).findFirst();
            found.ifPresent(planned::remove);
            return found.map(task -> Writes.toStore(graph, task.id(), writes));
        }

        /** The node for which an edit stands that names none. */
        private String writer(int edits) {
            if (edits > 1) {
                throw new GraphException.BadInput("Update: no node, expected asNode for each of several updates in one "
                        + "superstep, got none. Name the nodes.");
            }
            Map<String, Long> seen = new HashMap<>();
            for (int slot = 0; slot < graph.slots(); slot++) {
                if (values.seen[slot] > 0) {
                    seen.merge(graph.nodes().get(graph.slotNode(slot)).name(), values.seen[slot], Math::max);
                }
            }
            if (seen.isEmpty()) {
                return PregelGraph.START;
            }
            long latest =
                    seen.values().stream().mapToLong(Long::longValue).max().orElse(0);
            Set<String> candidates = new HashSet<>();
            seen.forEach((node, version) -> {
                if (version == latest) {
                    candidates.add(node);
                }
            });
            if (candidates.size() > 1) {
                throw new GraphException.AmbiguousUpdate(
                        candidates.stream().sorted().toList());
            }
            return candidates.iterator().next();
        }
    }
}
