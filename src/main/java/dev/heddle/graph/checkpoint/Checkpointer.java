package dev.heddle.graph.checkpoint;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the checkpoints of threads. LangGraph calls it {@code BaseCheckpointSaver}.
 *
 * <p>Every method blocks until the storage has confirmed. A read that follows a write of the same process sees it.
 * Checkpoints form a tree by their parents; the latest of a thread and namespace is the one with the greatest id.
 * Implementations are safe for concurrent use by several threads (conversations); one conversation is written by one
 * run at a time, and a second writer gets {@link CheckpointException.Conflict}. {@code CheckpointerConformance} in the
 * tests is this contract, executable.
 */
public interface Checkpointer {

    /** The latest checkpoint of this thread and namespace, with values and pending writes. */
    Optional<SavedCheckpoint> latest(String threadId, String namespace);

    /** The checkpoint at this address, with values and pending writes. */
    Optional<SavedCheckpoint> get(Checkpoint.Address address);

    /**
     * Checkpoints of this thread and namespace, newest first.
     *
     * @param before only those with a smaller id; null for all
     * @param limit at most so many; at least 1
     */
    List<SavedCheckpoint> history(String threadId, String namespace, @Nullable String before, int limit);

    /**
     * Stores a checkpoint. Afterwards it is the latest, or nothing has changed.
     *
     * @throws CheckpointException.Conflict if the parent is no longer the latest because someone else has gone on
     * @throws CheckpointException.Unavailable if the storage does not answer; it is unknown whether it was stored
     */
    void put(NewCheckpoint checkpoint);

    /**
     * Stores what one task wrote. Ordinary writes (index 0 and up) are kept as first stored; special ones replace
     * their predecessor.
     *
     * @param writes all writes of one execution of the task, in order; at least one
     */
    void putWrites(Checkpoint.Address address, String taskId, List<PendingWrite> writes);

    /** Removes everything of a thread, all namespaces. Does nothing when there is none. */
    void deleteThread(String threadId);
}
