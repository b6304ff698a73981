package dev.heddle.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.types.CheckpointMetadata;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.local.DynamoDbLocal;
import dev.heddle.tree.Tree;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** Making the table, asking after it, and its life on disk. */
final class DynamoDbTableIT {
    private final String name = "heddle-" + UUID.randomUUID();

    @Test
    void isMadeOnceByManyAtOnce() throws Exception {
        DynamoDbClient client = DynamoDbLocal.shared().client();
        Callable<Boolean> create = () -> {
            TableDefinition.createIfAbsent(client, name);
            return true;
        };

        assertThat(Parallel.all(List.of(create, create, create, create))).hasSize(4);
        TableDefinition.createIfAbsent(client, name);

        var made = client.describeTable(describe -> describe.tableName(name)).table();
        assertThat(made.billingModeSummary().billingMode()).isEqualTo(BillingMode.PAY_PER_REQUEST);
        var expiry =
                client.describeTimeToLive(describe -> describe.tableName(name)).timeToLiveDescription();
        assertThat(expiry.timeToLiveStatus()).isEqualTo(TimeToLiveStatus.ENABLED);
        assertThat(expiry.attributeName()).isEqualTo("expires_at");
    }

    @Test
    void isRefusedWhenItHasOtherKeys() {
        DynamoDbClient client = DynamoDbLocal.shared().client();
        client.createTable(create -> create.tableName(name)
                .keySchema(KeySchemaElement.builder()
                        .attributeName("id")
                        .keyType(KeyType.HASH)
                        .build())
                .attributeDefinitions(AttributeDefinition.builder()
                        .attributeName("id")
                        .attributeType(ScalarAttributeType.N)
                        .build())
                .billingMode(BillingMode.PAY_PER_REQUEST));

        assertThatThrownBy(() -> TableDefinition.createIfAbsent(client, name))
                .isInstanceOf(CheckpointException.Unreadable.class)
                .hasMessageContaining("got id (HASH, N). Choose another table name.");
        assertThat(new DynamoDbProbe(new Table(name, () -> client)).problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("ValidationException"));
    }

    @Test
    void isAskedAfter() {
        Table table = new Table(name, () -> DynamoDbLocal.shared().client());
        DynamoDbProbe probe = new DynamoDbProbe(table);

        assertThat(probe.name()).isEqualTo("table");
        assertThat(probe.problem()).hasValueSatisfying(problem -> assertThat(problem)
                .contains(name, "aws dynamodb create-table --table-name " + name));
        assertThatThrownBy(() -> saver(table).latest("t", ""))
                .isInstanceOf(CheckpointException.Unavailable.class)
                .hasMessageContaining("not found");

        TestTable.create(name);

        assertThat(probe.problem()).isEmpty();
    }

    @Test
    void saysThatNobodyAnswers() {
        DynamoDbClient nobody = DynamoDbLocal.shared()
                .clientBuilder()
                .endpointOverride(URI.create("http://localhost:1"))
                .build();

        assertThat(new DynamoDbProbe(new Table(name, () -> nobody)).problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("no answer", "AWS_ENDPOINT_URL_DYNAMODB"));
    }

    @Test
    void isLeftAloneUntilItIsNeeded() {
        try (DynamoDb dynamoDb = new DynamoDb(
                new Table(name, () -> {
                    throw new AssertionError("a client was built");
                }),
                InstantSource.system(),
                () -> "attempt")) {
            assertThat(dynamoDb.checkpointer("owner")).isNotNull();
            assertThat(dynamoDb.store("owner")).isNotNull();
            assertThat(dynamoDb.probe().name()).isEqualTo("table");
        }
    }

    @Test
    void keepsThreadsOnDiskAlsoWhenItIsKilled(@TempDir Path directory) throws Exception {
        Tree said = Tree.of("before the plug was pulled");
        try (DynamoDbLocal local = DynamoDbLocal.start(directory)) {
            TableDefinition.createIfAbsent(local.client(), name);
            saver(new Table(name, local::client))
                    .put(new NewCheckpoint(
                            new CheckpointRef("t", "", "1f0a"),
                            null,
                            Instant.EPOCH,
                            new CheckpointMetadata(CheckpointMetadata.Source.INPUT, -1, "", "", Map.of()),
                            new NewCheckpoint.Changes(Map.of("messages", said), Set.of(), Map.of(), Map.of(), Map.of()),
                            Set.of("messages")));
            local.process().destroyForcibly();
            local.process().onExit().get();
        }

        try (DynamoDbLocal local = DynamoDbLocal.start(directory)) {
            TableDefinition.createIfAbsent(local.client(), name);

            assertThat(saver(new Table(name, local::client))
                            .latest("t", "")
                            .orElseThrow()
                            .values())
                    .isEqualTo(Map.of("messages", said));
        }
    }

    private static Checkpointer saver(Table table) {
        return new DynamoDbCheckpointer(table, "owner", () -> UUID.randomUUID().toString());
    }
}
