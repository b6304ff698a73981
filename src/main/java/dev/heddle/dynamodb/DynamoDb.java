package dev.heddle.dynamodb;

import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.store.StoreSettings;
import dev.heddle.graph.types.Store;
import dev.heddle.llm.types.Principal;
import dev.heddle.observe.Probe;
import dev.heddle.run.RunRepository;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The table, and everything that is kept in it. The client is built when first needed, so making one of these costs and
 * touches nothing. Safe for concurrent use; one per process.
 */
public final class DynamoDb implements RunRepository, AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ATTEMPT = Duration.ofSeconds(5);
    static final Duration CALL = Duration.ofSeconds(15);

    private final Table table;
    private final InstantSource clock;
    private final Supplier<String> attempts;

    /** The table of these settings; {@code clock} dates long-term memory. */
    public DynamoDb(DynamoDbSettings settings, InstantSource clock) {
        this(new Table(settings.table(), () -> client(settings)), clock, () -> UUID.randomUUID()
                .toString());
    }

    DynamoDb(Table table, InstantSource clock, Supplier<String> attempts) {
        this.table = table;
        this.clock = clock;
        this.attempts = attempts;
    }

    @Override
    public Checkpointer checkpointer(Principal owner) {
        return checkpointer(owner.id());
    }

    @Override
    public Store store(Principal owner) {
        return store(owner.id());
    }

    /** A saver of this owner's threads, for one run. Costs nothing to make. */
    Checkpointer checkpointer(String owner) {
        return new DynamoDbCheckpointer(table, owner, attempts);
    }

    /** The long-term memory of this owner. */
    Store store(String owner) {
        return new DynamoDbStore(table, owner, clock, StoreSettings.DEFAULT);
    }

    /** Asks whether the table can be read. */
    public Probe probe() {
        return new DynamoDbProbe(table);
    }

    /**
     * Makes the table unless it is there, and waits until it can be used.
     *
     * @throws dev.heddle.graph.checkpoint.CheckpointException.Unreadable if a table of this name has other keys
     */
    public void createTableIfAbsent() {
        table.calling(client -> {
            TableDefinition.createIfAbsent(client, table.name());
            return true;
        });
    }

    @Override
    public void close() {
        table.close();
    }

    private static DynamoDbClient client(DynamoDbSettings settings) {
        var builder = DynamoDbClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(ATTEMPT))
                .overrideConfiguration(
                        call -> call.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL));
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        return builder.build();
    }
}
