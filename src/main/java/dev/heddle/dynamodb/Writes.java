package dev.heddle.dynamodb;

import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Pending writes of tasks.
 *
 * <pre>
 *   W#&lt;ns&gt;#&lt;id&gt;#&lt;task&gt;              all ordinary writes of one execution; the first put wins
 *   W#&lt;ns&gt;#&lt;id&gt;#&lt;task&gt;#&lt;index&gt;      a special write (index below 0); the last put wins
 *        v, id, data = packed {"task":"..","writes":[[index,"channel",value],..]}, or parts = n and attempt
 * </pre>
 */
final class Writes {
    private final Table table;
    private final Values values;

    Writes(Table table, Values values) {
        this.table = table;
        this.values = values;
    }

    void put(Line line, String id, String taskId, List<PendingWrite> added, Supplier<String> attempts) {
        List<PendingWrite> ordinary =
                added.stream().filter(write -> write.index() >= 0).toList();
        List<Callable<Boolean>> requests = new ArrayList<>();
        if (!ordinary.isEmpty()) {
            requests.add(() ->
                    store(line, id, Keys.writes(line.segment(), id, taskId), taskId, ordinary, attempts.get(), true));
        }
        for (PendingWrite write : added) {
            if (write.index() < 0) {
                requests.add(() -> store(
                        line,
                        id,
                        Keys.specialWrite(line.segment(), id, taskId, write.index()),
                        taskId,
                        List.of(write),
                        attempts.get(),
                        false));
            }
        }
        table.together(requests);
    }

    private boolean store(
            Line line,
            String id,
            String sk,
            String taskId,
            List<PendingWrite> writes,
            String attempt,
            boolean firstWins) {
        Map<String, AttributeValue> item = Table.item(line.pk(), sk);
        item.put("id", Table.text(id));
        byte[] packed = Packed.pack(tree(taskId, writes));
        if (packed.length <= Packed.MAX_PART_BYTES) {
            item.put("data", Table.bytes(packed));
        } else {
            // The parts first, under keys that nobody else uses; the item makes them visible.
            List<WriteRequest> parts = new ArrayList<>();
            item.put("parts", Table.number(values.addParts(line, Keys.WRITES, id, attempt, packed, parts)));
            item.put("attempt", Table.text(attempt));
            table.together(table.writing(parts, Values::bytes));
        }
        PutItemRequest.Builder put =
                PutItemRequest.builder().tableName(table.name()).item(item);
        if (firstWins) {
            put.conditionExpression("attribute_not_exists(pk)");
        }
        return table.calling(client -> {
            try {
                client.putItem(put.build());
                return true;
            } catch (ConditionalCheckFailedException kept) {
                return false;
            }
        });
    }

    /** The pending writes of the checkpoints from {@code first} to {@code last}, by checkpoint. */
    Map<String, List<PendingWrite>> read(Line line, String first, String last) {
        Map<String, List<PendingWrite>> found = new HashMap<>();
        table.query(
                QueryRequest.builder()
                        .keyConditionExpression("pk = :pk AND sk BETWEEN :from AND :to")
                        .expressionAttributeValues(Map.of(
                                ":pk", Table.text(line.pk()),
                                ":from", Table.text(Keys.writes(line.segment(), first)),
                                ":to", Table.text(Keys.writesEnd(line.segment(), last)))),
                item -> {
                    String id = Table.text(item, "id");
                    found.computeIfAbsent(id, checkpoint -> new ArrayList<>()).addAll(writes(line, id, item));
                    return true;
                });
        return found;
    }

    private List<PendingWrite> writes(Line line, String id, Map<String, AttributeValue> item) {
        int parts = Table.count(item, "parts");
        Tree.Fields stored = Codecs.fields(
                parts == 0
                        ? Values.unpack(Table.bytes(item, "data"), line.threadId())
                        : values.readParts(line, Keys.WRITES, id, Table.text(item, "attempt"), parts),
                "Writes");
        String task = Codecs.text(stored.get("task"), "Writes");
        return Codecs.items(stored.get("writes"), "Writes").stream()
                .map(write -> write(task, Codecs.items(write, "Write")))
                .toList();
    }

    private static PendingWrite write(String task, List<Tree> facts) {
        return new PendingWrite(
                task,
                Math.toIntExact(Codecs.integer(facts.get(0), "Write")),
                Codecs.text(facts.get(1), "Write"),
                facts.get(2));
    }

    private static Tree tree(String taskId, List<PendingWrite> writes) {
        return Tree.fields(
                "task",
                Tree.of(taskId),
                "writes",
                Tree.of(writes.stream()
                        .map(write -> Tree.of(List.of(Tree.of(write.index()), Tree.of(write.channel()), write.value())))
                        .toList()));
    }
}
