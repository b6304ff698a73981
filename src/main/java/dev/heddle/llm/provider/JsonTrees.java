package dev.heddle.llm.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Trees and JSON, every number exact. */
final class JsonTrees {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private JsonTrees() {}

    /** The one JSON value of this text; a missing node for blank text. */
    static JsonNode read(String json) throws JsonProcessingException {
        return MAPPER.readTree(json);
    }

    static Tree toTree(JsonNode node) {
        return switch (node.getNodeType()) {
            case NULL, MISSING -> Tree.NULL;
            case BOOLEAN -> Tree.of(node.booleanValue());
            case NUMBER -> Tree.of(node.decimalValue());
            case STRING -> Tree.of(node.textValue());
            case ARRAY -> {
                List<Tree> items = new ArrayList<>();
                node.forEach(item -> items.add(toTree(item)));
                yield Tree.of(items);
            }
            case OBJECT -> {
                Map<String, Tree> fields = new LinkedHashMap<>();
                node.properties().forEach(field -> fields.put(field.getKey(), toTree(field.getValue())));
                yield new Tree.Fields(fields);
            }
            case BINARY, POJO ->
                throw new IllegalArgumentException("JSON: " + node.getNodeType()
                        + " node, expected what a parser makes, got another. Parse it from text.");
        };
    }

    /** Plain Java values ({@code Map}, {@code List}, {@code String}, {@code BigDecimal}, …) that Jackson writes as this JSON. */
    static @Nullable Object toPlain(Tree tree) {
        return switch (tree) {
            case Tree.Null n -> null;
            case Tree.Bool bool -> bool.value();
            case Tree.Int number -> number.value();
            case Tree.Dec number -> number.decimal();
            case Tree.Text text -> text.value();
            case Tree.Bytes b ->
                throw new IllegalArgumentException(
                        "JSON: bytes, expected null, boolean, number, text, list or map, got bytes. Pass them as text.");
            case Tree.Items list -> {
                List<@Nullable Object> items = new ArrayList<>();
                list.items().forEach(item -> items.add(toPlain(item)));
                yield items;
            }
            case Tree.Fields map -> toPlain(map);
        };
    }

    static Map<String, @Nullable Object> toPlain(Tree.Fields map) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        map.fields().forEach((name, value) -> fields.put(name, toPlain(value)));
        return fields;
    }
}
