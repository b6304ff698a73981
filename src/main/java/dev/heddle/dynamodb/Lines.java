package dev.heddle.dynamodb;

import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Headers and heads.
 *
 * <pre>
 *   LEASE or N#&lt;ns&gt;      v, head = id, attempt, edition?
 *   C#&lt;ns&gt;#&lt;id&gt;          v, id, attempt, edition?, replaced?, parent?, body = packed header; when it is too large for
 *                       that, parts = n and, if they lie under another than the attempt, place
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

    /** The head that a look at one checkpoint has met, and the header, if it counts; the head was read first. */
    record Found(Optional<Head> head, Optional<Header> header) {
        static final Found NOTHING = new Found(Optional.empty(), Optional.empty());
    }

    /** The header of the head. */
    Found latest(Line line) {
        // The newest header nearly always is the head's; reading it at once saves a round trip.
        return latest(line, table.together(List.of(() -> headItem(line), () -> newest(line))));
    }

    private Found latest(Line line, List<Optional<Map<String, AttributeValue>>> headAndHeader) {
        Optional<Head> head = headAndHeader.getFirst().map(Head::of);
        return head.map(Head::id)
                .map(id -> headAndHeader
                        .getLast()
                        // Another edition: it may have been read before the head. What is read now is as new as that.
                        .filter(item -> Table.text(item, "id").equals(id)
                                && Head.edition(item).equals(head.get().edition()))
                        .or(() -> headerItem(line, id))
                        .map(item -> new Found(head, Optional.of(header(line, item))))
                        .orElseThrow(() -> Values.missing("header", line.threadId())))
                .orElse(Found.NOTHING);
    }

    /** The header of this checkpoint, if it counts. */
    Found find(Line line, String id) {
        List<Optional<Map<String, AttributeValue>>> both =
                table.together(List.of(() -> headItem(line), () -> headerItem(line, id)));
        Optional<Head> head = both.getFirst().map(Head::of);
        if (head.isEmpty() || both.getLast().isEmpty() || head.get().id().compareTo(id) < 0) {
            return new Found(head, Optional.empty());
        }
        if (head.get().id().equals(id)) {
            return latest(line, both);
        }
        // Read again after the head, so that it is not from an edition before that.
        List<Optional<Map<String, AttributeValue>>> reached =
                table.together(List.of(() -> reached(line, head.get().id(), id), () -> headerItem(line, id)));
        return new Found(
                head, reached.getFirst().flatMap(yes -> reached.getLast()).map(item -> header(line, item)));
    }

    /** The edition that a listing has met, read before the headers, which are those that count, newest first. */
    record Page(String edition, List<Header> headers) {}

    Page list(Line line, HistoryQuery query) {
        String before = query.before();
        List<Header> found = new ArrayList<>();
        Optional<Head> head = headItem(line).map(Head::of);
        head.ifPresent(latest -> walk(line, "", latest.id(), List.of(), item -> {
            if (before == null || Table.text(item, "id").compareTo(before) < 0) {
                Header header = header(line, item);
                if (query.matches(header.metadata())) {
                    found.add(header);
                }
            }
            return found.size() < query.limit();
        }));
        return new Page(head.map(Head::edition).orElse(""), found);
    }

    /**
     * The header as an item; when it is too large for one, its body goes to {@code large}.
     *
     * @param place under what the body lies then: an attempt that nobody else uses
     */
    Map<String, AttributeValue> item(Line line, Header header, String edition, String place, List<WriteRequest> large) {
        Map<String, AttributeValue> item = Table.item(line.pk(), Keys.header(line.segment(), header.id()));
        item.put("id", Table.text(header.id()));
        item.put("attempt", Table.text(header.attempt()));
        if (!edition.isEmpty()) {
            item.put("edition", Table.text(edition));
        }
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
            item.put("parts", Table.number(values.addParts(line, Keys.HEADER, header.id(), place, body, large)));
            if (!place.equals(header.attempt())) {
                item.put("place", Table.text(place));
            }
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
     * Makes this checkpoint the head if {@code expected} still is, in the same edition. This is the commit. True also when
     * it is the head already, by our own hand: the SDK repeats a request whose reply was lost.
     */
    boolean moveHead(Line line, String id, String attempt, Optional<Head> expected) {
        Map<String, AttributeValue> names = new HashMap<>();
        names.put(":v", Table.number(Table.FORMAT));
        names.put(":head", Table.text(id));
        names.put(":attempt", Table.text(attempt));
        String condition = expected.map(head -> standing(head, names)).orElse("attribute_not_exists(head)");
        String update = "SET v = :v, head = :head, attempt = :attempt" + (expected.isEmpty() ? " REMOVE edition" : "");
        return table.calling(client -> {
            try {
                client.updateItem(request -> request.tableName(table.name())
                        .key(Table.key(line.pk(), Keys.head(line.segment())))
                        .updateExpression(update)
                        .conditionExpression(condition)
                        .expressionAttributeValues(names)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
                return true;
            } catch (ConditionalCheckFailedException moved) {
                return moved.hasItem()
                        && id.equals(Table.optionalText(moved.item(), "head"))
                        && attempt.equals(Table.optionalText(moved.item(), "attempt"));
            }
        });
    }

    /** The condition that this is the head, with what it needs among the values. */
    static String standing(Head head, Map<String, AttributeValue> names) {
        names.put(":old", Table.text(head.id()));
        return "head = :old AND " + sameEdition(head.edition(), names);
    }

    static String sameEdition(String edition, Map<String, AttributeValue> names) {
        if (edition.isEmpty()) {
            return "attribute_not_exists(edition)";
        }
        names.put(":edition", Table.text(edition));
        return "edition = :edition";
    }

    private Optional<Map<String, AttributeValue>> headItem(Line line) {
        return table.get(line.pk(), Keys.head(line.segment())).filter(item -> item.containsKey("head"));
    }

    private Optional<Map<String, AttributeValue>> headerItem(Line line, String id) {
        return table.get(line.pk(), Keys.header(line.segment(), id));
    }

    private Optional<Map<String, AttributeValue>> newest(Line line) {
        List<Map<String, AttributeValue>> found = new ArrayList<>();
        table.query(
                Table.beginning(line.pk(), Keys.headers(line.segment()))
                        .scanIndexForward(false)
                        .limit(1),
                item -> {
                    found.add(item);
                    return false;
                });
        return found.stream().findFirst();
    }

    /** Id and key of this checkpoint, if the chain from the head reaches it. */
    private Optional<Map<String, AttributeValue>> reached(Line line, String head, String id) {
        List<Map<String, AttributeValue>> reached = new ArrayList<>();
        walk(line, id, head, List.of("pk", "sk", "v", "id", "replaced"), item -> {
            if (Table.text(item, "id").equals(id)) {
                reached.add(item);
            }
            return reached.isEmpty();
        });
        return reached.stream().findFirst();
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
                        ":from", Table.text(Keys.header(line.segment(), from)),
                        ":head", Table.text(Keys.header(line.segment(), head))))
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

    /** The header in this item. */
    Header header(Line line, Map<String, AttributeValue> item) {
        String id = Table.text(item, "id");
        Tree body = values.body(line, item);
        return Header.of(
                id,
                Table.text(item, "attempt"),
                Table.optionalText(item, "replaced"),
                Table.optionalText(item, "parent"),
                Codecs.fields(body, "Header"));
    }
}
