package dev.heddle.graph.checkpoint;

import dev.heddle.graph.types.CheckpointMetadata;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.tree.Tree;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint to store: only what differs from its parent, so that making and storing it costs what changed and not what
 * there is.
 *
 * @param ref where it will stand; thread {@code [A-Za-z0-9._-]{1,128}}, id greater than that of the latest
 * @param parentId the checkpoint whose content goes on to hold where nothing is said here; null for an empty one
 * @param createdAt when it was made, by the clock of the process that made it
 * @param metadata what is told about it
 * @param changes what differs from the parent
 * @param updated the channels that the last superstep changed and left non-empty; complete
 */
public record NewCheckpoint(
        CheckpointRef ref,
        @Nullable String parentId,
        Instant createdAt,
        CheckpointMetadata metadata,
        Changes changes,
        Set<String> updated) {
    public NewCheckpoint {
        updated = Set.copyOf(updated);
    }

    /**
     * What differs from the parent. Of a channel that is named more than once, {@code emptied} counts first, then {@code
     * values}, then {@code appended}; no writes append nothing.
     *
     * @param values channel -> its value, for each channel that changed and is stored whole
     * @param emptied the channels that held a value in the parent and hold none now
     * @param appended channel -> writes to it in the order of their application, for each channel that changed and is
     *     stored as what was written to it. The parent's value and writes of that channel, if any, go on to count before
     *     them
     * @param versions channel -> its version, for each channel that changed
     * @param seen node -> channel -> version, for each that changed
     */
    public record Changes(
            Map<String, Tree> values,
            Set<String> emptied,
            Map<String, List<Tree>> appended,
            Map<String, Long> versions,
            Map<String, Map<String, Long>> seen) {
        /** No change. */
        public static final Changes NONE = new Changes(Map.of(), Set.of(), Map.of(), Map.of(), Map.of());

        public Changes {
            values = Map.copyOf(values);
            emptied = Set.copyOf(emptied);
            appended = Map.copyOf(appended);
            versions = Map.copyOf(versions);
            seen = Map.copyOf(seen);
        }
    }

    /** Its id. */
    public String id() {
        return ref.checkpointId();
    }

    /**
     * Checks that ids rise along a thread; every implementation asks this before it stores.
     *
     * @param head the latest checkpoint so far; null for none
     * @throws IllegalArgumentException if the new one's id is not greater
     */
    public static void requireLater(NewCheckpoint checkpoint, @Nullable String head) {
        String id = checkpoint.id();
        if (head != null && id.compareTo(head) <= 0) {
            throw new IllegalArgumentException("Thread '" + checkpoint.ref().threadId()
                    + "': checkpoint id out of order, expected one greater than " + head + ", got " + id
                    + ". Make ids that rise whatever the clock says.");
        }
    }
}
