package dev.heddle.dynamodb;

import dev.heddle.conformance.CheckpointerConformance;
import dev.heddle.graph.checkpoint.Checkpointer;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;

final class DynamoDbCheckpointerIT extends CheckpointerConformance {
    private static Table table;

    @BeforeAll
    static void createsTheTable() {
        table = TestTable.create();
    }

    @Override
    protected Checkpointer open() {
        return new DynamoDbCheckpointer(table, "owner", () -> UUID.randomUUID().toString());
    }

    @Override
    protected int walks() {
        return 6;
    }
}
