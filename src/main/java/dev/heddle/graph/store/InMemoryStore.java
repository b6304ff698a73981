package dev.heddle.graph.store;

import dev.heddle.graph.types.Store;
import dev.heddle.tree.Tree;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Keeps long-term memory in this process. Safe for concurrent use. */
public final class InMemoryStore implements Store {
    private final ConcurrentMap<Place, Item> items = new ConcurrentHashMap<>();
    private final InstantSource clock;

    /** An empty store. */
    public InMemoryStore(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Optional<Item> get(List<String> namespace, String key) {
        StoreRules.requireNamespace(namespace);
        return Optional.ofNullable(items.get(new Place(List.copyOf(namespace), key)));
    }

    @Override
    public void put(List<String> namespace, String key, Tree.Fields value) {
        StoreRules.requireNamespace(namespace);
        Place place = new Place(List.copyOf(namespace), key);
        items.compute(place, (where, old) -> {
            var now = clock.instant();
            return new Item(where.namespace(), key, value, old == null ? now : old.createdAt(), now);
        });
    }

    @Override
    public void delete(List<String> namespace, String key) {
        StoreRules.requireNamespace(namespace);
        items.remove(new Place(List.copyOf(namespace), key));
    }

    @Override
    public List<Item> search(List<String> prefix, int limit) {
        StoreRules.requireSearch(prefix, limit);
        return items.values().stream()
                .filter(item -> StoreRules.isBelow(item.namespace(), prefix))
                .sorted(StoreRules.ORDER)
                .limit(limit)
                .toList();
    }

    private record Place(List<String> namespace, String key) {}
}
