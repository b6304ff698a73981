package dev.heddle.dynamodb;

import dev.heddle.local.DynamoDbLocal;
import java.util.UUID;

/** Tables on the shared DynamoDB Local. */
final class TestTable {
    private TestTable() {}

    /** A new, empty table. */
    static Table create() {
        return create("heddle-" + UUID.randomUUID());
    }

    static Table create(String name) {
        TableDefinition.createIfAbsent(DynamoDbLocal.shared().client(), name);
        return new Table(name, () -> DynamoDbLocal.shared().client());
    }
}
