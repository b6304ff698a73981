package dev.heddle.dynamodb;

import dev.heddle.graph.checkpoint.CheckpointException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** What is done to whole threads. Heads are what makes a thread visible, so they go first and come last. */
final class Threads {
    /** What a checkpoint consists of besides its head: the first letters of the sort keys. */
    private static final List<String> CONTENT = List.of("C#", "D#", "V#", "W#");

    private static final int COPIED_AT_ONCE = 25;

    private final Table table;

    Threads(Table table) {
        this.table = table;
    }

    /** Deletes a whole thread: first what makes it visible, so that a crash leaves it deleted for every reader. */
    void delete(String pk) {
        List<String> heads = new ArrayList<>();
        List<String> others = new ArrayList<>();
        table.query(Table.all(pk).projectionExpression("pk, sk"), item -> {
            String sk = Table.text(item, Keys.SK);
            return (sk.equals(Keys.LEASE) || sk.startsWith(Keys.HEADS) ? heads : others).add(sk);
        });
        table.deleteAll(pk, heads);
        table.deleteAll(pk, others);
    }

    /**
     * Copies what a thread's heads refer to now, then the heads, that of the root last. A crash before the end leaves no
     * root, and the same copy may be made again.
     */
    void copy(String from, String to, String toThreadId) {
        Map<String, Map<String, AttributeValue>> heads = heads(from);
        heads(to).forEach((sk, head) -> {
            // Heads of a copy that was broken off are no other thread's.
            if (sk.equals(Keys.LEASE) || !head.equals(heads.get(sk))) {
                throw new CheckpointException.Conflict(toThreadId, null, null);
            }
        });
        for (String kind : CONTENT) {
            copyItems(from, to, kind);
        }
        List<String> order = new ArrayList<>(heads.keySet());
        order.remove(Keys.LEASE);
        if (heads.containsKey(Keys.LEASE)) {
            order.add(Keys.LEASE);
        }
        for (String sk : order) {
            if (!putHead(to, sk, heads.getOrDefault(sk, Map.of()))) {
                throw new CheckpointException.Conflict(toThreadId, null, null);
            }
        }
    }

    /** Sort key -> what a head says, for those that name a checkpoint. */
    private Map<String, Map<String, AttributeValue>> heads(String pk) {
        Map<String, Map<String, AttributeValue>> heads = new HashMap<>();
        for (String prefix : List.of(Keys.HEADS, Keys.LEASE)) {
            table.query(Table.beginning(pk, prefix), item -> {
                if (item.containsKey("head")) {
                    Map<String, AttributeValue> head = new HashMap<>();
                    for (String name : List.of("v", "head", "attempt", "edition")) {
                        if (item.containsKey(name)) {
                            head.put(name, item.getOrDefault(name, AttributeValue.fromNul(true)));
                        }
                    }
                    heads.put(Table.text(item, Keys.SK), head);
                }
                return true;
            });
        }
        return heads;
    }

    private void copyItems(String from, String to, String kind) {
        List<WriteRequest> page = new ArrayList<>();
        table.query(Table.beginning(from, kind), item -> {
            Map<String, AttributeValue> copy = new HashMap<>(item);
            copy.put(Keys.PK, Table.text(to));
            page.add(WriteRequest.builder().putRequest(put -> put.item(copy)).build());
            if (page.size() == COPIED_AT_ONCE) {
                write(page);
            }
            return true;
        });
        write(page);
    }

    private void write(List<WriteRequest> page) {
        table.together(table.writing(List.copyOf(page), Values::bytes));
        page.clear();
    }

    /** True also when it stands there already. */
    private boolean putHead(String pk, String sk, Map<String, AttributeValue> head) {
        Map<String, AttributeValue> item = new HashMap<>(head);
        item.putAll(Table.key(pk, sk));
        return table.calling(client -> {
            try {
                client.putItem(put -> put.tableName(table.name())
                        .item(item)
                        .conditionExpression("attribute_not_exists(head)")
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
                return true;
            } catch (ConditionalCheckFailedException taken) {
                return taken.hasItem() && taken.item().equals(item);
            }
        });
    }
}
