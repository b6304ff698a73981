package dev.heddle.dynamodb;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Which table. Region and credentials come from where the AWS SDK looks for them ({@code AWS_REGION}, {@code
 * AWS_ACCESS_KEY_ID} …).
 *
 * @param table name of the table
 * @param endpoint address of the service; null for the SDK's choice, which honours {@code AWS_ENDPOINT_URL_DYNAMODB}
 */
public record DynamoDbSettings(String table, @Nullable URI endpoint) {
    /** This table, at the SDK's choice of endpoint. */
    public DynamoDbSettings(String table) {
        this(table, null);
    }
}
