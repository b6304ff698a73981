/**
 * Keeps everything in one DynamoDB table, {@code docs/storage.md}: checkpoints and long-term memory. The only room that
 * sees types of the AWS SDK; knows no HTTP, no run and no graph.
 *
 * <p>Read {@link dev.heddle.dynamodb.DynamoDb} first.
 */
@NullMarked
package dev.heddle.dynamodb;

import org.jspecify.annotations.NullMarked;
