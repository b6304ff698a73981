package dev.heddle.dynamodb;

import dev.heddle.conformance.StoreConformance;
import dev.heddle.graph.store.StoreSettings;
import dev.heddle.graph.types.Store;
import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;

final class DynamoDbStoreIT extends StoreConformance {
    private static Table table;

    @BeforeAll
    static void createsTheTable() {
        table = TestTable.create();
    }

    @Override
    protected Store open(InstantSource clock, StoreSettings settings) {
        return new DynamoDbStore(table, "owner-" + UUID.randomUUID(), clock, settings);
    }
}
