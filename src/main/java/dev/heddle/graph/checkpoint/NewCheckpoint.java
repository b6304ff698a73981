package dev.heddle.graph.checkpoint;

import dev.heddle.tree.Tree;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint to store: only what differs from its parent, so that storing costs what changed and not what there is.
 *
 * @param threadId the thread, {@code [A-Za-z0-9._-]{1,128}}
 * @param namespace the graph in the thread; empty for the root
 * @param parentId the checkpoint whose values go on to hold where nothing is said here; null for the first
 * @param checkpoint versions and what was seen, complete
 * @param metadata what is told about it
 * @param changed channel -> its value, for each channel that changed since the parent and is not empty
 * @param emptied the channels that changed since the parent and are empty now
 */
public record NewCheckpoint(
        String threadId,
        String namespace,
        @Nullable String parentId,
        Checkpoint checkpoint,
        Checkpoint.Metadata metadata,
        Map<String, Tree> changed,
        Set<String> emptied) {
    public NewCheckpoint {
        changed = Map.copyOf(changed);
        emptied = Set.copyOf(emptied);
    }

    /** Where it will stand. */
    public Checkpoint.Address address() {
        return new Checkpoint.Address(threadId, namespace, checkpoint.id());
    }

    /**
     * Checks that ids rise along a thread; every implementation asks this before it stores.
     *
     * @param head the latest checkpoint so far; null for none
     * @throws IllegalArgumentException if the new one's id is not greater
     */
    public static void requireLater(NewCheckpoint checkpoint, @Nullable String head) {
        String id = checkpoint.checkpoint().id();
        if (head != null && id.compareTo(head) <= 0) {
            throw new IllegalArgumentException("Thread '" + checkpoint.threadId()
                    + "': checkpoint id out of order, expected one greater than " + head + ", got " + id
                    + ". Make ids that rise whatever the clock says.");
        }
    }
}
