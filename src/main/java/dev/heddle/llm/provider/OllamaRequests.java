package dev.heddle.llm.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heddle.llm.types.AiMessage;
import dev.heddle.llm.types.ChatOptions;
import dev.heddle.llm.types.ChatRequest;
import dev.heddle.llm.types.HumanMessage;
import dev.heddle.llm.types.LlmException;
import dev.heddle.llm.types.Message;
import dev.heddle.llm.types.RemoveMessage;
import dev.heddle.llm.types.SystemMessage;
import dev.heddle.llm.types.ToolCall;
import dev.heddle.llm.types.ToolMessage;
import dev.heddle.llm.types.ToolSpec;
import dev.heddle.tree.Tree;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.model.ollama.OllamaChatRequestParameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Our request in langchain4j's words. Pure.
 *
 * <p>Messages go as {@code CustomMessage}, whose fields are sent as they are: langchain4j's own kinds would turn the
 * arguments of tool calls into doubles, refuse those that are no object, and leave out which tool and which call a result
 * belongs to.
 */
final class OllamaRequests {
    private OllamaRequests() {}

    /**
     * The request to send.
     *
     * @throws LlmException.Rejected if it holds what Ollama cannot take: a tool schema beyond {@link ToolSchemas}, or an
     *     order to remove messages
     */
    static dev.langchain4j.model.chat.request.ChatRequest of(String model, ChatRequest request) {
        List<ChatMessage> messages = new ArrayList<>();
        for (Message message : request.messages()) {
            messages.add(message(model, message));
        }
        List<ToolSpecification> tools = new ArrayList<>();
        for (ToolSpec tool : request.tools()) {
            tools.add(ToolSpecification.builder()
                    .name(tool.name())
                    .description(tool.description())
                    .parameters(new ToolSchemas(model, tool.name()).parameters(tool.parameters()))
                    .build());
        }
        return dev.langchain4j.model.chat.request.ChatRequest.builder()
                .messages(messages)
                .parameters(parameters(request.tier().windowTokens(), tools, request.options()))
                .build();
    }

    /**
     * What langchain4j wrote, without {@code "stop":[]}: it writes that when nothing was asked for, and Ollama takes it as
     * the order to forget the stop sequences that the model itself has.
     */
    static String body(String written) throws JsonProcessingException {
        JsonNode body = JsonTrees.read(written);
        if (body.path("options") instanceof ObjectNode options
                && options.path("stop").isEmpty()) {
            options.remove("stop");
        }
        return body.toString();
    }

    private static OllamaChatRequestParameters parameters(
            int windowTokens, List<ToolSpecification> tools, ChatOptions options) {
        OllamaChatRequestParameters.Builder parameters = OllamaChatRequestParameters.builder();
        // Without num_ctx Ollama takes its own small window and cuts longer prompts without a word.
        parameters.numCtx(windowTokens);
        if (!tools.isEmpty()) {
            parameters.toolSpecifications(tools);
        }
        if (options.temperature() >= 0) {
            parameters.temperature(options.temperature());
        }
        if (options.maxOutputTokens() > 0) {
            parameters.maxOutputTokens(options.maxOutputTokens());
        }
        if (!options.thinking()) {
            // Never true: a model that cannot think refuses it, and one that can thinks unless told not to.
            parameters.think(false);
        }
        return parameters.build();
    }

    private static ChatMessage message(String model, Message message) {
        return switch (message) {
            case SystemMessage system -> custom("system", system.text(), Map.of());
            case HumanMessage human -> custom("user", human.text(), Map.of());
            case AiMessage ai ->
                ai.toolCalls().isEmpty()
                        ? custom("assistant", ai.text(), Map.of())
                        : custom("assistant", ai.text(), Map.of("tool_calls", toolCalls(ai.toolCalls())));
            case ToolMessage tool ->
                custom("tool", tool.text(), Map.of("tool_name", tool.name(), "tool_call_id", tool.toolCallId()));
            case RemoveMessage r ->
                throw new LlmException.Rejected(
                        model,
                        "order to remove messages, expected messages, got RemoveMessage. Apply add_messages first.",
                        null);
        };
    }

    private static CustomMessage custom(String role, String text, Map<String, Object> more) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("role", role);
        fields.put("content", text);
        fields.putAll(more);
        return CustomMessage.from(fields);
    }

    private static List<Map<String, Object>> toolCalls(List<ToolCall> calls) {
        List<Map<String, Object>> sent = new ArrayList<>();
        for (int index = 0; index < calls.size(); index++) {
            ToolCall call = calls.get(index);
            sent.add(Map.of(
                    "id",
                    call.id(),
                    "function",
                    Map.of("index", index, "name", call.name(), "arguments", arguments(call.arguments()))));
        }
        return sent;
    }

    /** Ollama takes an object only; the raw words of arguments that were none go inside one. */
    private static Map<String, @Nullable Object> arguments(Tree arguments) {
        return JsonTrees.toPlain(
                arguments instanceof Tree.Fields fields ? fields : Tree.fields("invalid_arguments", arguments));
    }
}
