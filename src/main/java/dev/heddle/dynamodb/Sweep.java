package dev.heddle.dynamodb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Deletes checkpoints that no reader reaches any more, with all that belongs to them and that none refers to that is kept.
 * Used by one worker.
 */
final class Sweep {
    private final Table table;
    private final String pk;
    private final Map<String, Left> bySegment = new HashMap<>();
    /** Keys of values and of the last batches of chains that are in use, without the number of the part. */
    private final Set<String> used = new HashSet<>();

    /**
     * What is left of a namespace.
     *
     * @param kept the headers that are kept
     * @param gone the ids of those that go, as they stand in keys
     */
    record Left(Line line, List<Header> kept, Set<String> gone) {}

    Sweep(Table table, String pk, List<Left> all) {
        this.table = table;
        this.pk = pk;
        for (Left left : all) {
            bySegment.put(left.line().segment(), left);
            left.kept().forEach(header -> use(left.line().segment(), header));
        }
    }

    private void use(String segment, Header header) {
        header.places().references().forEach(place -> {
            Places.Reference reference = place.reference();
            String slot = Keys.channel(place.channel());
            used.add(withoutPart(Keys.value(segment, slot, reference.writer(), reference.attempt(), 0)));
        });
        header.places().chains().forEach((channel, chain) -> {
            String slot = Keys.channel(channel);
            used.add(withoutPart(Keys.batch(segment, slot, chain.last(), chain.attempt(), 0)));
        });
    }

    void run() {
        if (bySegment.isEmpty()) {
            return;
        }
        addChains();
        List<String> unused = new ArrayList<>();
        unused.addAll(gone("W#", 2));
        unused.addAll(gone("V#", 3));
        unused.addAll(gone("D#", 3));
        unused.removeIf(sk -> used.contains(withoutPart(sk)));
        table.deleteAll(pk, unused);
        // Headers after what belongs to them: they are what a repetition goes by.
        table.deleteAll(pk, gone("C#", 2));
        bySegment.values().stream().filter(left -> left.kept().isEmpty()).forEach(left -> dropHead(left.line()));
    }

    /** Keys of this kind that belong to checkpoints that go; the id of the checkpoint is the part {@code at}. */
    private List<String> gone(String kind, int at) {
        List<String> gone = new ArrayList<>();
        table.query(Table.beginning(pk, kind).projectionExpression("pk, sk"), item -> {
            String sk = Table.text(item, Keys.SK);
            String[] parts = sk.split("#", -1);
            Left left = bySegment.get(parts[1]);
            if (left != null && left.gone().contains(parts[at])) {
                gone.add(sk);
            }
            return true;
        });
        return gone;
    }

    /** Marks what comes before the last batches that are in use. */
    private void addChains() {
        Map<String, String> before = new HashMap<>();
        table.query(
                Table.beginning(pk, "D#")
                        .projectionExpression("pk, sk, #before, before_attempt")
                        .expressionAttributeNames(Map.of("#before", "before")),
                item -> {
                    String sk = Table.text(item, Keys.SK);
                    String[] parts = sk.split("#", -1);
                    if (item.containsKey("before")) {
                        before.put(withoutPart(sk), withoutPart(Batches.before(parts[1], parts[2], item)));
                    }
                    return true;
                });
        for (String last : List.copyOf(used)) {
            String key = before.get(last);
            while (key != null && used.add(key)) {
                key = before.get(key);
            }
        }
    }

    private static String withoutPart(String sk) {
        return sk.substring(0, sk.lastIndexOf('#'));
    }

    /** Deletes the item of a nested head that names nothing any more, unless a new one has come. */
    private void dropHead(Line line) {
        if (line.segment().isEmpty()) {
            return;
        }
        Map<String, AttributeValue> key = Table.key(pk, Keys.head(line.segment()));
        table.calling(client -> {
            try {
                client.deleteItem(delete ->
                        delete.tableName(table.name()).key(key).conditionExpression("attribute_not_exists(head)"));
                return true;
            } catch (ConditionalCheckFailedException taken) {
                return false;
            }
        });
    }
}
