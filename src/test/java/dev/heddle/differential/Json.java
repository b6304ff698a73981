package dev.heddle.differential;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Plain JSON as trees, as it is: unlike {@code TreeJson}, no name has a meaning. */
final class Json {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private Json() {}

    static Tree.Fields read(String line) {
        try {
            return fields(tree(MAPPER.readTree(line)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Line: no JSON, expected a recorded case", e);
        }
    }

    private static Tree tree(JsonNode node) {
        return switch (node.getNodeType()) {
            case NULL -> Tree.NULL;
            case BOOLEAN -> Tree.of(node.booleanValue());
            case NUMBER -> Tree.of(node.longValue());
            case STRING -> Tree.of(node.textValue());
            case ARRAY ->
                Tree.of(StreamSupport.stream(node.spliterator(), false)
                        .map(Json::tree)
                        .toList());
            case OBJECT -> {
                Map<String, Tree> fields = new LinkedHashMap<>();
                node.properties().forEach(entry -> fields.put(entry.getKey(), tree(entry.getValue())));
                yield new Tree.Fields(fields);
            }
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("JSON of kind " + node.getNodeType());
        };
    }

    static Tree.Fields fields(Tree tree) {
        return Codecs.fields(tree, "Case");
    }

    static List<Tree> items(Tree tree) {
        return Codecs.items(tree, "Case");
    }

    static String text(Tree tree) {
        return Codecs.text(tree, "Case");
    }

    static int number(Tree tree) {
        return Codecs.INT.decode(tree);
    }

    static boolean has(Tree.Fields fields, String name) {
        return fields.fields().containsKey(name);
    }

    static List<String> texts(Tree tree) {
        return items(tree).stream().map(Json::text).toList();
    }

    /** The tree as JSON on one line, for reading. */
    static String show(Tree tree) {
        return switch (tree) {
            case Tree.Null n -> "null";
            case Tree.Bool(boolean value) -> String.valueOf(value);
            case Tree.Num number -> number.decimal().toString();
            case Tree.Text(String value) -> '"' + value + '"';
            case Tree.Bytes bytes -> bytes.toString();
            case Tree.Items(List<Tree> items) ->
                items.stream().map(Json::show).collect(Collectors.joining(",", "[", "]"));
            case Tree.Fields(Map<String, Tree> fields) ->
                fields.entrySet().stream()
                        .map(entry -> '"' + entry.getKey() + "\":" + show(entry.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
        };
    }
}
