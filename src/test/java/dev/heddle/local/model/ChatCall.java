package dev.heddle.local.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A {@code POST /api/chat} body as the stand-in understands it.
 *
 * @param model the name asked for
 * @param stream whether the answer comes line by line (the default)
 * @param system all system messages
 * @param question the last user message; empty for none
 * @param earlier user messages before that one, oldest first
 * @param answered whether the assistant has said anything before the question
 * @param made tool calls since the question, oldest first
 * @param results tool results since the question, oldest first
 * @param tools offered tools: name to JSON schema of the arguments
 * @param maxTokens {@code num_predict}; 0 or less for no limit
 * @param promptTokens a plausible length of the prompt
 */
record ChatCall(
        String model,
        boolean stream,
        String system,
        String question,
        List<String> earlier,
        boolean answered,
        List<JsonNode> made,
        List<String> results,
        Map<String, JsonNode> tools,
        int maxTokens,
        int promptTokens) {

    /** A request that Ollama refuses, with its status and its words. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final int status;

        Refused(int status, String error) {
            super(error);
            this.status = status;
        }

        int status() {
            return status;
        }

        String error() {
            return String.valueOf(getMessage());
        }
    }

    static ChatCall of(JsonNode body) throws Refused {
        requireType(body.path("messages"), body.path("messages").isArray(), "messages", "[]api.Message");
        requireType(body.path("model"), body.path("model").isTextual(), "model", "string");
        if (body.path("model").asText("").isEmpty()) {
            throw new Refused(400, "model is required");
        }
        JsonNode options = body.path("options");
        for (String name : List.of("num_ctx", "num_predict")) {
            if (options.has(name) && !options.get(name).isNumber()) {
                throw new Refused(500, "option \"" + name + "\" must be of type integer");
            }
        }

        var system = new StringBuilder();
        var said = new ArrayList<String>();
        var made = new ArrayList<JsonNode>();
        var results = new ArrayList<String>();
        boolean answering = false;
        boolean answered = false;
        for (JsonNode message : body.path("messages")) {
            String content = message.path("content").asText("");
            switch (message.path("role").asText("")) {
                case "system" -> system.append(content).append('\n');
                case "user" -> {
                    said.add(content);
                    answered |= answering;
                    made.clear();
                    results.clear();
                }
                case "assistant" -> {
                    answering |= !content.isBlank();
                    message.path("tool_calls").forEach(call -> made.add(call.path("function")));
                }
                case "tool" -> results.add(content);
                default -> {} // as the real one: a role that the template does not know is not shown to the model
            }
        }
        var tools = new LinkedHashMap<String, JsonNode>();
        for (JsonNode tool : body.path("tools")) {
            JsonNode function = tool.path("function");
            tools.put(function.path("name").asText(""), function.path("parameters"));
        }
        int size = body.path("messages").toString().length()
                + body.path("tools").toString().length();
        return new ChatCall(
                body.path("model").asText(""),
                body.path("stream").asBoolean(true),
                system.toString(),
                said.isEmpty() ? "" : said.getLast(),
                said.isEmpty() ? List.of() : List.copyOf(said.subList(0, said.size() - 1)),
                answered,
                List.copyOf(made),
                List.copyOf(results),
                tools,
                options.path("num_predict").asInt(0),
                1 + size / 4);
    }

    private static void requireType(JsonNode value, boolean right, String field, String type) throws Refused {
        if (!right && !value.isMissingNode() && !value.isNull()) {
            String got =
                    value.isTextual() ? "string" : value.getNodeType().name().toLowerCase(Locale.ROOT);
            throw new Refused(
                    400,
                    "json: cannot unmarshal " + got + " into Go struct field ChatRequest." + field + " of type "
                            + type);
        }
    }
}
