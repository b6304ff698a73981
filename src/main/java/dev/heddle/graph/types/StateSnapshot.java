package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A thread as it stands at one checkpoint.
 *
 * @param ref the checkpoint; its id is empty when the thread has none
 * @param values key -> value, private keys included
 * @param next the nodes that are to run, in the order of their tasks
 * @param metadata what is told about the checkpoint; null when there is none
 * @param createdAt when it was made; null when there is none
 * @param parent the checkpoint from which it was made; null for the first
 * @param tasks what is to run
 */
public record StateSnapshot(
        CheckpointRef ref,
        Tree.Fields values,
        List<String> next,
        @Nullable CheckpointMetadata metadata,
        @Nullable Instant createdAt,
        @Nullable CheckpointRef parent,
        List<TaskSnapshot> tasks) {
    public StateSnapshot {
        next = List.copyOf(next);
        tasks = List.copyOf(tasks);
    }

    /** The open questions of all tasks, those of nested graphs included. */
    public List<Interrupt> interrupts() {
        return tasks.stream()
                .filter(task -> task.result() == null)
                .flatMap(task -> task.interrupts().stream())
                .toList();
    }

    /**
     * A task of the superstep that follows.
     *
     * @param id same for the same work after a crash
     * @param path its kind and its node or place, for example {@code ["__pregel_pull", "plan"]}
     * @param error what went wrong when it last ran; null when nothing did
     * @param interrupts the questions with which it waits
     * @param nested where its subgraph stands; null when it has none
     * @param result what it has written, key -> value; null while it is not finished
     */
    public record TaskSnapshot(
            String id,
            String name,
            List<String> path,
            @Nullable String error,
            List<Interrupt> interrupts,
            @Nullable Nested nested,
            @Nullable Tree result) {
        public TaskSnapshot {
            path = List.copyOf(path);
            interrupts = List.copyOf(interrupts);
        }
    }

    /** The state of a subgraph: where to ask for it, or the whole of it where that was asked for. */
    public sealed interface Nested {
        /** Where to ask. */
        record At(CheckpointRef ref) implements Nested {}

        /** The whole. */
        record Whole(StateSnapshot snapshot) implements Nested {}
    }
}
