package dev.heddle.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.heddle.tree.Tree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trees as JSON that keeps everything: {@code read(write(tree))} equals {@code tree}. This is what storage holds.
 *
 * <p>Shapes:
 *
 * <pre>
 *   null, true, "text", [..], {..}      themselves
 *   Int 42                              42
 *   Dec 1.10                            {"$dec":"1.10"}      scale and all, as BigDecimal writes it
 *   Bytes                               {"$bytes":"AQI="}    base64
 *   Text with half a surrogate pair     {"$utf16":"2D0="}    base64 of UTF-16BE; UTF-8 has no form for it
 *   map key that begins with $          "$" + key
 *   map key with half a surrogate pair  "$u:" + base64 of UTF-16BE
 * </pre>
 *
 * <p>So a map written by a user never looks like one of ours. Nesting is bounded by {@value #MAX_DEPTH}. All methods are
 * pure and safe for concurrent use.
 */
public final class TreeJson {
    /** How deep lists and maps may nest. */
    public static final int MAX_DEPTH = 500;

    private static final String DEC = "$dec";
    private static final String BYTES = "$bytes";
    private static final String UTF16 = "$utf16";
    private static final String UTF16_KEY = "$u:";

    /** Bounded in depth only: what is read back was written by {@link #write}, so its size was bounded on the way in. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            // Its table of names is seeded by the clock, and ours would be by the native build's.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(2 * MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(2 * MAX_DEPTH)
                    .build())
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private TreeJson() {}

    /**
     * The tree as UTF-8 JSON.
     *
     * @throws JsonException if it nests deeper than {@value #MAX_DEPTH}
     */
    public static byte[] write(Tree tree) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            write(json, tree, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The tree as JSON text; see {@link #write(Tree)}. */
    public static String text(Tree tree) {
        return new String(write(tree), StandardCharsets.UTF_8);
    }

    /**
     * The tree that was written.
     *
     * @throws JsonException if these bytes were not written by {@link #write}
     */
    public static Tree read(byte[] utf8) {
        try (JsonParser json = FACTORY.createParser(utf8)) {
            json.nextToken();
            Tree tree = read(json, 0);
            if (json.nextToken() != null) {
                throw bad("one value", "more after it");
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw new JsonException("Stored JSON", "valid JSON", JsonException.at(e), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tree that was written as text; see {@link #read(byte[])}. */
    public static Tree read(String json) {
        return read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(JsonGenerator json, Tree tree, int depth) throws IOException {
        requireDepth(depth);
        switch (tree) {
            case Tree.Null n -> json.writeNull();
            case Tree.Bool(boolean value) -> json.writeBoolean(value);
            case Tree.Int(long value) -> json.writeNumber(value);
            case Tree.Dec(BigDecimal value) -> writeTagged(json, DEC, value.toString());
            case Tree.Bytes bytes ->
                writeTagged(json, BYTES, Base64.getEncoder().encodeToString(bytes.value()));
            case Tree.Text(String value) -> {
                if (isWhole(value)) {
                    json.writeString(value);
                } else {
                    writeTagged(json, UTF16, utf16(value));
                }
            }
            case Tree.Items(List<Tree> items) -> {
                json.writeStartArray();
                for (Tree item : items) {
                    write(json, item, depth + 1);
                }
                json.writeEndArray();
            }
            case Tree.Fields(Map<String, Tree> fields) -> {
                json.writeStartObject();
                for (Map.Entry<String, Tree> field : fields.entrySet()) {
                    json.writeFieldName(writtenKey(field.getKey()));
                    write(json, field.getValue(), depth + 1);
                }
                json.writeEndObject();
            }
        }
    }

    private static void writeTagged(JsonGenerator json, String tag, String value) throws IOException {
        json.writeStartObject();
        json.writeStringField(tag, value);
        json.writeEndObject();
    }

    private static Tree read(JsonParser json, int depth) throws IOException {
        requireDepth(depth);
        JsonToken token = json.currentToken();
        if (token == null) {
            throw bad("a value", "nothing");
        }
        return switch (token) {
            case VALUE_NULL -> Tree.NULL;
            case VALUE_TRUE -> Tree.of(true);
            case VALUE_FALSE -> Tree.of(false);
            case VALUE_NUMBER_INT -> Tree.of(json.getLongValue());
            case VALUE_STRING -> Tree.of(json.getText());
            case START_ARRAY -> {
                List<Tree> items = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    items.add(read(json, depth + 1));
                }
                yield Tree.of(items);
            }
            case START_OBJECT -> readObject(json, depth);
            case VALUE_NUMBER_FLOAT, VALUE_EMBEDDED_OBJECT, FIELD_NAME, END_ARRAY, END_OBJECT, NOT_AVAILABLE ->
                throw bad("a value of this form", token.name());
        };
    }

    private static Tree readObject(JsonParser json, int depth) throws IOException {
        Map<String, Tree> fields = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            json.nextToken();
            switch (key) {
                case DEC, BYTES, UTF16 -> {
                    Tree value = readTagged(key, json.getText());
                    if (json.nextToken() != JsonToken.END_OBJECT || !fields.isEmpty()) {
                        throw bad("'" + key + "' to stand alone", "other fields beside it");
                    }
                    return value;
                }
                default -> fields.put(readKey(key), read(json, depth + 1));
            }
        }
        return new Tree.Fields(fields);
    }

    private static Tree readTagged(String tag, String value) {
        try {
            return switch (tag) {
                case DEC -> new Tree.Dec(new BigDecimal(value));
                case BYTES -> new Tree.Bytes(Base64.getDecoder().decode(value));
                default -> Tree.of(fromUtf16(value));
            };
        } catch (IllegalArgumentException e) { // NumberFormatException is one
            throw new JsonException("Stored JSON", "a value fit for '" + tag + "'", "another text", e);
        }
    }

    private static String writtenKey(String key) {
        if (!isWhole(key)) {
            return UTF16_KEY + utf16(key);
        }
        return key.startsWith("$") ? "$" + key : key;
    }

    private static String readKey(String key) {
        if (!key.startsWith("$")) {
            return key;
        }
        if (key.startsWith("$$")) {
            return key.substring(1);
        }
        if (key.startsWith(UTF16_KEY)) {
            return fromUtf16(key.substring(UTF16_KEY.length()));
        }
        throw bad("a key written by this version", "an unknown '$' key");
    }

    /** Whether UTF-8 can hold it: every surrogate has its other half. */
    private static boolean isWhole(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static String utf16(String text) {
        byte[] bytes = new byte[2 * text.length()];
        for (int i = 0; i < text.length(); i++) {
            bytes[2 * i] = (byte) (text.charAt(i) >> Byte.SIZE);
            bytes[2 * i + 1] = (byte) text.charAt(i);
        }
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String fromUtf16(String base64) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        StringBuilder text = new StringBuilder(bytes.length / 2);
        for (int i = 0; i + 1 < bytes.length; i += 2) {
            text.append((char) ((bytes[i] << Byte.SIZE) | (bytes[i + 1] & 0xFF)));
        }
        return text.toString();
    }

    private static JsonException bad(String expected, String got) {
        return new JsonException("Stored JSON", expected, got, null);
    }

    private static void requireDepth(int depth) {
        if (depth > MAX_DEPTH) {
            throw new JsonException("JSON", "lists and maps at most " + MAX_DEPTH + " deep", "deeper ones", null);
        }
    }
}
