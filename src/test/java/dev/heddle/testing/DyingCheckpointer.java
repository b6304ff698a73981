package dev.heddle.testing;

import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.types.CheckpointRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A checkpointer that dies at one call, before or after the storage has applied it, and is dead from then on. */
public class DyingCheckpointer implements Checkpointer {
    private final Checkpointer storage;
    private final int dieAt;
    private final boolean applied;
    private final AtomicInteger calls = new AtomicInteger();

    /** Dies at call {@code dieAt}, counted from 0; {@code applied} says whether that call still reaches the storage. */
    public DyingCheckpointer(Checkpointer storage, int dieAt, boolean applied) {
        this.storage = storage;
        this.dieAt = dieAt;
        this.applied = applied;
    }

    @Override
    public Optional<SavedCheckpoint> latest(String threadId, String namespace) {
        return call(() -> storage.latest(threadId, namespace));
    }

    @Override
    public Optional<SavedCheckpoint> get(CheckpointRef ref) {
        return call(() -> storage.get(ref));
    }

    @Override
    public List<SavedCheckpoint> history(String threadId, String namespace, HistoryQuery query) {
        return call(() -> storage.history(threadId, namespace, query));
    }

    @Override
    public void put(NewCheckpoint checkpoint) {
        call(() -> {
            storage.put(checkpoint);
            return true;
        });
    }

    @Override
    public void putWrites(CheckpointRef ref, String taskId, List<PendingWrite> writes) {
        call(() -> {
            storage.putWrites(ref, taskId, writes);
            return true;
        });
    }

    @Override
    public void deleteThread(String threadId) {
        call(() -> {
            storage.deleteThread(threadId);
            return true;
        });
    }

    @Override
    public void copyThread(String fromThreadId, String toThreadId) {
        call(() -> {
            storage.copyThread(fromThreadId, toThreadId);
            return true;
        });
    }

    @Override
    public void pruneThread(String threadId) {
        call(() -> {
            storage.pruneThread(threadId);
            return true;
        });
    }

    @Override
    public void deleteRuns(String threadId, Set<String> runIds) {
        call(() -> {
            storage.deleteRuns(threadId, runIds);
            return true;
        });
    }

    private <T> T call(Supplier<T> work) {
        int call = calls.getAndIncrement();
        boolean reaches = call < dieAt || (call == dieAt && applied);
        Optional<T> answer = reaches ? Optional.of(work.get()) : Optional.empty();
        if (call < dieAt) {
            return answer.orElseThrow();
        }
        throw new CheckpointException.Unavailable("Storage: dead, expected an answer, got none. This is a test.", null);
    }
}
