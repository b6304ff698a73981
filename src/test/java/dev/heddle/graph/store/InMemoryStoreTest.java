package dev.heddle.graph.store;

import dev.heddle.conformance.StoreConformance;
import dev.heddle.graph.types.Store;
import java.time.InstantSource;

final class InMemoryStoreTest extends StoreConformance {

    @Override
    protected Store open(InstantSource clock) {
        return new InMemoryStore(clock);
    }
}
