package dev.heddle.dynamodb;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The latest checkpoint of a namespace.
 *
 * @param id the checkpoint
 * @param attempt who made it the latest
 * @param edition changes whenever checkpoints are taken out of the namespace, so that nobody goes on from what he read
 *     before; empty at first
 */
record Head(String id, String attempt, String edition) {

    static Head of(Map<String, AttributeValue> item) {
        return new Head(Table.text(item, "head"), Table.text(item, "attempt"), edition(item));
    }

    /** The edition that an item names; empty for none. */
    static String edition(Map<String, AttributeValue> item) {
        String edition = Table.optionalText(item, "edition");
        return edition == null ? "" : edition;
    }
}
