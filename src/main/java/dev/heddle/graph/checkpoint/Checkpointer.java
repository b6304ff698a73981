package dev.heddle.graph.checkpoint;

import dev.heddle.graph.types.CheckpointRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the checkpoints of threads. LangGraph calls it {@code BaseCheckpointSaver}.
 *
 * <p>Every method blocks until the storage has confirmed. A read that follows a write of the same process sees it.
 * Checkpoints form a tree by their parents; the latest of a thread and namespace is the one with the greatest id.
 *
 * <p><b>One saver per run.</b> A saver remembers, for each thread and namespace, the latest checkpoint that it saw by
 * {@link #latest} or {@link #get} or made by {@link #put}. It stores only while that one is still the latest: two runs
 * that go on from the same state cannot both succeed. A fork is legal all the same: read an old checkpoint by {@link
 * #get}, then put with that one as parent. A saver that has not yet read expects the parent to be the latest. Savers are
 * cheap and safe for concurrent use by the tasks of their run. {@code CheckpointerConformance} in the tests is this
 * contract, executable.
 */
public interface Checkpointer {

    /** A saver for one run over the same storage, which has not seen anything yet. Cheap. */
    default Checkpointer forRun() {
        return this;
    }

    /** The latest checkpoint of this thread and namespace, with values and pending writes. */
    Optional<SavedCheckpoint> latest(String threadId, String namespace);

    /** The checkpoint at this address, with values and pending writes. */
    Optional<SavedCheckpoint> get(CheckpointRef ref);

    /** Checkpoints of this thread and namespace, newest first, each with values and pending writes. */
    List<SavedCheckpoint> history(String threadId, String namespace, HistoryQuery query);

    /**
     * Stores a checkpoint. Afterwards it is the latest, or nothing has changed. The same put again on the same saver does
     * nothing, so it may be repeated after {@link CheckpointException.Unavailable}.
     *
     * @throws CheckpointException.Conflict if another than the expected checkpoint is the latest because someone else
     *     has gone on, or if the parent is gone
     * @throws CheckpointException.Unavailable if the storage does not answer; it is unknown whether it was stored
     * @throws IllegalArgumentException if its id is not greater than that of the latest
     */
    void put(NewCheckpoint checkpoint);

    /**
     * Stores what one task wrote after a checkpoint, which may still be on its way. Ordinary writes (index 0 and up) of a
     * task are kept together, as first stored: those of a second execution are dropped. Special ones replace their
     * predecessor of the same index.
     *
     * @param writes all ordinary writes of one execution of the task, special ones, or both; at least one
     */
    void putWrites(CheckpointRef ref, String taskId, List<PendingWrite> writes);

    /** Removes everything of a thread, all namespaces. Does nothing when there is none. */
    void deleteThread(String threadId);

    /**
     * Copies a whole thread, all namespaces with history and pending writes, under the same checkpoint ids.
     *
     * @throws CheckpointException.Conflict if the target exists
     */
    void copyThread(String fromThreadId, String toThreadId);

    /**
     * Removes all checkpoints of a thread but the latest of each namespace, which keeps its whole content and its pending
     * writes and becomes the first. Does nothing when there is none. May be repeated. A run that read the thread before,
     * on another saver, may meet a {@link CheckpointException.Conflict}.
     */
    void pruneThread(String threadId);

    /**
     * Removes the checkpoints that these runs made, in all namespaces. What others inherit from them is kept; their
     * children hang from the nearest ancestor that is left; when the latest goes, the newest that is left is the latest.
     * May be repeated, and meet runs, as {@link #pruneThread}.
     */
    void deleteRuns(String threadId, Set<String> runIds);
}
