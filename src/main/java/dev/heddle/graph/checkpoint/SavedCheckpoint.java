package dev.heddle.graph.checkpoint;

import dev.heddle.tree.Tree;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint as it was stored, with everything that belongs to it.
 *
 * @param address where it stands
 * @param parentId the checkpoint from which it was made; null for the first of its namespace
 * @param checkpoint versions and what was seen
 * @param metadata what is told about it
 * @param values channel -> value, for every channel that is not empty
 * @param writes pending writes, those of a task together and in the order of their index
 */
public record SavedCheckpoint(
        Checkpoint.Address address,
        @Nullable String parentId,
        Checkpoint checkpoint,
        Checkpoint.Metadata metadata,
        Map<String, Tree> values,
        List<PendingWrite> writes) {
    public SavedCheckpoint {
        values = Map.copyOf(values);
        writes = List.copyOf(writes);
    }
}
