package dev.heddle.local.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heddle.local.model.Answer.Ending;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The JSON of one chat reply as Ollama 0.17.4 writes it, keys in its order. Source: the recordings in
 * {@code src/test/resources/dev/heddle/local/model/ollama}.
 */
final class OllamaLines {
    private static final int TOKENS_OF_A_CALL = 20;

    private final ChatCall call;
    private final Answer answer;
    private final long started = System.nanoTime();

    OllamaLines(ChatCall call, Answer answer) {
        this.call = call;
        this.answer = answer;
    }

    /** {@code {"model","created_at","message":{"role","content"},"done":false}}. */
    ObjectNode text(String content) {
        return line(content, List.of()).put("done", false);
    }

    /** The same with one of {@link Answer#calls()} in {@code tool_calls}. */
    ObjectNode toolCall(int index) {
        return line("", List.of(callNode(index))).put("done", false);
    }

    /** The last line: {@code done:true}, reason, counts, durations in nanoseconds. */
    ObjectNode end() {
        return ended(line("", List.of()));
    }

    /** The whole reply in one piece. */
    ObjectNode whole() {
        List<ObjectNode> calls = java.util.stream.IntStream.range(
                        0, answer.calls().size())
                .mapToObj(this::callNode)
                .toList();
        ObjectNode line = line(String.join("", answer.chunks()), calls);
        return answer.ending() == Ending.STUTTER ? line.put("done", false) : ended(line);
    }

    /** What a request without messages gets: the model is loaded. */
    ObjectNode loaded() {
        return line("", List.of()).put("done", true).put("done_reason", "load");
    }

    static ObjectNode error(String error) {
        return JsonNodeFactory.instance.objectNode().put("error", error);
    }

    private ObjectNode line(String content, List<ObjectNode> calls) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("model", call.model()).put("created_at", Instant.now().toString());
        ObjectNode message = line.putObject("message").put("role", "assistant").put("content", content);
        if (!calls.isEmpty()) {
            ArrayNode array = message.putArray("tool_calls");
            calls.forEach(array::add);
        }
        return line;
    }

    private ObjectNode callNode(int index) {
        Answer.Call made = answer.calls().get(index);
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put(
                "id",
                "call_" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()));
        ObjectNode function = node.putObject("function");
        function.put("index", index).put("name", made.name()).set("arguments", made.arguments());
        return node;
    }

    private ObjectNode ended(ObjectNode line) {
        long total = System.nanoTime() - started + Duration.ofMillis(1).toNanos();
        return line.put("done", true)
                .put("done_reason", answer.ending() == Ending.LENGTH ? "length" : "stop")
                .put("total_duration", total)
                .put("load_duration", total / 4)
                .put("prompt_eval_count", call.promptTokens())
                .put("prompt_eval_duration", total / 4)
                .put(
                        "eval_count",
                        answer.chunks().size()
                                + TOKENS_OF_A_CALL * answer.calls().size()
                                + 1)
                .put("eval_duration", total / 2);
    }
}
