package dev.heddle.graph.types;

/**
 * Where a checkpoint stands.
 *
 * @param threadId the thread
 * @param namespace the graph in the thread: empty for the root, else {@code node:taskId} for each level, divided by
 *     {@code |}, or node names alone for subgraphs that keep their state per thread
 * @param checkpointId the checkpoint; empty for the latest
 */
public record CheckpointRef(String threadId, String namespace, String checkpointId) {

    /** The latest checkpoint of a thread. */
    public static CheckpointRef latest(String threadId) {
        return new CheckpointRef(threadId, "", "");
    }
}
