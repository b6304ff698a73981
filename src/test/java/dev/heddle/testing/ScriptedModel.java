package dev.heddle.testing;

import dev.heddle.llm.types.AiMessage;
import dev.heddle.llm.types.CallContext;
import dev.heddle.llm.types.ChatDelta;
import dev.heddle.llm.types.ChatModel;
import dev.heddle.llm.types.ChatReply;
import dev.heddle.llm.types.ChatRequest;
import dev.heddle.llm.types.FinishReason;
import dev.heddle.llm.types.TokenUsage;
import dev.heddle.llm.types.ToolCall;
import dev.heddle.tree.Tree;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A model that says what it was told to, word by word, and remembers what it was asked. */
public final class ScriptedModel implements ChatModel {
    /** Tokens that every call is said to have used. */
    public static final TokenUsage USAGE = new TokenUsage(100, 10);

    private final Queue<Function<ChatRequest, AiMessage>> script = new ArrayDeque<>();
    private final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
    private final Set<Integer> cutOff = new HashSet<>();
    private int answers;

    /** Says this next. */
    public ScriptedModel says(String text) {
        return answers(request -> AiMessage.of(text));
    }

    /** Calls these tools next. */
    public ScriptedModel calls(ToolCall... calls) {
        return answers(request -> new AiMessage(null, "", List.of(calls)));
    }

    /** Says this next and is cut off by its token limit. */
    public ScriptedModel cutOff(String text) {
        cutOff.add(script.size());
        return says(text);
    }

    /** Throws this next. */
    public ScriptedModel fails(RuntimeException failure) {
        return answers(request -> {
            throw failure;
        });
    }

    /** Answers so next. */
    public ScriptedModel answers(Function<ChatRequest, AiMessage> answer) {
        script.add(answer);
        return this;
    }

    /** A call of a tool with one text argument. */
    public static ToolCall call(String id, String tool, String argument, String value) {
        return new ToolCall(id, tool, Tree.fields(argument, Tree.of(value)));
    }

    /** What it was asked so far. */
    public List<ChatRequest> requests() {
        return requests;
    }

    @Override
    public synchronized ChatReply chat(ChatRequest request, CallContext context) {
        requests.add(request);
        Function<ChatRequest, AiMessage> next = script.poll();
        if (next == null) {
            throw new AssertionError("the script has ended, but the model was asked again");
        }
        AiMessage answer = next.apply(request).withId("answer-" + ++answers);
        for (String word : answer.text().split("(?<= )", -1)) {
            if (!word.isEmpty()) {
                context.sink().accept(new ChatDelta("answer-" + answers, word));
            }
        }
        FinishReason reason = cutOff.contains(answers - 1)
                ? FinishReason.LENGTH
                : answer.toolCalls().isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS;
        return new ChatReply(answer, USAGE, reason, "scripted", BigDecimal.ZERO);
    }
}
