package dev.heddle.dynamodb;

import dev.heddle.graph.checkpoint.CheckpointException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/**
 * What the table looks like: partition key {@code pk}, sort key {@code sk}, both texts; on-demand; items are expired by
 * {@code expires_at}. {@code template.yaml} says the same for a deployment.
 */
final class TableDefinition {
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);

    private static final List<KeySchemaElement> KEYS = List.of(
            KeySchemaElement.builder()
                    .attributeName(Keys.PK)
                    .keyType(KeyType.HASH)
                    .build(),
            KeySchemaElement.builder()
                    .attributeName(Keys.SK)
                    .keyType(KeyType.RANGE)
                    .build());
    private static final List<AttributeDefinition> ATTRIBUTES = List.of(attribute(Keys.PK), attribute(Keys.SK));

    private TableDefinition() {}

    /** The command that makes it by hand. */
    static String command(String table) {
        return "aws dynamodb create-table --table-name " + table
                + " --attribute-definitions AttributeName=pk,AttributeType=S AttributeName=sk,AttributeType=S"
                + " --key-schema AttributeName=pk,KeyType=HASH AttributeName=sk,KeyType=RANGE"
                + " --billing-mode PAY_PER_REQUEST";
    }

    /**
     * Makes the table unless it is there, and waits until it can be used. Several processes may do so at once.
     *
     * @throws CheckpointException.Unreadable if a table of this name has other keys
     */
    static void createIfAbsent(DynamoDbClient client, String table) {
        try {
            requireKeys(describe(client, table));
        } catch (ResourceNotFoundException absent) {
            create(client, table);
        }
        // Not waitUntilTableExists alone: another process may have made another table just now.
        requireKeys(client.waiter()
                .waitUntilTableExists(describe -> describe.tableName(table), wait -> wait.waitTimeout(READY_WITHIN))
                .matched()
                .response()
                .orElseThrow(() -> new IllegalStateException("a table that exists is described"))
                .table());
        expire(client, table);
    }

    private static TableDescription describe(DynamoDbClient client, String table) {
        return client.describeTable(describe -> describe.tableName(table)).table();
    }

    private static void create(DynamoDbClient client, String table) {
        try {
            client.createTable(create -> create.tableName(table)
                    .keySchema(KEYS)
                    .attributeDefinitions(ATTRIBUTES)
                    .billingMode(BillingMode.PAY_PER_REQUEST));
        } catch (ResourceInUseException made) {
            // Someone else was faster.
        }
    }

    private static void expire(DynamoDbClient client, String table) {
        if (expires(client, table)) {
            return;
        }
        try {
            client.updateTimeToLive(
                    update -> update.tableName(table).timeToLiveSpecification(ttl -> ttl.attributeName(Keys.EXPIRES_AT)
                            .enabled(true)));
        } catch (DynamoDbException refused) {
            // Another process may have been faster; DynamoDB has no type of its own for that.
            if (!expires(client, table)) {
                throw refused;
            }
        }
    }

    private static boolean expires(DynamoDbClient client, String table) {
        return client.describeTimeToLive(describe -> describe.tableName(table))
                        .timeToLiveDescription()
                        .timeToLiveStatus()
                != TimeToLiveStatus.DISABLED;
    }

    private static void requireKeys(TableDescription found) {
        boolean texts = found.attributeDefinitions().containsAll(ATTRIBUTES);
        if (!texts || !found.keySchema().equals(KEYS)) {
            throw new CheckpointException.Unreadable(
                    "Table '" + found.tableName() + "': other keys, expected pk (HASH, S) and sk (RANGE, S), got "
                            + found.keySchema().stream()
                                    .map(key -> key.attributeName() + " (" + key.keyTypeAsString() + ", "
                                            + type(found, key.attributeName()) + ")")
                                    .collect(Collectors.joining(" and "))
                            + ". Choose another table name.",
                    null);
        }
    }

    private static String type(TableDescription table, String attribute) {
        return table.attributeDefinitions().stream()
                .filter(definition -> definition.attributeName().equals(attribute))
                .map(AttributeDefinition::attributeTypeAsString)
                .findFirst()
                .orElse("?");
    }

    private static AttributeDefinition attribute(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }
}
