package dev.heddle.graph.store;

import dev.heddle.graph.types.Store;
import dev.heddle.tree.Tree;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Stub until the store room is merged. */
public final class InMemoryStore implements Store {
    /** A store. */
    public InMemoryStore(Clock clock) {}

    @Override
    public Optional<Item> get(List<String> namespace, String key) {
        return Optional.empty();
    }

    @Override
    public void put(List<String> namespace, String key, Tree.Fields value) {}

    @Override
    public void delete(List<String> namespace, String key) {}

    @Override
    public List<Item> search(List<String> prefix, int limit) {
        return List.of();
    }
}
