package dev.heddle.dynamodb;

import dev.heddle.graph.types.CheckpointRef;

/**
 * One namespace of one thread: what has a head of its own.
 *
 * @param pk the thread's partition
 * @param segment the namespace as it stands in keys
 */
record Line(String pk, String threadId, String namespace, String segment) {

    Line(String pk, String threadId, String namespace) {
        this(pk, threadId, namespace, Keys.namespace(namespace));
    }

    CheckpointRef ref(String checkpointId) {
        return new CheckpointRef(threadId, namespace, checkpointId);
    }
}
