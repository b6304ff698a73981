package dev.heddle.local;

import dev.heddle.local.model.StandInModel;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What {@link LocalRun} starts beside the gateway and the function: the one place where it touches other parts of this
 * repository.
 */
final class LocalParts {
    private LocalParts() {}

    /** Something that runs until it is closed. */
    interface Part extends AutoCloseable {
        URI endpoint();

        @Override
        void close();
    }

    /** DynamoDB Local, whose data outlive it, with the table; the function never makes one. */
    static Part dynamoDb(Path dataDirectory, String table) {
        DynamoDbLocal started = DynamoDbLocal.start(dataDirectory);
        LocalTable.createIfAbsent(started, table);
        return part(started.endpoint(), started);
    }

    /** The stand-in for a model, on a free port; it takes its time, as a model would. */
    static Part standIn() throws IOException {
        StandInModel started = StandInModel.start(0, Duration.ofMillis(15));
        return part(started.endpoint(), started);
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
