package dev.heddle.llm.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.llm.types.LlmException;
import dev.heddle.tree.Tree;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolSchemasTest {

    private static JsonObjectSchema read(String json) throws Exception {
        return new ToolSchemas("m", "t").parameters((Tree.Fields) JsonTrees.toTree(JsonTrees.read(json)));
    }

    @Test
    void takesEveryTypeItKnows() throws Exception {
        JsonObjectSchema schema = read("""
                {"type":"object","required":["unit"],"properties":{
                  "unit":{"type":"string","enum":["km","mi"],"description":"Which"},
                  "name":{"type":"string","description":"Who"},
                  "ratio":{"type":"number"},
                  "count":{"type":"integer","description":"How many"},
                  "exact":{"type":"boolean"},
                  "stops":{"type":"array","description":"Where","items":{"type":"object",
                    "required":["city"],"properties":{"city":{"type":"string"}}}}}}
                """);

        assertThat(schema)
                .isEqualTo(JsonObjectSchema.builder()
                        .addProperty(
                                "unit",
                                JsonEnumSchema.builder()
                                        .enumValues("km", "mi")
                                        .description("Which")
                                        .build())
                        .addProperty(
                                "name",
                                JsonStringSchema.builder().description("Who").build())
                        .addProperty("ratio", new JsonNumberSchema())
                        .addProperty(
                                "count",
                                JsonIntegerSchema.builder()
                                        .description("How many")
                                        .build())
                        .addProperty("exact", new JsonBooleanSchema())
                        .addProperty(
                                "stops",
                                JsonArraySchema.builder()
                                        .description("Where")
                                        .items(JsonObjectSchema.builder()
                                                .addStringProperty("city")
                                                .required("city")
                                                .build())
                                        .build())
                        .required("unit")
                        .build());
        assertThat(schema.properties().keySet()).containsExactly("unit", "name", "ratio", "count", "exact", "stops");
    }

    @Test
    void takesAToolWithoutArguments() throws Exception {
        assertThat(read("{\"type\":\"object\"}").properties()).isEmpty();
        assertThat(read("{\"type\":\"object\"}").required()).isEqualTo(List.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"string\"} | parameters: arguments that are no object, expected type object, got 'string'",
                "{} | parameters: unsupported type, expected object, array, string, number, integer or boolean, got null",
                "{\"type\":\"object\",\"additionalProperties\":false} | parameters: unsupported keyword, expected only"
                        + " description, properties, required, type, got 'additionalProperties'",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\"}}} | parameters.properties.a.items: schema"
                        + " that is no object, expected a map, got null",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\",\"minimum\":1}}} |"
                        + " parameters.properties.a: unsupported keyword, expected only description, type, got 'minimum'",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"enum\":[1]}}} |"
                        + " parameters.properties.a.enum: wrong shape, expected a list of texts, got a number in it",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":[\"string\",\"null\"]}}} |"
                        + " parameters.properties.a: unsupported type, expected object, array, string, number, integer or"
                        + " boolean, got list",
                "{\"type\":\"object\",\"properties\":[]} | parameters.properties: wrong shape, expected a map, got list",
                "{\"type\":\"object\",\"required\":\"a\"} | parameters.required: wrong shape, expected a list of texts,"
                        + " got text",
                "{\"type\":\"object\",\"description\":1} | parameters.description: wrong shape, expected text, got number"
            })
    void refusesAnythingElseAndSaysWhere(String json, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(LlmException.Rejected.class)
                .hasMessage("Model 'm': tool 't' " + message + ". Simplify the tool's schema.");
    }
}
