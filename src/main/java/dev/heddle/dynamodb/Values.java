package dev.heddle.dynamodb;

import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import dev.heddle.wire.JsonException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Values of channels: small ones inline in the header of the checkpoint that wrote them, others in items of their own.
 *
 * <pre>
 *   V#&lt;ns&gt;#&lt;channel&gt;#&lt;writer&gt;#&lt;attempt&gt;#&lt;part&gt;     v, data = a part of the packed value
 * </pre>
 *
 * A later checkpoint that leaves a channel alone refers to where its value stands and copies nothing.
 */
final class Values {
    /** A packed value up to this size costs less in the header than as an item. */
    static final int MAX_INLINE_BYTES = 2_000;
    /** And so much of all of them, so that headers stay cheap to list. */
    static final int MAX_INLINE_TOTAL_BYTES = 16_000;

    private static final int ITEM_OVERHEAD_BYTES = 1_500;

    private final Table table;

    Values(Table table) {
        this.table = table;
    }

    /** What a new checkpoint refers to, what it holds inline, and what has to be written beside it. */
    record Placed(Map<String, Header.Reference> references, Map<String, Tree> inline, List<WriteRequest> items) {}

    /** Decides where each changed value goes. */
    Placed place(Line line, NewCheckpoint checkpoint, String attempt, Map<String, Header.Reference> inherited) {
        String id = checkpoint.checkpoint().id();
        Map<String, Header.Reference> references = new HashMap<>(inherited);
        Map<String, Tree> inline = new HashMap<>();
        List<WriteRequest> items = new ArrayList<>();
        references.keySet().removeAll(checkpoint.emptied());
        int total = 0;
        for (Map.Entry<String, Tree> changed : new TreeMap<>(checkpoint.changed()).entrySet()) {
            String channel = changed.getKey();
            byte[] packed = Packed.pack(changed.getValue());
            int parts = 0;
            if (packed.length <= MAX_INLINE_BYTES && total + packed.length <= MAX_INLINE_TOTAL_BYTES) {
                total += packed.length;
                inline.put(channel, changed.getValue());
            } else {
                parts = addParts(line, Keys.channel(channel), id, attempt, packed, items);
            }
            references.put(channel, new Header.Reference(id, attempt, parts));
        }
        return new Placed(references, inline, items);
    }

    /** The values of each of these checkpoints, read at once. */
    List<Map<String, Tree>> read(Line line, List<Header> headers) {
        Map<String, Header> writers = new HashMap<>();
        headers.forEach(header -> writers.put(header.id(), header));
        Set<String> wanted = new LinkedHashSet<>();
        for (Header header : headers) {
            header.references().forEach((channel, place) -> {
                if (place.parts() > 0) {
                    wanted.addAll(keys(line, Keys.channel(channel), place.writer(), place.attempt(), place.parts()));
                } else if (!writers.containsKey(place.writer())) {
                    wanted.add(Keys.header(line.namespace(), place.writer()));
                }
            });
        }
        Map<String, Map<String, AttributeValue>> items = table.getAll(line.pk(), List.copyOf(wanted));
        Map<String, Map<String, Tree>> inline = new HashMap<>();
        writers.forEach((id, header) -> inline.put(id, header.inline()));
        Map<Place, Tree> decoded = new HashMap<>();
        List<Map<String, Tree>> all = new ArrayList<>();
        for (Header header : headers) {
            Map<String, Tree> values = new HashMap<>();
            header.references().forEach((channel, place) -> {
                Tree value = place.parts() > 0
                        ? decoded.computeIfAbsent(
                                new Place(channel, place), where -> join(line, Keys.channel(channel), place, items))
                        : inline.computeIfAbsent(place.writer(), writer -> inline(line, writer, items))
                                .get(channel);
                if (value == null) {
                    throw missing("value", line.threadId());
                }
                values.put(channel, value);
            });
            all.add(values);
        }
        return all;
    }

    private record Place(String channel, Header.Reference reference) {}

    /** Adds the items of these packed bytes and says how many they are. */
    int addParts(Line line, String slot, String id, String attempt, byte[] packed, List<WriteRequest> items) {
        List<byte[]> parts = Packed.split(packed);
        for (int part = 0; part < parts.size(); part++) {
            Map<String, AttributeValue> item =
                    Table.item(line.pk(), Keys.value(line.namespace(), slot, id, attempt, part));
            item.put("data", Table.bytes(parts.get(part)));
            items.add(WriteRequest.builder().putRequest(put -> put.item(item)).build());
        }
        return parts.size();
    }

    /** The tree that {@link #addParts} has written. */
    Tree readParts(Line line, String slot, String id, String attempt, int parts) {
        return join(
                line,
                slot,
                new Header.Reference(id, attempt, parts),
                table.getAll(line.pk(), keys(line, slot, id, attempt, parts)));
    }

    /** About how many bytes a request of {@link #addParts} is. */
    static int bytes(WriteRequest request) {
        return Table.bytes(request.putRequest().item(), "data").length + ITEM_OVERHEAD_BYTES;
    }

    static Tree unpack(byte[] packed, String threadId) {
        try {
            return Packed.unpack(packed);
        } catch (JsonException | UncheckedIOException e) {
            throw new CheckpointException.Unreadable(
                    "Thread '" + threadId + "': stored bytes damaged, expected a packed value, got other bytes."
                            + " Restore the thread from a backup or delete it.",
                    e);
        }
    }

    static CheckpointException missing(String what, String threadId) {
        return new CheckpointException.Unavailable(
                "Thread '" + threadId + "': incomplete, expected every " + what
                        + " that its head refers to, got fewer. It is being deleted, or was restored in part; read again.",
                null);
    }

    private Map<String, Tree> inline(Line line, String writer, Map<String, Map<String, AttributeValue>> items) {
        Map<String, AttributeValue> item = items.get(Keys.header(line.namespace(), writer));
        if (item == null) {
            throw missing("header", line.threadId());
        }
        int parts = Table.count(item, "parts");
        Tree body = parts == 0
                ? unpack(Table.bytes(item, "body"), line.threadId())
                : readParts(line, Keys.HEADER, writer, Table.text(item, "attempt"), parts);
        return Codecs.fields(Codecs.fields(body, "Header").get("inline"), "Header")
                .fields();
    }

    private static Tree join(
            Line line, String slot, Header.Reference place, Map<String, Map<String, AttributeValue>> items) {
        List<byte[]> parts = new ArrayList<>();
        for (String key : keys(line, slot, place.writer(), place.attempt(), place.parts())) {
            Map<String, AttributeValue> item = items.get(key);
            if (item == null) {
                throw missing("part", line.threadId());
            }
            parts.add(Table.bytes(item, "data"));
        }
        return unpack(Packed.join(parts), line.threadId());
    }

    private static List<String> keys(Line line, String slot, String id, String attempt, int parts) {
        List<String> keys = new ArrayList<>(parts);
        for (int part = 0; part < parts; part++) {
            keys.add(Keys.value(line.namespace(), slot, id, attempt, part));
        }
        return keys;
    }
}
