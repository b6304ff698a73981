package dev.heddle.graph.pregel;

import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.types.CheckpointRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Storage that a drain does not break off. Clients of databases give up on an interrupted worker; without this, what a run
 * has to leave behind when it is asked to stop at once would be lost.
 */
final class ShelteredCheckpointer implements Checkpointer {
    private final Checkpointer storage;
    private final Control control;

    private ShelteredCheckpointer(Checkpointer storage, Control control) {
        this.storage = storage;
        this.control = control;
    }

    /** This storage, sheltered once. */
    static Checkpointer of(Checkpointer storage, Control control) {
        return storage instanceof ShelteredCheckpointer known && known.control == control
                ? storage
                : new ShelteredCheckpointer(storage, control);
    }

    @Override
    public Optional<SavedCheckpoint> latest(String threadId, String namespace) {
        return control.sheltered(() -> storage.latest(threadId, namespace));
    }

    @Override
    public Optional<SavedCheckpoint> get(CheckpointRef ref) {
        return control.sheltered(() -> storage.get(ref));
    }

    @Override
    public List<SavedCheckpoint> history(String threadId, String namespace, HistoryQuery query) {
        return control.sheltered(() -> storage.history(threadId, namespace, query));
    }

    @Override
    public void put(NewCheckpoint checkpoint) {
        undisturbed(() -> storage.put(checkpoint));
    }

    @Override
    public void putWrites(CheckpointRef ref, String taskId, List<PendingWrite> writes) {
        undisturbed(() -> storage.putWrites(ref, taskId, writes));
    }

    @Override
    public void deleteThread(String threadId) {
        undisturbed(() -> storage.deleteThread(threadId));
    }

    @Override
    public void copyThread(String fromThreadId, String toThreadId) {
        undisturbed(() -> storage.copyThread(fromThreadId, toThreadId));
    }

    @Override
    public void pruneThread(String threadId) {
        undisturbed(() -> storage.pruneThread(threadId));
    }

    @Override
    public void deleteRuns(String threadId, Set<String> runIds) {
        undisturbed(() -> storage.deleteRuns(threadId, runIds));
    }

    private void undisturbed(Runnable work) {
        control.sheltered(() -> {
            work.run();
            return true;
        });
    }
}
