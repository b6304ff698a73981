package dev.heddle.dynamodb;

import dev.heddle.graph.checkpoint.Checkpoint;

/** One namespace of one thread: what has a head of its own. {@code pk} is the thread's partition. */
record Line(String pk, String threadId, String namespace) {

    Checkpoint.Address address(String checkpointId) {
        return new Checkpoint.Address(threadId, namespace, checkpointId);
    }
}
