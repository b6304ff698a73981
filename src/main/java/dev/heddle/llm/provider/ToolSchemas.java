package dev.heddle.llm.provider;

import dev.heddle.llm.types.LlmException;
import dev.heddle.tree.Tree;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON schema of one tool's arguments in langchain4j's words.
 *
 * <p>Taken: {@code type} object (with {@code properties}, {@code required}), array (with {@code items}), string (with
 * {@code enum}), number, integer, boolean, and {@code description} everywhere; the description of the whole object is not
 * sent, for langchain4j has no place for it. Anything else is refused rather than left out in silence, because the model
 * would be told less than the tool checks.
 *
 * @param model for errors
 * @param tool for errors
 */
record ToolSchemas(String model, String tool) {
    private static final Set<String> OBJECT = Set.of("type", "description", "properties", "required");
    private static final Set<String> ARRAY = Set.of("type", "description", "items");
    private static final Set<String> STRING = Set.of("type", "description", "enum");
    private static final Set<String> PLAIN = Set.of("type", "description");

    /** The arguments' schema, which must be an object's. */
    JsonObjectSchema parameters(Tree.Fields schema) {
        if (element(schema, "parameters") instanceof JsonObjectSchema object) {
            return object;
        }
        throw refused("parameters", "arguments that are no object", "type object", quoted(schema.get("type")));
    }

    private JsonSchemaElement element(Tree schema, String where) {
        if (!(schema instanceof Tree.Fields fields)) {
            throw refused(where, "schema that is no object", "a map", Tree.kind(schema));
        }
        String type = fields.get("type") instanceof Tree.Text text ? text.value() : "";
        String description = description(fields, where);
        return switch (type) {
            case "object" -> object(only(OBJECT, fields, where), description, where);
            case "array" ->
                JsonArraySchema.builder()
                        .description(description)
                        .items(element(only(ARRAY, fields, where).get("items"), where + ".items"))
                        .build();
            case "string" -> string(only(STRING, fields, where), description, where);
            case "number" -> {
                only(PLAIN, fields, where);
                yield JsonNumberSchema.builder().description(description).build();
            }
            case "integer" -> {
                only(PLAIN, fields, where);
                yield JsonIntegerSchema.builder().description(description).build();
            }
            case "boolean" -> {
                only(PLAIN, fields, where);
                yield JsonBooleanSchema.builder().description(description).build();
            }
            default ->
                throw refused(
                        where,
                        "unsupported type",
                        "object, array, string, number, integer or boolean",
                        quoted(fields.get("type")));
        };
    }

    private JsonSchemaElement object(Tree.Fields fields, @Nullable String description, String where) {
        JsonObjectSchema.Builder object = JsonObjectSchema.builder().description(description);
        Tree properties = fields.fields().getOrDefault("properties", Tree.EMPTY);
        if (!(properties instanceof Tree.Fields named)) {
            throw refused(where + ".properties", "wrong shape", "a map", Tree.kind(properties));
        }
        for (Map.Entry<String, Tree> property : named.fields().entrySet()) {
            object.addProperty(
                    property.getKey(), element(property.getValue(), where + ".properties." + property.getKey()));
        }
        return object.required(texts(fields.fields().getOrDefault("required", Tree.of(List.of())), where + ".required"))
                .build();
    }

    private JsonSchemaElement string(Tree.Fields fields, @Nullable String description, String where) {
        return fields.fields().containsKey("enum")
                ? JsonEnumSchema.builder()
                        .description(description)
                        .enumValues(texts(fields.get("enum"), where + ".enum"))
                        .build()
                : JsonStringSchema.builder().description(description).build();
    }

    private @Nullable String description(Tree.Fields fields, String where) {
        return switch (fields.get("description")) {
            case Tree.Text text -> text.value();
            case Tree.Null n -> null;
            case Tree other -> throw refused(where + ".description", "wrong shape", "text", Tree.kind(other));
        };
    }

    private List<String> texts(Tree tree, String where) {
        if (!(tree instanceof Tree.Items list)) {
            throw refused(where, "wrong shape", "a list of texts", Tree.kind(tree));
        }
        List<String> texts = new ArrayList<>();
        for (Tree item : list.items()) {
            if (!(item instanceof Tree.Text text)) {
                throw refused(where, "wrong shape", "a list of texts", "a " + Tree.kind(item) + " in it");
            }
            texts.add(text.value());
        }
        return texts;
    }

    private Tree.Fields only(Set<String> keywords, Tree.Fields fields, String where) {
        for (String keyword : fields.fields().keySet()) {
            if (!keywords.contains(keyword)) {
                throw refused(
                        where,
                        "unsupported keyword",
                        "only " + String.join(", ", keywords.stream().sorted().toList()),
                        "'" + keyword + "'");
            }
        }
        return fields;
    }

    private static String quoted(Tree tree) {
        return tree instanceof Tree.Text text ? "'" + text.value() + "'" : Tree.kind(tree);
    }

    private LlmException refused(String where, String what, String expected, String got) {
        return new LlmException.Rejected(
                model,
                "tool '" + tool + "' " + where + ": " + what + ", expected " + expected + ", got " + got
                        + ". Simplify the tool's schema.",
                null);
    }
}
