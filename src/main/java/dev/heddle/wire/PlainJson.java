package dev.heddle.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.heddle.tree.Tree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trees as the JSON that clients speak: no tags, numbers as they are written, bytes as base64 text.
 *
 * <p>Reading is exact ({@code 1.10} keeps its scale, a whole number of any size is kept) and bounded: nesting by {@value
 * #MAX_DEPTH}, a number by {@value #MAX_DIGITS} digits and as many of exponent. The size of the body is for the caller to
 * bound. Writing loses what JSON cannot say: bytes come back as text. All methods are pure and safe for concurrent use.
 */
public final class PlainJson {
    /** How deep lists and maps of a body may nest. */
    public static final int MAX_DEPTH = 100;
    /** How many digits, and how large an exponent, a number may have. */
    public static final int MAX_DIGITS = 1000;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_DIGITS)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private PlainJson() {}

    /**
     * Reads a body.
     *
     * @throws JsonException if it is not one JSON value within the bounds above
     */
    public static JsonNode parse(byte[] utf8) {
        try {
            JsonNode node = MAPPER.readTree(utf8);
            if (node.isMissingNode()) {
                throw new JsonException("JSON body", "a value", "nothing", null);
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new JsonException("JSON body", "valid JSON", JsonException.at(e), e);
        } catch (NumberFormatException e) { // an exponent that no int holds
            throw new JsonException("JSON body", "numbers of at most " + MAX_DIGITS + " digits", "a longer one", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The tree of a parsed value.
     *
     * @throws JsonException if it is not within the bounds above
     */
    public static Tree tree(JsonNode node) {
        return tree(node, 0);
    }

    /** The tree of a body: {@link #parse}, then {@link #tree}. */
    public static Tree read(byte[] utf8) {
        return tree(parse(utf8));
    }

    /** The parsed form of a tree. */
    public static JsonNode node(Tree tree) {
        return switch (tree) {
            case Tree.Null n -> NODES.nullNode();
            case Tree.Bool(boolean value) -> NODES.booleanNode(value);
            case Tree.Int(long value) -> NODES.numberNode(value);
            case Tree.Dec(BigDecimal value) -> NODES.numberNode(value);
            case Tree.Text(String value) -> NODES.textNode(value);
            case Tree.Bytes bytes -> NODES.textNode(Base64.getEncoder().encodeToString(bytes.value()));
            case Tree.Items(List<Tree> items) -> {
                var array = NODES.arrayNode(items.size());
                items.forEach(item -> array.add(node(item)));
                yield array;
            }
            case Tree.Fields(Map<String, Tree> fields) -> {
                var object = NODES.objectNode();
                fields.forEach((name, value) -> object.set(name, node(value)));
                yield object;
            }
        };
    }

    /** Writes a tree to a generator. */
    public static void write(JsonGenerator json, Tree tree) throws IOException {
        switch (tree) {
            case Tree.Null n -> json.writeNull();
            case Tree.Bool(boolean value) -> json.writeBoolean(value);
            case Tree.Int(long value) -> json.writeNumber(value);
            case Tree.Dec(BigDecimal value) -> json.writeNumber(value);
            case Tree.Text(String value) -> json.writeString(whole(value));
            case Tree.Bytes bytes -> json.writeString(Base64.getEncoder().encodeToString(bytes.value()));
            case Tree.Items(List<Tree> items) -> {
                json.writeStartArray();
                for (Tree item : items) {
                    write(json, item);
                }
                json.writeEndArray();
            }
            case Tree.Fields(Map<String, Tree> fields) -> {
                json.writeStartObject();
                for (Map.Entry<String, Tree> field : fields.entrySet()) {
                    json.writeFieldName(whole(field.getKey()));
                    write(json, field.getValue());
                }
                json.writeEndObject();
            }
        }
    }

    /** The tree as UTF-8 JSON. */
    public static byte[] write(Tree tree) {
        var bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
            write(json, tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static void requireDepth(int depth, int max) {
        if (depth > max) {
            throw new JsonException("JSON", "lists and maps at most " + max + " deep", "deeper ones", null);
        }
    }

    private static Tree tree(JsonNode node, int depth) {
        requireDepth(depth, MAX_DEPTH);
        return switch (node.getNodeType()) {
            case NULL, MISSING -> Tree.NULL;
            case BOOLEAN -> Tree.of(node.booleanValue());
            case STRING -> Tree.of(node.textValue());
            case NUMBER -> number(node);
            case BINARY, POJO ->
                throw new JsonException(
                        "JSON", "a JSON value", node.getNodeType().name(), null);
            case ARRAY -> {
                List<Tree> items = new ArrayList<>(node.size());
                node.forEach(item -> items.add(tree(item, depth + 1)));
                yield Tree.of(items);
            }
            case OBJECT -> {
                Map<String, Tree> fields = new LinkedHashMap<>();
                node.properties().forEach(field -> fields.put(field.getKey(), tree(field.getValue(), depth + 1)));
                yield new Tree.Fields(fields);
            }
        };
    }

    private static Tree number(JsonNode node) {
        if (node.isDouble() || node.isFloat()) {
            double value = node.doubleValue();
            if (!Double.isFinite(value)) {
                throw new JsonException("JSON", "a finite number", "another", null);
            }
            return Tree.of(BigDecimal.valueOf(value));
        }
        BigDecimal value = node.decimalValue();
        // Arithmetic on 1e999999999 would not end; nobody means it.
        if (Math.abs((long) value.scale()) > MAX_DIGITS || value.precision() > MAX_DIGITS) {
            throw new JsonException("JSON", "numbers of at most " + MAX_DIGITS + " digits", "a longer one", null);
        }
        return Tree.of(value);
    }

    /** UTF-8 has no form for half a surrogate pair, and one bad character must not end a client's stream. */
    private static String whole(String text) {
        return text.codePoints()
                        .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)
                ? text
                : text.codePoints()
                        .map(point ->
                                point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }
}
