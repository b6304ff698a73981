/** What stands in for AWS on a developer's machine and in tests. Read {@link dev.heddle.local.DynamoDbLocal} first; nothing here ships. */
@NullMarked
package dev.heddle.local;

import org.jspecify.annotations.NullMarked;
