package dev.heddle.testing;

import dev.heddle.graph.checkpoint.Checkpoint;
import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
    public Optional<SavedCheckpoint> get(Checkpoint.Address address) {
        return call(() -> storage.get(address));
    }

    @Override
    public List<SavedCheckpoint> history(String threadId, String namespace, @Nullable String before, int limit) {
        return call(() -> storage.history(threadId, namespace, before, limit));
    }

    @Override
    public void put(NewCheckpoint checkpoint) {
        call(() -> {
            storage.put(checkpoint);
            return true;
        });
    }

    @Override
    public void putWrites(Checkpoint.Address address, String taskId, List<PendingWrite> writes) {
        call(() -> {
            storage.putWrites(address, taskId, writes);
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
