package dev.heddle.dynamodb;

import dev.heddle.graph.store.StoreRules;
import dev.heddle.graph.types.Store;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * Long-term memory in the table: one item each, at most {@value Packed#MAX_PART_BYTES} bytes after compression.
 *
 * <pre>
 *   pk S#&lt;owner&gt;   sk &lt;label&gt;$&lt;label&gt;#&lt;key&gt;   v, created, updated, data {"namespace":[..],"key":"..","value":{..}}
 * </pre>
 */
final class DynamoDbStore implements Store {
    private static final int MAX_PAGE = 1000;

    private final Table table;
    private final String pk;
    private final InstantSource clock;

    DynamoDbStore(Table table, String owner, InstantSource clock) {
        this.table = table;
        this.pk = Keys.memory(owner);
        this.clock = clock;
    }

    @Override
    public Optional<Item> get(List<String> namespace, String key) {
        return table.get(pk, sk(namespace, key)).map(DynamoDbStore::item);
    }

    @Override
    public void put(List<String> namespace, String key, Tree.Fields value) {
        String sk = sk(namespace, key);
        byte[] data = Packed.pack(Tree.fields(
                "namespace", Tree.of(namespace.stream().map(Tree::of).toList()), "key", Tree.of(key), "value", value));
        if (data.length > Packed.MAX_PART_BYTES) {
            throw new IllegalArgumentException("Store: item too large, expected at most " + Packed.MAX_PART_BYTES
                    + " bytes after compression, got " + data.length + ". Split it over several keys.");
        }
        AttributeValue now = Table.text(clock.instant().toString());
        table.calling(client -> client.updateItem(update -> update.tableName(table.name())
                .key(Table.key(pk, sk))
                .updateExpression("SET v = :v, #data = :data, updated = :now, created = if_not_exists(created, :now)")
                .expressionAttributeNames(Map.of("#data", "data"))
                .expressionAttributeValues(
                        Map.of(":v", Table.number(Table.FORMAT), ":data", Table.bytes(data), ":now", now))));
    }

    @Override
    public void delete(List<String> namespace, String key) {
        String sk = sk(namespace, key);
        table.calling(client ->
                client.deleteItem(delete -> delete.tableName(table.name()).key(Table.key(pk, sk))));
    }

    @Override
    public List<Item> search(List<String> prefix, int limit) {
        StoreRules.requireSearch(prefix, limit);
        QueryRequest.Builder request = QueryRequest.builder().limit(Math.min(limit, MAX_PAGE));
        if (prefix.isEmpty()) {
            request.keyConditionExpression("pk = :pk").expressionAttributeValues(Map.of(":pk", Table.text(pk)));
        } else {
            // '#' ends a namespace, '$' goes on to a label below, '%' comes next and begins neither.
            String below = Keys.memoryBelow(prefix);
            request.keyConditionExpression("pk = :pk AND sk BETWEEN :from AND :to")
                    .expressionAttributeValues(Map.of(
                            ":pk", Table.text(pk), ":from", Table.text(below + "#"), ":to", Table.text(below + "%")));
        }
        List<Item> found = new ArrayList<>();
        table.query(request, item -> {
            found.add(item(item));
            return found.size() < limit;
        });
        return found;
    }

    private static String sk(List<String> namespace, String key) {
        StoreRules.requireNamespace(namespace);
        String sk = Keys.memoryItem(namespace, key);
        int bytes = Keys.bytes(sk);
        if (bytes > Keys.MAX_SK_BYTES) {
            throw new IllegalArgumentException(
                    "Store: namespace and key too long, expected at most " + Keys.MAX_SK_BYTES + " bytes together, got "
                            + bytes + ". Shorten the key, for example to a hash.");
        }
        return sk;
    }

    private static Item item(Map<String, AttributeValue> item) {
        Tree.Fields data = Codecs.fields(Values.unpack(Table.bytes(item, "data"), "store"), "Store item");
        return new Item(
                Codecs.items(data.get("namespace"), "Store item").stream()
                        .map(label -> Codecs.text(label, "Store item"))
                        .toList(),
                Codecs.text(data.get("key"), "Store item"),
                Codecs.fields(data.get("value"), "Store item"),
                Instant.parse(Table.text(item, "created")),
                Instant.parse(Table.text(item, "updated")));
    }
}
