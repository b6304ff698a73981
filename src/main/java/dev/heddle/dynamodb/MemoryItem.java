package dev.heddle.dynamodb;

import dev.heddle.graph.types.Store;
import dev.heddle.graph.types.StoreException;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item of long-term memory in its table form: see {@link DynamoDbStore}. Expiry is in whole seconds, rounded up,
 * because that is what the service understands.
 */
record MemoryItem(Map<String, AttributeValue> attributes) {
    static final String LASTS = "lasts";
    static final String VECTORS = "vectors";

    /**
     * What an item holds, packed.
     *
     * @throws StoreException.InvalidItem if that and its vectors are too large
     */
    static AttributeValue data(List<String> namespace, String key, Tree.Fields value, AttributeValue vectors) {
        byte[] data = Packed.pack(Tree.fields(
                "namespace", Tree.of(namespace.stream().map(Tree::of).toList()), "key", Tree.of(key), "value", value));
        int bytes = data.length
                + vectors.l().stream()
                        .mapToInt(vector -> vector.b().asByteArrayUnsafe().length)
                        .sum();
        if (bytes > Packed.MAX_PART_BYTES) {
            throw new StoreException.InvalidItem("Store: item too large, expected at most " + Packed.MAX_PART_BYTES
                    + " bytes after compression, vectors included, got " + bytes + ". Split it over several keys.");
        }
        return Table.bytes(data);
    }

    /** Each vector as its numbers, four bytes each, big-endian. */
    static AttributeValue vectors(List<float[]> vectors) {
        return AttributeValue.fromL(vectors.stream()
                .map(vector -> {
                    ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES);
                    bytes.asFloatBuffer().put(vector);
                    return Table.bytes(bytes.array());
                })
                .toList());
    }

    static long expiresAt(Instant now, Duration timeToLive) {
        Instant expires = now.plus(timeToLive);
        return expires.getNano() == 0 ? expires.getEpochSecond() : expires.getEpochSecond() + 1;
    }

    /** Whether the item is to be seen: the service may take days to remove what has expired. */
    boolean isAlive(Instant now) {
        AttributeValue expires = attributes.get(Keys.EXPIRES_AT);
        return expires == null || now.getEpochSecond() < Long.parseLong(expires.n());
    }

    /** How long it lives after a write or refreshing read; null without end. */
    @Nullable
    Duration timeToLive() {
        String lasts = Table.optionalText(attributes, LASTS);
        return lasts == null ? null : Duration.parse(lasts);
    }

    List<String> namespace() {
        return Keys.memoryNamespace(Table.text(attributes, Keys.SK));
    }

    List<float[]> vectors() {
        AttributeValue vectors = attributes.get(VECTORS);
        return vectors == null
                ? List.of()
                : vectors.l().stream().map(MemoryItem::vector).toList();
    }

    Store.Item item() {
        Tree.Fields data = Codecs.fields(Values.unpack(Table.bytes(attributes, "data"), "store"), "Store item");
        return new Store.Item(
                Codecs.items(data.get("namespace"), "Store item").stream()
                        .map(label -> Codecs.text(label, "Store item"))
                        .toList(),
                Codecs.text(data.get("key"), "Store item"),
                Codecs.fields(data.get("value"), "Store item"),
                Instant.parse(Table.text(attributes, "created")),
                Instant.parse(Table.text(attributes, "updated")));
    }

    private static float[] vector(AttributeValue value) {
        ByteBuffer bytes = value.b().asByteBuffer();
        float[] vector = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(vector);
        return vector;
    }
}
