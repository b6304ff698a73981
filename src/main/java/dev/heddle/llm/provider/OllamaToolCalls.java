package dev.heddle.llm.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heddle.llm.types.ToolCall;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The tool calls of one answer, read from {@code message.tool_calls} of its lines:
 * {@code [{"id":"call_x","function":{"index":0,"name":"f","arguments":{…}}}]}. Ids may be missing (Ollama 0.6.5 sends none) or
 * repeated; the index is not used, for it may be missing too and calls come in order. For one worker.
 */
final class OllamaToolCalls {
    private final Supplier<String> ids;
    private final List<ToolCall> calls = new ArrayList<>();

    OllamaToolCalls(Supplier<String> ids) {
        this.ids = ids;
    }

    void add(JsonNode toolCalls) {
        for (JsonNode call : toolCalls) {
            JsonNode function = call.path("function");
            calls.add(new ToolCall(
                    idOf(call.path("id").asText("")),
                    function.path("name").asText(""),
                    arguments(function.path("arguments"))));
        }
    }

    List<ToolCall> all() {
        return List.copyOf(calls);
    }

    private String idOf(String given) {
        boolean usable =
                !given.isBlank() && calls.stream().noneMatch(call -> call.id().equals(given));
        return usable ? given : ids.get();
    }

    /** An object as it is, also when it came as text; nothing at all for no arguments; else the raw words. */
    static Tree arguments(JsonNode arguments) {
        if (arguments.isMissingNode() || arguments.isNull()) {
            return Tree.EMPTY;
        }
        if (arguments instanceof ObjectNode object) {
            return JsonTrees.toTree(object);
        }
        String raw = arguments.isTextual() ? arguments.textValue() : arguments.toString();
        try {
            return JsonTrees.read(raw) instanceof ObjectNode object ? JsonTrees.toTree(object) : Tree.of(raw);
        } catch (JsonProcessingException e) {
            return Tree.of(raw);
        }
    }
}
