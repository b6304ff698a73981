package dev.heddle.dynamodb;

import dev.heddle.dynamodb.Places.Chain;
import dev.heddle.dynamodb.Places.Reference;
import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
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
import java.util.concurrent.Callable;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Values of channels: small ones inline in the header of the checkpoint that wrote them, others in items of their own;
 * what is appended always in items of its own.
 *
 * <pre>
 *   V#&lt;ns&gt;#&lt;channel&gt;#&lt;writer&gt;#&lt;attempt&gt;#&lt;part&gt;     v, data = a part of the packed value
 *   D#&lt;ns&gt;#&lt;channel&gt;#&lt;writer&gt;#&lt;attempt&gt;#&lt;part&gt;     v, data = a part of the packed batch; in part 0 also
 *                       parts = n, and before and before_attempt, which name the batch before it, if there is one
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
    private final Batches batches;

    Values(Table table) {
        this.table = table;
        this.batches = new Batches(table);
    }

    /** Where a new checkpoint's content stands, and what has to be written beside it. */
    record Placed(Places places, List<WriteRequest> items) {}

    /** Decides where what changed goes. */
    Placed place(Line line, NewCheckpoint checkpoint, String attempt, Places inherited) {
        String id = checkpoint.id();
        NewCheckpoint.Changes changes = checkpoint.changes();
        Map<String, Reference> whole = new HashMap<>(inherited.whole());
        Map<String, Chain> chains = new HashMap<>(inherited.chains());
        Map<String, Tree> inline = new HashMap<>();
        List<WriteRequest> items = new ArrayList<>();
        whole.keySet().removeAll(changes.emptied());
        chains.keySet().removeAll(changes.emptied());
        int total = 0;
        for (Map.Entry<String, Tree> changed : new TreeMap<>(changes.values()).entrySet()) {
            String channel = changed.getKey();
            byte[] packed = Packed.pack(changed.getValue());
            int parts = 0;
            if (packed.length <= MAX_INLINE_BYTES && total + packed.length <= MAX_INLINE_TOTAL_BYTES) {
                total += packed.length;
                inline.put(channel, changed.getValue());
            } else {
                parts = addParts(line, Keys.channel(channel), id, attempt, packed, items);
            }
            chains.remove(channel);
            whole.put(channel, new Reference(id, attempt, parts));
        }
        new TreeMap<>(changes.appended()).forEach((channel, writes) -> {
            if (!writes.isEmpty()) {
                Chain before = chains.get(channel);
                Batches.add(line, channel, id, attempt, writes, before, items);
                chains.put(
                        channel,
                        before == null
                                ? new Chain(whole.remove(channel), id, id, attempt)
                                : new Chain(before.base(), before.first(), id, attempt));
            }
        });
        return new Placed(new Places(whole, chains, inline), items);
    }

    /** What these checkpoints hold, each its values and deltas; read at once. */
    List<Content> read(Line line, List<Header> headers) {
        Map<String, Map<String, Tree>> inline = new HashMap<>();
        headers.forEach(header -> inline.put(header.id(), header.places().inline()));
        Set<String> wanted = new LinkedHashSet<>();
        for (Header header : headers) {
            header.places().references().forEach(place -> {
                Reference reference = place.reference();
                if (reference.parts() > 0) {
                    wanted.addAll(keys(line, Keys.channel(place.channel()), reference));
                } else if (!inline.containsKey(reference.writer())) {
                    wanted.add(Keys.header(line.segment(), reference.writer()));
                }
            });
        }
        Map<String, Map<String, AttributeValue>> items = new HashMap<>();
        Map<String, Batches.Written> written = new HashMap<>();
        List<Callable<Boolean>> requests = new ArrayList<>();
        requests.add(() -> {
            items.putAll(table.getAll(line.pk(), List.copyOf(wanted)));
            return true;
        });
        requests.add(() -> {
            written.putAll(batches.read(line, headers));
            return true;
        });
        table.together(requests);
        Map<Places.Place, Tree> decoded = new HashMap<>();
        Function<Places.Place, Tree> value = place -> decoded.computeIfAbsent(place, where -> {
            Reference reference = where.reference();
            Tree found = reference.parts() > 0
                    ? join(line, Keys.channel(where.channel()), reference, items)
                    : inline.computeIfAbsent(reference.writer(), writer -> inline(line, writer, items))
                            .get(where.channel());
            if (found == null) {
                throw missing("value", line.threadId());
            }
            return found;
        });
        List<Content> all = new ArrayList<>();
        for (Header header : headers) {
            Map<String, Tree> values = new HashMap<>();
            header.places()
                    .whole()
                    .forEach((channel, place) -> values.put(channel, value.apply(new Places.Place(channel, place))));
            Map<String, SavedCheckpoint.Delta> deltas = new HashMap<>();
            header.places().chains().forEach((channel, chain) -> {
                Reference base = chain.base();
                deltas.put(
                        channel,
                        new SavedCheckpoint.Delta(
                                base == null ? null : value.apply(new Places.Place(channel, base)),
                                written(line, channel, written).writes(chain)));
            });
            all.add(new Content(values, deltas));
        }
        return all;
    }

    private static Batches.Written written(Line line, String channel, Map<String, Batches.Written> all) {
        Batches.Written written = all.get(channel);
        if (written == null) {
            throw missing("batch", line.threadId());
        }
        return written;
    }

    /** What a checkpoint holds, in the two forms of {@link SavedCheckpoint}. */
    record Content(Map<String, Tree> values, Map<String, SavedCheckpoint.Delta> deltas) {}

    /** Adds the items of these packed bytes and says how many they are. */
    int addParts(Line line, String slot, String id, String attempt, byte[] packed, List<WriteRequest> items) {
        List<byte[]> parts = Packed.split(packed);
        for (int part = 0; part < parts.size(); part++) {
            Map<String, AttributeValue> item =
                    Table.item(line.pk(), Keys.value(line.segment(), slot, id, attempt, part));
            item.put("data", Table.bytes(parts.get(part)));
            items.add(WriteRequest.builder().putRequest(put -> put.item(item)).build());
        }
        return parts.size();
    }

    /** The tree that {@link #addParts} has written. */
    Tree readParts(Line line, String slot, String id, String attempt, int parts) {
        List<String> keys = keys(line, slot, new Reference(id, attempt, parts));
        return join(line, keys, table.getAll(line.pk(), keys));
    }

    /** About how many bytes a request is that writes one of our items. */
    static int bytes(WriteRequest request) {
        int bytes = ITEM_OVERHEAD_BYTES;
        for (AttributeValue value : request.putRequest().item().values()) {
            bytes += value.b() == null ? 0 : value.b().asByteArrayUnsafe().length;
        }
        return bytes;
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

    /** The body of the header in this item. */
    Tree body(Line line, Map<String, AttributeValue> item) {
        int parts = Table.count(item, "parts");
        if (parts == 0) {
            return unpack(Table.bytes(item, "body"), line.threadId());
        }
        String place = Table.optionalText(item, "place");
        return readParts(
                line, Keys.HEADER, Table.text(item, "id"), place == null ? Table.text(item, "attempt") : place, parts);
    }

    private Map<String, Tree> inline(Line line, String writer, Map<String, Map<String, AttributeValue>> items) {
        Map<String, AttributeValue> item = items.get(Keys.header(line.segment(), writer));
        if (item == null) {
            throw missing("header", line.threadId());
        }
        return Header.fields(Codecs.fields(body(line, item), "Header"), "inline");
    }

    private static Tree join(Line line, String slot, Reference place, Map<String, Map<String, AttributeValue>> items) {
        return join(line, keys(line, slot, place), items);
    }

    /** The tree whose packed parts are under these keys. */
    static Tree join(Line line, List<String> keys, Map<String, Map<String, AttributeValue>> items) {
        List<byte[]> parts = new ArrayList<>();
        for (String key : keys) {
            Map<String, AttributeValue> item = items.get(key);
            if (item == null) {
                throw missing("part", line.threadId());
            }
            parts.add(Table.bytes(item, "data"));
        }
        return unpack(Packed.join(parts), line.threadId());
    }

    private static List<String> keys(Line line, String slot, Reference place) {
        List<String> keys = new ArrayList<>(place.parts());
        for (int part = 0; part < place.parts(); part++) {
            keys.add(Keys.value(line.segment(), slot, place.writer(), place.attempt(), part));
        }
        return keys;
    }
}
