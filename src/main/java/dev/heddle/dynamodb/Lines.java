package dev.heddle.dynamodb;

import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Headers and heads.
 *
 * <pre>
 *   LEASE or N#&lt;ns&gt;      v, head = id, attempt
 *   C#&lt;ns&gt;#&lt;id&gt;          v, id, attempt, replaced?, parent?, body = packed header, or parts = n when it is too large
 * </pre>
 *
 * A header counts when the head names it, or when a header that counts says that it replaced it. All others are left
 * from writers that lost or died.
 */
final class Lines {
    private final Table table;
    private final Values values;

    Lines(Table table, Values values) {
        this.table = table;
        this.values = values;
    }

    /** The head that a look at one checkpoint has met, and the header, if it counts. */
    record Found(Optional<String> head, Optional<Header> header) {}

    /** The header of the head. */
    Optional<Header> latest(Line line) {
        // The newest header nearly always is the head's; reading it at once saves a round trip.
        List<Optional<Map<String, AttributeValue>>> both =
                table.together(List.of(() -> head(line), () -> newest(line)));
        Optional<String> head = both.getFirst().map(Lines::headId);
        if (head.isEmpty()) {
            return Optional.empty();
        }
        String id = head.get();
        Map<String, AttributeValue> item = both.getLast()
                .filter(newest -> Table.text(newest, "id").equals(id))
                .or(() -> table.get(line.pk(), Keys.header(line.namespace(), id)))
                .orElseThrow(() -> Values.missing("header", line.threadId()));
        return Optional.of(header(line, item));
    }

    /** The header of this checkpoint, if it counts. */
    Found find(Line line, String id) {
        List<Optional<Map<String, AttributeValue>>> both = table.together(
                List.of(() -> head(line), () -> table.get(line.pk(), Keys.header(line.namespace(), id))));
        Optional<String> head = both.getFirst().map(Lines::headId);
        Optional<Header> header = both.getLast()
                .filter(item -> head.isPresent() && isReached(line, head.get(), id))
                .map(item -> header(line, item));
        return new Found(head, header);
    }

    /** The headers that count, newest first: with smaller ids than {@code before}, at most {@code limit}. */
    List<Header> list(Line line, @Nullable String before, int limit) {
        List<Header> found = new ArrayList<>();
        head(line)
                .map(Lines::headId)
                .ifPresent(head -> walk(line, "", head, List.of(), item -> {
                    if (before == null || Table.text(item, "id").compareTo(before) < 0) {
                        found.add(header(line, item));
                    }
                    return found.size() < limit;
                }));
        return found;
    }

    /** The header as an item; when it is too large for one, its body goes to {@code large}. */
    Map<String, AttributeValue> item(Line line, Header header, List<WriteRequest> large) {
        Map<String, AttributeValue> item = Table.item(line.pk(), Keys.header(line.namespace(), header.id()));
        item.put("id", Table.text(header.id()));
        item.put("attempt", Table.text(header.attempt()));
        if (header.replaced() != null) {
            item.put("replaced", Table.text(header.replaced()));
        }
        if (header.parentId() != null) {
            item.put("parent", Table.text(header.parentId()));
        }
        byte[] body = Packed.pack(header.body());
        if (body.length <= Packed.MAX_PART_BYTES) {
            item.put("body", Table.bytes(body));
        } else {
            item.put(
                    "parts",
                    Table.number(values.addParts(line, Keys.HEADER, header.id(), header.attempt(), body, large)));
        }
        return item;
    }

    /** Writes a header, unless another attempt has one of that id: then false. */
    boolean write(Map<String, AttributeValue> header, String attempt) {
        return table.calling(client -> {
            try {
                client.putItem(put -> put.tableName(table.name())
                        .item(header)
                        .conditionExpression("attribute_not_exists(pk) OR attempt = :attempt")
                        .expressionAttributeValues(Map.of(":attempt", Table.text(attempt))));
                return true;
            } catch (ConditionalCheckFailedException taken) {
                return false;
            }
        });
    }

    /**
     * Makes this checkpoint the head if {@code expected} (null: none) still is. This is the commit. True also when it
     * is the head already, by our own hand: the SDK repeats a request whose reply was lost.
     */
    boolean moveHead(Line line, String id, String attempt, @Nullable String expected) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":v", Table.number(Table.FORMAT));
        values.put(":head", Table.text(id));
        values.put(":attempt", Table.text(attempt));
        if (expected != null) {
            values.put(":expected", Table.text(expected));
        }
        return table.calling(client -> {
            try {
                client.updateItem(update -> update.tableName(table.name())
                        .key(Table.key(line.pk(), Keys.head(line.namespace())))
                        .updateExpression("SET v = :v, head = :head, attempt = :attempt")
                        .conditionExpression(expected == null ? "attribute_not_exists(head)" : "head = :expected")
                        .expressionAttributeValues(values)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
                return true;
            } catch (ConditionalCheckFailedException moved) {
                return moved.hasItem()
                        && id.equals(Table.optionalText(moved.item(), "head"))
                        && attempt.equals(Table.optionalText(moved.item(), "attempt"));
            }
        });
    }

    /** Deletes a whole thread: first what makes it visible, so that a crash leaves it deleted for every reader. */
    void delete(String pk) {
        List<String> heads = new ArrayList<>();
        List<String> others = new ArrayList<>();
        table.query(
                QueryRequest.builder()
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Map.of(":pk", Table.text(pk)))
                        .projectionExpression("pk, sk"),
                item -> {
                    String sk = Table.text(item, Keys.SK);
                    return (sk.equals(Keys.LEASE) || sk.startsWith("N#") ? heads : others).add(sk);
                });
        for (List<String> round : List.of(heads, others)) {
            table.together(table.writing(
                    round.stream()
                            .map(sk -> WriteRequest.builder()
                                    .deleteRequest(delete -> delete.key(Table.key(pk, sk)))
                                    .build())
                            .toList(),
                    request -> 0));
        }
    }

    private Optional<Map<String, AttributeValue>> head(Line line) {
        return table.get(line.pk(), Keys.head(line.namespace())).filter(item -> item.containsKey("head"));
    }

    private static String headId(Map<String, AttributeValue> item) {
        return Table.text(item, "head");
    }

    private Optional<Map<String, AttributeValue>> newest(Line line) {
        List<Map<String, AttributeValue>> found = new ArrayList<>();
        table.query(
                QueryRequest.builder()
                        .keyConditionExpression("pk = :pk AND begins_with(sk, :headers)")
                        .expressionAttributeValues(Map.of(
                                ":pk", Table.text(line.pk()), ":headers", Table.text(Keys.headers(line.namespace()))))
                        .scanIndexForward(false)
                        .limit(1),
                item -> {
                    found.add(item);
                    return false;
                });
        return found.stream().findFirst();
    }

    private boolean isReached(Line line, String head, String id) {
        if (head.compareTo(id) <= 0) {
            return head.equals(id);
        }
        boolean[] reached = {false};
        walk(line, id, head, List.of("pk", "sk", "v", "id", "replaced"), item -> {
            reached[0] = Table.text(item, "id").equals(id);
            return !reached[0];
        });
        return reached[0];
    }

    /** Visits the headers that count, from the head down to the id {@code from}, until the visitor has enough. */
    private void walk(
            Line line,
            String from,
            String head,
            List<String> attributes,
            Predicate<Map<String, AttributeValue>> visitor) {
        QueryRequest.Builder request = QueryRequest.builder()
                .keyConditionExpression("pk = :pk AND sk BETWEEN :from AND :head")
                .expressionAttributeValues(Map.of(
                        ":pk", Table.text(line.pk()),
                        ":from", Table.text(Keys.header(line.namespace(), from)),
                        ":head", Table.text(Keys.header(line.namespace(), head))))
                .scanIndexForward(false);
        if (!attributes.isEmpty()) {
            request.projectionExpression(String.join(", ", attributes));
        }
        String[] next = {head};
        table.query(request, item -> {
            if (!Table.text(item, "id").equals(next[0])) {
                return true;
            }
            String replaced = Table.optionalText(item, "replaced");
            next[0] = replaced == null ? "" : replaced;
            return visitor.test(item) && replaced != null;
        });
    }

    private Header header(Line line, Map<String, AttributeValue> item) {
        String id = Table.text(item, "id");
        String attempt = Table.text(item, "attempt");
        int parts = Table.count(item, "parts");
        Tree body = parts == 0
                ? Values.unpack(Table.bytes(item, "body"), line.threadId())
                : values.readParts(line, Keys.HEADER, id, attempt, parts);
        return Header.of(
                id,
                attempt,
                Table.optionalText(item, "replaced"),
                Table.optionalText(item, "parent"),
                Codecs.fields(body, "Header"));
    }
}
