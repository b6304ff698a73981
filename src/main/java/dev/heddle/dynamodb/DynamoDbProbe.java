package dev.heddle.dynamodb;

import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.observe.Probe;
import java.time.Duration;
import java.util.Optional;

/** Asks whether the table can be read, by reading an item that is not there: that needs no permission of its own. */
final class DynamoDbProbe implements Probe {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Table table;

    DynamoDbProbe(Table table) {
        this.table = table;
    }

    @Override
    public String name() {
        return "table";
    }

    @Override
    public Optional<String> problem() {
        try {
            table.calling(client -> client.getItem(get -> get.tableName(table.name())
                    .key(Table.key("PROBE", "-"))
                    .consistentRead(true)
                    .overrideConfiguration(call -> call.apiCallTimeout(PATIENCE))));
            return Optional.empty();
        } catch (CheckpointException e) {
            return Optional.ofNullable(e.getMessage());
        } catch (IllegalStateException | IllegalArgumentException e) {
            // The client could not be built; SdkException is dealt with by the table.
            return Optional.of("Table '" + table.name() + "': no client, expected region and credentials, got "
                    + e.getClass().getSimpleName() + ". Set AWS_REGION.");
        }
    }
}
