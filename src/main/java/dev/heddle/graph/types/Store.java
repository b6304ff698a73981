package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Long-term memory across threads: maps under a namespace and a key. Implementations are safe for concurrent use and
 * block until the storage has confirmed.
 *
 * <p>A namespace is a non-empty list of non-empty labels without dots, of which the first is not {@code langgraph}; for
 * example {@code [owner, "notes"]}. Anything else is refused with {@link StoreException.InvalidNamespace}.
 *
 * <p>An item whose time to live has passed is seen by nobody, as if deleted; a store may keep it up to one second longer.
 * Where it is set, reading an item makes it live on as if written now, which is no update: only {@link #put} changes
 * {@link Item#updatedAt}.
 *
 * <p>Source: LangGraph, {@code langgraph/store/base}. We differ: {@link #delete} deletes, putting null does not exist;
 * items come in the order of namespace and key, not of time; a search by text is refused where there is no embedding; an
 * absent field passes no filter, not even "not equal"; a text can be filtered by order.
 */
public interface Store {

    /** The item under this key; it lives on as if written now, unless the store is set otherwise. */
    Optional<Item> get(List<String> namespace, String key);

    /**
     * The item under this key.
     *
     * @param refresh whether it lives on as if written now; nothing changes for an item that never expires
     */
    Optional<Item> get(List<String> namespace, String key, boolean refresh);

    /** Writes an item, whole, as the store is set; a later write wins. */
    default void put(List<String> namespace, String key, Tree.Fields value) {
        put(namespace, key, value, PutOptions.DEFAULT);
    }

    /**
     * Writes an item, whole: value, vectors and time to live replace what was there; a later write wins.
     *
     * @throws StoreException.InvalidItem if it is too large for this store, or a path makes no sense
     */
    void put(List<String> namespace, String key, Tree.Fields value, PutOptions options);

    /** Removes an item; does nothing when there is none. */
    void delete(List<String> namespace, String key);

    /** Items in and below a namespace, by namespace and key, at most so many; at least 1. */
    default List<Item> search(List<String> prefix, int limit) {
        return search(SearchQuery.in(prefix).limit(limit));
    }

    /**
     * Items in and below a namespace that pass a filter: by namespace and key or, with a text, the most alike first and
     * then those without vectors.
     *
     * @throws StoreException.NoEmbedding if the query has a text and this store no embedding
     */
    List<Item> search(SearchQuery query);

    /** Namespaces that hold an item, sorted label by label, each once. */
    List<List<String>> listNamespaces(NamespaceQuery query);

    /**
     * An item as it is kept.
     *
     * @param createdAt when it was first written; deleting or expiry begins anew
     * @param updatedAt when it was last written
     * @param score from a search by text: cosine similarity of the text and the item's best vector, -1 to 1; else empty
     */
    record Item(
            List<String> namespace,
            String key,
            Tree.Fields value,
            Instant createdAt,
            Instant updatedAt,
            OptionalDouble score) {
        public Item {
            namespace = List.copyOf(namespace);
        }

        /** An item without a score. */
        public Item(List<String> namespace, String key, Tree.Fields value, Instant createdAt, Instant updatedAt) {
            this(namespace, key, value, createdAt, updatedAt, OptionalDouble.empty());
        }

        /** The same item with a score. */
        public Item scored(double score) {
            return new Item(namespace, key, value, createdAt, updatedAt, OptionalDouble.of(score));
        }
    }
}
