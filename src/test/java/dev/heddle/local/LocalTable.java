package dev.heddle.local;

import dev.heddle.dynamodb.DynamoDb;
import dev.heddle.dynamodb.DynamoDbSettings;
import java.time.InstantSource;

/** Makes Heddle's table in a DynamoDB Local. */
public final class LocalTable {
    private LocalTable() {}

    /** Makes the table unless it is there. */
    public static void createIfAbsent(DynamoDbLocal local, String table) {
        // The client of the product reads credentials and region as AWS' SDK does; any will do here.
        System.setProperty("aws.region", DynamoDbLocal.REGION);
        System.setProperty("aws.accessKeyId", DynamoDbLocal.CREDENTIAL);
        System.setProperty("aws.secretAccessKey", DynamoDbLocal.CREDENTIAL);
        try (DynamoDb heddle = new DynamoDb(new DynamoDbSettings(table, local.endpoint()), InstantSource.system())) {
            heddle.createTableIfAbsent();
        }
    }
}
