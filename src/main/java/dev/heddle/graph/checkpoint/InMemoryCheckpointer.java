package dev.heddle.graph.checkpoint;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stub until merged. */
public final class InMemoryCheckpointer implements Checkpointer {
    @Override
    public Optional<SavedCheckpoint> latest(String threadId, String namespace) {
        return Optional.empty();
    }

    @Override
    public Optional<SavedCheckpoint> get(Checkpoint.Address address) {
        return Optional.empty();
    }

    @Override
    public List<SavedCheckpoint> history(String threadId, String namespace, @Nullable String before, int limit) {
        return List.of();
    }

    @Override
    public void put(NewCheckpoint checkpoint) {}

    @Override
    public void putWrites(Checkpoint.Address address, String taskId, List<PendingWrite> writes) {}

    @Override
    public void deleteThread(String threadId) {}
}
