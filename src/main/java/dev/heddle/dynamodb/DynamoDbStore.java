package dev.heddle.dynamodb;

import dev.heddle.graph.store.Selection;
import dev.heddle.graph.store.StoreRules;
import dev.heddle.graph.store.StoreSettings;
import dev.heddle.graph.store.Vectors;
import dev.heddle.graph.types.Filter;
import dev.heddle.graph.types.NamespaceQuery;
import dev.heddle.graph.types.PutOptions;
import dev.heddle.graph.types.SearchQuery;
import dev.heddle.graph.types.Store;
import dev.heddle.graph.types.StoreException;
import dev.heddle.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * Long-term memory in the table: one item each, at most {@value Packed#MAX_PART_BYTES} bytes after compression.
 *
 * <pre>
 *   pk S#&lt;owner&gt;   sk &lt;label&gt;$&lt;label&gt;#&lt;key&gt;   v, created, updated, data {"namespace":[..],"key":"..","value":{..}}
 *                                             where it expires: expires_at 1793606400 (seconds), lasts PT720H
 *                                             where it has vectors: vectors [4 bytes a number, ..]
 * </pre>
 *
 * A search reads everything below its prefix, with a text also the vectors; without filter and text it stops at its
 * limit. A listing of namespaces reads everything below what it knows of the prefix.
 */
final class DynamoDbStore implements Store {
    private static final int MAX_PAGE = 1000;
    private static final String KEYS_ONLY = "sk, v, " + Keys.EXPIRES_AT;

    private final Table table;
    private final String pk;
    private final InstantSource clock;
    private final StoreSettings settings;

    DynamoDbStore(Table table, String owner, InstantSource clock, StoreSettings settings) {
        this.table = table;
        this.pk = Keys.memory(owner);
        this.clock = clock;
        this.settings = settings;
    }

    @Override
    public Optional<Item> get(List<String> namespace, String key) {
        return get(namespace, key, settings.refreshOnRead());
    }

    @Override
    public Optional<Item> get(List<String> namespace, String key, boolean refresh) {
        String sk = sk(namespace, key);
        Instant now = clock.instant();
        Optional<MemoryItem> found = table.get(pk, sk).map(MemoryItem::new).filter(item -> item.isAlive(now));
        if (refresh) {
            found.map(MemoryItem::timeToLive).ifPresent(timeToLive -> refresh(sk, timeToLive, now));
        }
        return found.map(MemoryItem::item);
    }

    @Override
    public void put(List<String> namespace, String key, Tree.Fields value, PutOptions options) {
        String sk = sk(namespace, key);
        AttributeValue vectors = MemoryItem.vectors(Vectors.of(value, options, settings));
        AttributeValue data = MemoryItem.data(namespace, key, value, vectors);
        Duration timeToLive = settings.timeToLive(options);
        boolean written = false;
        while (!written) {
            Instant now = clock.instant();
            // An item that has expired is as good as deleted: writing over it begins anew, whoever removes it first.
            written = update(sk, data, vectors, timeToLive, now, true)
                    || update(sk, data, vectors, timeToLive, now, false);
        }
    }

    /** Writes over an item that is alive or none, or else over one that has expired; false if it is the other. */
    private boolean update(
            String sk,
            AttributeValue data,
            AttributeValue vectors,
            @Nullable Duration timeToLive,
            Instant now,
            boolean alive) {
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":v", Table.number(Table.FORMAT),
                ":data", data,
                ":now", Table.text(now.toString()),
                ":second", Table.number(now.getEpochSecond())));
        String set = "SET v = :v, #data = :data, updated = :now, created = "
                + (alive ? "if_not_exists(created, :now)" : ":now");
        List<String> remove = new ArrayList<>();
        if (timeToLive == null) {
            remove.add(Keys.EXPIRES_AT);
            remove.add(MemoryItem.LASTS);
        } else {
            values.put(":expires", Table.number(MemoryItem.expiresAt(now, timeToLive)));
            values.put(":lasts", Table.text(timeToLive.toString()));
            set += ", " + Keys.EXPIRES_AT + " = :expires, " + MemoryItem.LASTS + " = :lasts";
        }
        if (vectors.l().isEmpty()) {
            remove.add(MemoryItem.VECTORS);
        } else {
            values.put(":vectors", vectors);
            set += ", " + MemoryItem.VECTORS + " = :vectors";
        }
        String expression = remove.isEmpty() ? set : set + " REMOVE " + String.join(", ", remove);
        return update(
                sk,
                expression,
                alive ? "attribute_not_exists(expires_at) OR expires_at > :second" : "expires_at <= :second",
                Map.of("#data", "data"),
                values);
    }

    private boolean refresh(String sk, Duration timeToLive, Instant now) {
        // The condition keeps a reader from bringing back what was deleted, changed or swept meanwhile.
        return update(
                sk,
                "SET expires_at = :expires",
                "lasts = :lasts AND expires_at < :expires AND expires_at > :second",
                Map.of(),
                Map.of(
                        ":expires", Table.number(MemoryItem.expiresAt(now, timeToLive)),
                        ":lasts", Table.text(timeToLive.toString()),
                        ":second", Table.number(now.getEpochSecond())));
    }

    private boolean update(
            String sk,
            String expression,
            String condition,
            Map<String, String> names,
            Map<String, AttributeValue> values) {
        return table.calling(client -> {
            try {
                client.updateItem(update -> update.tableName(table.name())
                        .key(Table.key(pk, sk))
                        .updateExpression(expression)
                        .conditionExpression(condition)
                        .expressionAttributeNames(names.isEmpty() ? null : names)
                        .expressionAttributeValues(values));
                return true;
            } catch (ConditionalCheckFailedException other) {
                return false;
            }
        });
    }

    @Override
    public void delete(List<String> namespace, String key) {
        String sk = sk(namespace, key);
        table.calling(client ->
                client.deleteItem(delete -> delete.tableName(table.name()).key(Table.key(pk, sk))));
    }

    @Override
    public List<Item> search(SearchQuery query) {
        Selection selection = Selection.of(query, settings);
        if (isTooLong(query.prefix())) {
            return List.of();
        }
        Instant now = clock.instant();
        QueryRequest.Builder request = below(query.prefix());
        if (query.text() == null && query.filter().equals(Filter.any())) {
            request.limit((int) Math.min((long) query.offset() + query.limit(), MAX_PAGE));
        }
        Map<String, Duration> mortal = new HashMap<>();
        table.query(request, attributes -> {
            MemoryItem found = new MemoryItem(attributes);
            if (!found.isAlive(now)) {
                return true;
            }
            Duration timeToLive = found.timeToLive();
            if (timeToLive != null) {
                mortal.put(Table.text(attributes, Keys.SK), timeToLive);
            }
            return selection.offer(found.item(), found::vectors);
        });
        List<Item> page = selection.page();
        if (settings.refreshes(query.refresh()) && !mortal.isEmpty()) {
            refreshAll(page, mortal, now);
        }
        return page;
    }

    private void refreshAll(List<Item> page, Map<String, Duration> mortal, Instant now) {
        List<Callable<Boolean>> refreshes = new ArrayList<>();
        for (Item item : page) {
            String sk = Keys.memoryItem(item.namespace(), item.key());
            Duration timeToLive = mortal.get(sk);
            if (timeToLive != null) {
                refreshes.add(() -> refresh(sk, timeToLive, now));
            }
        }
        table.together(refreshes);
    }

    @Override
    public List<List<String>> listNamespaces(NamespaceQuery query) {
        StoreRules.requireLabels(query.prefix());
        StoreRules.requireLabels(query.suffix());
        List<String> prefix = StoreRules.knownPrefix(query);
        if (isTooLong(prefix)) {
            return List.of();
        }
        Instant now = clock.instant();
        long wanted = (long) query.offset() + query.limit();
        List<List<String>> found = new ArrayList<>();
        table.query(below(prefix).projectionExpression(KEYS_ONLY), attributes -> {
            MemoryItem item = new MemoryItem(attributes);
            List<String> namespace = item.namespace();
            if (item.isAlive(now) && StoreRules.lists(query, namespace)) {
                List<String> shown = StoreRules.cut(query, namespace);
                // They come sorted, so what is the same comes together.
                if (found.isEmpty() || !found.getLast().equals(shown)) {
                    found.add(shown);
                }
            }
            return found.size() < wanted;
        });
        return found.stream().skip(query.offset()).toList();
    }

    /** Whether no item can lie below, which the service would call an error. */
    private static boolean isTooLong(List<String> prefix) {
        return Keys.bytes(Keys.memoryBelow(prefix)) >= Keys.MAX_SK_BYTES;
    }

    private QueryRequest.Builder below(List<String> prefix) {
        if (prefix.isEmpty()) {
            return QueryRequest.builder()
                    .keyConditionExpression("pk = :pk")
                    .expressionAttributeValues(Map.of(":pk", Table.text(pk)));
        }
        // '#' ends a namespace, '$' goes on to a label below, '%' comes next and begins neither.
        String below = Keys.memoryBelow(prefix);
        return QueryRequest.builder()
                .keyConditionExpression("pk = :pk AND sk BETWEEN :from AND :to")
                .expressionAttributeValues(Map.of(
                        ":pk", Table.text(pk), ":from", Table.text(below + "#"), ":to", Table.text(below + "%")));
    }

    private static String sk(List<String> namespace, String key) {
        StoreRules.requireNamespace(namespace);
        String sk = Keys.memoryItem(namespace, key);
        int bytes = Keys.bytes(sk);
        if (bytes > Keys.MAX_SK_BYTES) {
            throw new StoreException.InvalidItem(
                    "Store: namespace and key too long, expected at most " + Keys.MAX_SK_BYTES + " bytes together, got "
                            + bytes + ". Shorten the key, for example to a hash.");
        }
        return sk;
    }
}
