package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Long-term memory across threads: maps under a namespace and a key. Implementations are safe for concurrent use and
 * block until the storage has confirmed.
 *
 * <p>A namespace is a non-empty list of non-empty labels without dots, for example {@code [owner, "notes"]}.
 */
public interface Store {

    /** The item under this key. */
    Optional<Item> get(List<String> namespace, String key);

    /** Writes an item, whole; a later write wins. */
    void put(List<String> namespace, String key, Tree.Fields value);

    /** Removes an item; does nothing when there is none. */
    void delete(List<String> namespace, String key);

    /**
     * Items below a namespace prefix, by namespace and key.
     *
     * @param prefix labels that the namespace must begin with; {@code [u,1]} does not match {@code [u,10]}
     * @param limit at most so many; at least 1
     */
    List<Item> search(List<String> prefix, int limit);

    /** An item as it is kept. */
    record Item(List<String> namespace, String key, Tree.Fields value, Instant createdAt, Instant updatedAt) {}
}
