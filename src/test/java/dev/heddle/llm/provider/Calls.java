package dev.heddle.llm.provider;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.heddle.llm.types.CallContext;
import dev.heddle.llm.types.ChatDelta;
import dev.heddle.llm.types.ChatModel;
import dev.heddle.llm.types.ChatOptions;
import dev.heddle.llm.types.ChatRequest;
import dev.heddle.llm.types.HumanMessage;
import dev.heddle.llm.types.LlmException;
import dev.heddle.llm.types.Message;
import dev.heddle.llm.types.Principal;
import dev.heddle.llm.types.Tier;
import dev.heddle.llm.types.ToolSpec;
import dev.heddle.tree.Tree;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Short ways to say a call. */
final class Calls {
    static final Duration LONG = Duration.ofSeconds(20);
    static final Duration SHORT = Duration.ofMillis(100);

    static final ToolSpec WEATHER = new ToolSpec(
            "get_weather",
            "Weather of a place",
            Tree.fields(
                    "type",
                    Tree.of("object"),
                    "properties",
                    Tree.fields(
                            "city", Tree.fields("type", Tree.of("string")),
                            "days", Tree.fields("type", Tree.of("integer"))),
                    "required",
                    Tree.of(List.of(Tree.of("city")))));

    private Calls() {}

    /** A model at this address with long timeouts and the ids {@code id-1}, {@code id-2}, … */
    static OllamaChatModel model(URI url) {
        return model(url, LONG, LONG);
    }

    static OllamaChatModel model(URI url, Duration firstToken, Duration token) {
        return OllamaChatModel.create(
                new OllamaSettings(url, "tiny", LONG, firstToken, token, null), Clock.systemUTC(), ids());
    }

    static Supplier<String> ids() {
        AtomicInteger last = new AtomicInteger();
        return () -> "id-" + last.incrementAndGet();
    }

    static ChatRequest ask(String words, ToolSpec... tools) {
        return request(List.of(HumanMessage.of(words)), List.of(tools), ChatOptions.DEFAULT);
    }

    static ChatRequest request(List<Message> messages, List<ToolSpec> tools, ChatOptions options) {
        return new ChatRequest(new Tier("SIMPLE", 4096), messages, tools, options);
    }

    static CallContext context(Consumer<ChatDelta> sink) {
        return context(Instant.now().plusSeconds(60), sink);
    }

    static CallContext context(Instant deadline, Consumer<ChatDelta> sink) {
        return new CallContext(Principal.LOCAL, "thread", "run", deadline, sink);
    }

    /** What this model throws. */
    static LlmException failure(ChatModel model) {
        return failure(model, context(delta -> {}));
    }

    static LlmException failure(ChatModel model, CallContext context) {
        return catchThrowableOfType(LlmException.class, () -> model.chat(ask("my secret words"), context));
    }

    /** A line with a piece of text. */
    static String text(String content) {
        return "{\"model\":\"tiny\",\"created_at\":\"2026-11-21T07:21:58.556278053Z\","
                + "\"message\":{\"role\":\"assistant\",\"content\":\"" + content + "\"},\"done\":false}";
    }

    /** A line with a tool call; {@code call} is the JSON of one element of {@code tool_calls}. */
    static String toolCall(String call) {
        return "{\"model\":\"tiny\",\"created_at\":\"2026-11-21T07:21:58.66198472Z\",\"message\":{\"role\":\"assistant\","
                + "\"content\":\"\",\"tool_calls\":[" + call + "]},\"done\":false}";
    }

    static String done(String reason) {
        return "{\"model\":\"tiny\",\"created_at\":\"2026-11-21T07:21:58.558648901Z\",\"message\":{\"role\":\"assistant\","
                + "\"content\":\"\"},\"done\":true,\"done_reason\":\"" + reason + "\",\"total_duration\":4550471,"
                + "\"load_duration\":1150477,\"prompt_eval_count\":18,\"prompt_eval_duration\":265557,"
                + "\"eval_count\":10,\"eval_duration\":2416947}";
    }
}
