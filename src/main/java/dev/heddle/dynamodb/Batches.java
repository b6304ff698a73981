package dev.heddle.dynamodb;

import dev.heddle.dynamodb.Places.Chain;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * What was appended to channels, a batch per checkpoint that appended, each naming the one before it.
 *
 * <p>One query reads all between the first and the last of a chain; what forks and dead writers left in between is not on
 * the chain and is passed over. So storing a batch costs the batch, and reading a chain one request for each MB.
 */
final class Batches {
    private final Table table;

    Batches(Table table) {
        this.table = table;
    }

    /** Adds the items of a batch. */
    static void add(
            Line line,
            String channel,
            String id,
            String attempt,
            List<Tree> writes,
            @Nullable Chain before,
            List<WriteRequest> items) {
        List<byte[]> parts = Packed.split(Packed.pack(Tree.of(writes)));
        for (int part = 0; part < parts.size(); part++) {
            Map<String, AttributeValue> item =
                    Table.item(line.pk(), Keys.batch(line.segment(), Keys.channel(channel), id, attempt, part));
            item.put("data", Table.bytes(parts.get(part)));
            if (part == 0) {
                item.put("parts", Table.number(parts.size()));
                item.put("id", Table.text(id));
                item.put("attempt", Table.text(attempt));
                if (before != null) {
                    item.put("before", Table.text(before.last()));
                    item.put("before_attempt", Table.text(before.attempt()));
                }
            }
            items.add(WriteRequest.builder().putRequest(put -> put.item(item)).build());
        }
    }

    /** Channel -> what was written to it, for all channels of these checkpoints that are stored as batches. */
    Map<String, Written> read(Line line, List<Header> headers) {
        Map<String, Range> ranges = new HashMap<>();
        for (Header header : headers) {
            header.places()
                    .chains()
                    .forEach((channel, chain) ->
                            ranges.merge(channel, new Range(chain.first(), chain.last()), Range::and));
        }
        Map<String, Written> found = new HashMap<>();
        List<Callable<Boolean>> requests = new ArrayList<>();
        ranges.forEach((channel, range) -> {
            Written written = new Written(line, Keys.channel(channel), new HashMap<>(), new HashMap<>());
            found.put(channel, written);
            requests.add(() -> read(range, written));
        });
        if (!requests.isEmpty()) {
            table.together(requests);
        }
        return found;
    }

    /** From the batches of one checkpoint to those of another. */
    private record Range(String first, String last) {
        Range and(Range other) {
            return new Range(
                    first.compareTo(other.first) < 0 ? first : other.first,
                    last.compareTo(other.last) > 0 ? last : other.last);
        }
    }

    private boolean read(Range range, Written written) {
        Line line = written.line();
        table.query(
                QueryRequest.builder()
                        .keyConditionExpression("pk = :pk AND sk BETWEEN :from AND :to")
                        .expressionAttributeValues(Map.of(
                                ":pk", Table.text(line.pk()),
                                ":from", Table.text(Keys.batches(line.segment(), written.slot(), range.first()) + "#"),
                                ":to", Table.text(Keys.batches(line.segment(), written.slot(), range.last()) + "$"))),
                item -> {
                    written.items().put(Table.text(item, Keys.SK), item);
                    return true;
                });
        return true;
    }

    /** The key of the batch before the one in this item; empty for none. */
    static String before(String segment, String slot, Map<String, AttributeValue> item) {
        String before = Table.optionalText(item, "before");
        return before == null ? "" : Keys.batch(segment, slot, before, Table.text(item, "before_attempt"), 0);
    }

    /**
     * What was read of a channel. Used by one worker at a time.
     *
     * @param slot the channel as it stands in keys
     * @param items key -> item
     * @param decoded key of part 0 -> the batch, when it was needed already
     */
    record Written(
            Line line, String slot, Map<String, Map<String, AttributeValue>> items, Map<String, List<Tree>> decoded) {

        /** The writes of a chain, oldest first. */
        List<Tree> writes(Chain chain) {
            Deque<List<Tree>> reversed = new ArrayDeque<>();
            String key = Keys.batch(line.segment(), slot, chain.last(), chain.attempt(), 0);
            while (!key.isEmpty()) {
                Map<String, AttributeValue> item = items.get(key);
                if (item == null) {
                    throw Values.missing("batch", line.threadId());
                }
                reversed.push(decoded.computeIfAbsent(key, first -> batch(item)));
                key = before(line.segment(), slot, item);
            }
            List<Tree> writes = new ArrayList<>();
            reversed.forEach(writes::addAll);
            return writes;
        }

        private List<Tree> batch(Map<String, AttributeValue> item) {
            List<String> keys = new ArrayList<>();
            for (int part = 0; part < Table.count(item, "parts"); part++) {
                keys.add(Keys.batch(line.segment(), slot, Table.text(item, "id"), Table.text(item, "attempt"), part));
            }
            return Codecs.items(Values.join(line, keys, items), "Batch");
        }
    }
}
