package dev.heddle.graph.pregel;

import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Persistence;
import dev.heddle.graph.types.StateSnapshot;
import dev.heddle.graph.types.StateSnapshot.Nested;
import dev.heddle.graph.types.StateSnapshot.TaskSnapshot;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Tells how a graph stands at the current checkpoint of its line. */
final class Snapshots {
    private final Values values;
    private final BiFunction<PregelGraph, String, @Nullable Nested> nested;

    /** Subgraphs are told by where to ask for them. */
    Snapshots(Values values) {
        this(values, (graph, namespace) -> null);
    }

    /**
     * Subgraphs are told by a function of the subgraph and its namespace.
     *
     * @param nested gives null to tell where to ask
     */
    Snapshots(Values values, BiFunction<PregelGraph, String, @Nullable Nested> nested) {
        this.values = values;
        this.nested = nested;
    }

    /** As it stands, with tasks that were planned on it; those that have their writes already are not to run. */
    StateSnapshot now(Lineage lineage, List<Task> tasks) {
        return new StateSnapshot(
                lineage.ref(),
                values.tree(),
                tasks.stream().map(task -> task.node.name()).toList(),
                lineage.metadata(),
                lineage.createdAt(),
                lineage.parentRef(),
                tasks.stream().map(task -> task(lineage, task)).toList());
    }

    /**
     * As it was stored, with what commands have written since.
     *
     * @param apply whether what finished tasks wrote is shown as applied, and they as done
     */
    StateSnapshot stored(Lineage lineage, boolean apply) {
        List<Task> tasks = PregelAlgorithm.plan(values, lineage);
        tasks.forEach(task -> task.notes = lineage.notes(task.id()));
        List<TaskSnapshot> shown =
                tasks.stream().map(task -> task(lineage, task)).toList();
        lineage.commandWrites().forEach(writes -> applyIfPossible(writes, List.of()));
        if (apply) {
            List<Task> finished = tasks.stream()
                    .filter(task -> !task.notes.writes().isEmpty())
                    .toList();
            finished.forEach(task -> {
                if (!task.end(new Task.Ending.Finished(Writes.fromStore(values.graph, task.notes.writes())))) {
                    throw new IllegalStateException("Task '" + task.node.name() + "' has ended before");
                }
            });
            applyIfPossible(List.of(), finished);
        }
        return new StateSnapshot(
                lineage.ref(),
                values.tree(),
                tasks.stream()
                        .filter(task -> task.ending == null)
                        .map(task -> task.node.name())
                        .toList(),
                lineage.metadata(),
                lineage.createdAt(),
                lineage.parentRef(),
                shown);
    }

    private void applyIfPossible(List<Task.Write> commands, List<Task> finished) {
        if (commands.isEmpty() && finished.isEmpty()) {
            return;
        }
        try {
            PregelAlgorithm.apply(values, commands, finished);
        } catch (GraphException.InvalidUpdate e) {
            // They conflict: the run will say so when it goes on. Looking at the thread must stay possible.
            return;
        }
    }

    private TaskSnapshot task(Lineage lineage, Task task) {
        Notes notes = task.notes;
        boolean finished = !notes.writes().isEmpty();
        return new TaskSnapshot(
                task.id(),
                task.node.name(),
                task.path(),
                finished ? null : notes.error(),
                notes.interrupts(),
                nested(lineage, task),
                finished ? TaskEvents.result(values.graph, Writes.fromStore(values.graph, notes.writes())) : null);
    }

    private @Nullable Nested nested(Lineage lineage, Task task) {
        PregelGraph subgraph = task.node.subgraph();
        if (subgraph == null || subgraph.settings().persistence() == Persistence.NONE) {
            return null;
        }
        String own = lineage.namespaceOf(task.node.name(), task.id());
        String namespace =
                subgraph.settings().persistence() == Persistence.PER_THREAD ? PregelLoop.withoutTasks(own) : own;
        Nested whole = nested.apply(subgraph, namespace);
        return whole != null
                ? whole
                : new Nested.At(new CheckpointRef(lineage.ref().threadId(), namespace, ""));
    }
}
