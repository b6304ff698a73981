package dev.heddle.graph.checkpoint;

import dev.heddle.graph.types.CheckpointMetadata;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.tree.Tree;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint as it was stored, with everything that belongs to it.
 *
 * @param ref where it stands
 * @param parentId the checkpoint from which it was made; null for the first of its namespace
 * @param checkpoint versions and what was seen, complete
 * @param metadata what is told about it
 * @param values channel -> value, for every channel that is stored whole and is not empty
 * @param deltas channel -> its history, for every channel that is stored as what was written to it. A channel is in one
 *     of the two maps at most
 * @param writes pending writes, those of a task together and in the order of their index
 */
public record SavedCheckpoint(
        CheckpointRef ref,
        @Nullable String parentId,
        Checkpoint checkpoint,
        CheckpointMetadata metadata,
        Map<String, Tree> values,
        Map<String, Delta> deltas,
        List<PendingWrite> writes) {
    public SavedCheckpoint {
        values = Map.copyOf(values);
        deltas = Map.copyOf(deltas);
        writes = List.copyOf(writes);
    }

    /**
     * A value as the last whole one with what was written since.
     *
     * @param base the last value that was stored whole; null when there is none
     * @param writes what was written to it since, oldest first; at least one
     */
    public record Delta(@Nullable Tree base, List<Tree> writes) {
        public Delta {
            writes = List.copyOf(writes);
        }
    }
}
