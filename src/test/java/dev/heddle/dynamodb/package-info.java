/** Proves the DynamoDB adapters on DynamoDB Local. Read {@link dev.heddle.dynamodb.DynamoDbCheckpointerIT} first. */
@NullMarked
package dev.heddle.dynamodb;

import org.jspecify.annotations.NullMarked;
