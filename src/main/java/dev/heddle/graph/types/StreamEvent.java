package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a run. A run's events come in the order in which they happened; those of parallel tasks
 * interleave as they complete.
 *
 * <p>Order of one superstep: {@link TaskStarted} of every task, then per task its {@link Custom} and {@link
 * MessageChunk} events, {@link NodeUpdate} and {@link TaskEnded}, then {@link Values} and {@link CheckpointSaved}.
 */
public sealed interface StreamEvent {

    /** Which graph it happened in: empty for the root, else {@code node:taskId} for each level. */
    List<String> namespace();

    /** A task begins. Mode {@link StreamMode#TASKS}. */
    record TaskStarted(List<String> namespace, String taskId, String node, long step) implements StreamEvent {}

    /**
     * A task has ended. Mode {@link StreamMode#TASKS}.
     *
     * @param error what went wrong, in the usual form; null when nothing did
     */
    record TaskEnded(
            List<String> namespace,
            String taskId,
            String node,
            long step,
            @Nullable String error) implements StreamEvent {}

    /** What a node wrote: key -> value. Mode {@link StreamMode#UPDATES}. */
    record NodeUpdate(List<String> namespace, String node, Tree.Fields update) implements StreamEvent {}

    /** The state after a superstep: key -> value. Mode {@link StreamMode#VALUES}. */
    record Values(List<String> namespace, long step, Tree.Fields values) implements StreamEvent {}

    /** A message or a piece of one. Mode {@link StreamMode#MESSAGES}. */
    record MessageChunk(List<String> namespace, String node, long step, MessageView message) implements StreamEvent {}

    /** What a node had to say. Mode {@link StreamMode#CUSTOM}. */
    record Custom(List<String> namespace, String node, Tree data) implements StreamEvent {}

    /** A checkpoint is stored. Mode {@link StreamMode#CHECKPOINTS}. */
    record CheckpointSaved(List<String> namespace, String checkpointId, long step) implements StreamEvent {}
}
