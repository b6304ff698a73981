package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.time.Instant;
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

    /**
     * A task begins. Mode {@link StreamMode#TASKS}.
     *
     * @param input what the node reads: key -> value, or the argument of its {@link Send}
     * @param triggers the channels that started it, for example {@code branch:to:plan}
     */
    record TaskStarted(List<String> namespace, String taskId, String node, long step, Tree input, List<String> triggers)
            implements StreamEvent {}

    /**
     * A task has ended. Mode {@link StreamMode#TASKS}.
     *
     * @param error what went wrong, in the usual form; null when nothing did
     * @param result what it wrote, key -> value; a key written repeatedly is {@code {"$writes": [..]}}
     * @param interrupts the questions with which it stopped
     */
    record TaskEnded(
            List<String> namespace,
            String taskId,
            String node,
            long step,
            @Nullable String error,
            Tree result,
            List<Interrupt> interrupts)
            implements StreamEvent {}

    /**
     * What a node wrote. Mode {@link StreamMode#UPDATES}.
     *
     * @param update key -> value; null when it wrote nothing, a list of maps when it wrote a key repeatedly; the result
     *     itself for a task of the functional API
     * @param cached whether the node did not run, because its writes were stored or cached
     */
    record NodeUpdate(List<String> namespace, String node, Tree update, boolean cached) implements StreamEvent {}

    /** The run stops here: a task asks, or, without interrupts, a node was named to stop at. Mode UPDATES. */
    record Interrupted(List<String> namespace, List<Interrupt> interrupts) implements StreamEvent {}

    /**
     * The output keys of the state. Mode {@link StreamMode#VALUES}.
     *
     * @param interrupts when the run stops: the questions for which it waits; else empty
     */
    record Values(List<String> namespace, long step, Tree.Fields values, List<Interrupt> interrupts)
            implements StreamEvent {}

    /** A message or a piece of one. Mode {@link StreamMode#MESSAGES}. */
    record MessageChunk(List<String> namespace, String node, String taskId, long step, MessageView message)
            implements StreamEvent {}

    /** What a node had to say. Mode {@link StreamMode#CUSTOM}. */
    record Custom(List<String> namespace, String node, Tree data) implements StreamEvent {}

    /** A checkpoint was made, with the tasks that follow it. Mode {@link StreamMode#CHECKPOINTS}. */
    record CheckpointSaved(List<String> namespace, StateSnapshot snapshot) implements StreamEvent {}

    /**
     * One of {@link CheckpointSaved}, {@link TaskStarted} and {@link TaskEnded} with its circumstances. Mode {@link
     * StreamMode#DEBUG}.
     */
    record Debug(List<String> namespace, long step, Instant at, StreamEvent payload) implements StreamEvent {}
}
