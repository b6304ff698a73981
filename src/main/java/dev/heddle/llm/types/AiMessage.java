package dev.heddle.llm.types;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model said.
 *
 * @param toolCalls the tools it wants called, in its order; empty for none
 */
public record AiMessage(@Nullable String id, String text, List<ToolCall> toolCalls) implements Message {
    public AiMessage {
        toolCalls = List.copyOf(toolCalls);
    }

    /** An answer without tool calls and without an id yet. */
    public static AiMessage of(String text) {
        return new AiMessage(null, text, List.of());
    }

    @Override
    public AiMessage withId(String id) {
        return new AiMessage(id, text, toolCalls);
    }
}
