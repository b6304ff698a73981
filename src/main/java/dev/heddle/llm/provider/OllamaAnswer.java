package dev.heddle.llm.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heddle.llm.types.AiMessage;
import dev.heddle.llm.types.ChatDelta;
import dev.heddle.llm.types.ChatReply;
import dev.heddle.llm.types.FinishReason;
import dev.heddle.llm.types.LlmException;
import dev.heddle.llm.types.TokenUsage;
import dev.langchain4j.http.client.sse.CancellationUnsupportedHandle;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.math.BigDecimal;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it grows. Each line passes through here twice: first raw, when tool calls are taken out of it, then as
 * langchain4j understood it. For one worker.
 */
final class OllamaAnswer implements StreamingChatResponseHandler {
    private final OllamaFailures failures;
    private final String messageId;
    private final Consumer<ChatDelta> sink;
    private final OllamaToolCalls toolCalls;
    private final ThinkingFilter filter = new ThinkingFilter();
    private final StringBuilder text = new StringBuilder();
    private String partial = "";
    private boolean begun;
    private boolean failed;
    private @Nullable ChatResponse complete;

    OllamaAnswer(OllamaFailures failures, Supplier<String> ids, Consumer<ChatDelta> sink) {
        this.failures = failures;
        this.messageId = ids.get();
        this.sink = sink;
        this.toolCalls = new OllamaToolCalls(ids);
    }

    /**
     * Takes a line and passes its text on.
     *
     * @param langchain4j reads the line and calls this handler back
     * @throws LlmException.Broken if the line says so or cannot be read
     */
    void read(String line, ServerSentEventListener langchain4j) {
        if (line.isBlank()) {
            return;
        }
        begun = true;
        partial = "";
        try {
            if (!(JsonTrees.read(line) instanceof ObjectNode fields)) {
                throw failures.unreadableLine();
            }
            String rest = line;
            if (fields.path("message") instanceof ObjectNode message && message.has("tool_calls")) {
                toolCalls.add(message.remove("tool_calls"));
                rest = fields.toString();
            }
            langchain4j.onEvent(
                    new ServerSentEvent(null, rest), new ServerSentEventContext(new CancellationUnsupportedHandle()));
        } catch (LlmException e) {
            throw e;
        } catch (JsonProcessingException | RuntimeException e) {
            throw failures.unreadableLine();
        }
        if (failed) {
            throw failures.errorLine();
        }
        // Out here, because langchain4j swallows what a handler throws, and a sink may throw.
        deliver(filter.next(partial));
        if (complete != null) {
            deliver(filter.rest());
        }
    }

    private void deliver(String words) {
        if (!words.isEmpty()) {
            text.append(words);
            sink.accept(new ChatDelta(messageId, words));
        }
    }

    /** Whether a line has come. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether the last line has come. */
    boolean isComplete() {
        return complete != null;
    }

    /** The whole answer, once it is complete. */
    ChatReply reply() {
        ChatResponse response = complete;
        if (response == null) {
            throw new IllegalStateException(
                    "Ollama answer: read too early, expected its last line, got none. Ask isComplete() first.");
        }
        String model = response.metadata().modelName();
        return new ChatReply(
                new AiMessage(messageId, text.toString(), toolCalls.all()),
                usage(response.metadata().tokenUsage()),
                finishReason(
                        response.metadata().finishReason(), !toolCalls.all().isEmpty()),
                model == null ? failures.settings().model() : model,
                BigDecimal.ZERO);
    }

    private static TokenUsage usage(dev.langchain4j.model.output.@Nullable TokenUsage usage) {
        if (usage == null) {
            return TokenUsage.NONE;
        }
        Integer input = usage.inputTokenCount();
        Integer output = usage.outputTokenCount();
        return new TokenUsage(input == null ? 0 : input, output == null ? 0 : output);
    }

    /** Ollama says {@code stop} after tool calls too, and old versions say nothing after an ordinary end. */
    static FinishReason finishReason(dev.langchain4j.model.output.@Nullable FinishReason reason, boolean hasToolCalls) {
        if (reason == null) {
            return hasToolCalls ? FinishReason.TOOL_CALLS : FinishReason.STOP;
        }
        return switch (reason) {
            case STOP, TOOL_EXECUTION -> hasToolCalls ? FinishReason.TOOL_CALLS : FinishReason.STOP;
            case LENGTH -> FinishReason.LENGTH;
            case CONTENT_FILTER -> FinishReason.CONTENT_FILTER;
            case OTHER -> FinishReason.OTHER;
        };
    }

    @Override
    public void onPartialResponse(PartialResponse partialResponse, PartialResponseContext context) {
        partial = partialResponse.text();
    }

    @Override
    public void onCompleteResponse(ChatResponse completeResponse) {
        complete = completeResponse;
    }

    @Override
    public void onError(Throwable error) {
        failed = true;
    }
}
