package dev.heddle.local;

import java.net.URI;
import java.nio.file.Path;

/**
 * What {@link LocalRun} starts beside the gateway and the function: the one place where it touches other parts of this
 * repository.
 */
@SuppressWarnings("DoNotCallSuggester") // merge: goes with the last UnsupportedOperationException
final class LocalParts {
    private LocalParts() {}

    /** Something that runs until it is closed. */
    interface Part extends AutoCloseable {
        URI endpoint();

        @Override
        void close();
    }

    /** DynamoDB Local, whose data outlive it. */
    static Part dynamoDb(Path dataDirectory) throws Exception {
        // merge: DynamoDbLocal started = DynamoDbLocal.start(dataDirectory); return part(started.endpoint(), started);
        throw new UnsupportedOperationException("DynamoDB Local is not there yet, try HEDDLE_STORE=memory");
    }

    /** The stand-in for a model, on a free port. */
    static Part standIn() throws Exception {
        // merge: StandInModel started = StandInModel.start(0); return part(started.endpoint(), started);
        throw new UnsupportedOperationException("the stand-in is not there yet, start Ollama");
    }

    /** Creates the table when there is none; the function never does that. */
    static void createTable(URI endpoint, String table) {
        // merge: try (DynamoDbClient client = …endpointOverride(endpoint)…) { TableDefinition.createIfAbsent(client) }
        throw new UnsupportedOperationException("no table definition yet at " + endpoint + " for " + table);
    }

    static Part part(URI endpoint, AutoCloseable started) {
        return new Part() {
            @Override
            public URI endpoint() {
                return endpoint;
            }

            @Override
            public void close() {
                try {
                    started.close();
                } catch (Exception e) {
                    System.err.println("heddle: " + endpoint + " did not end well: " + e.getMessage());
                }
            }
        };
    }
}
