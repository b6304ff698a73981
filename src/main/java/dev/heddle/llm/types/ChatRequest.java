package dev.heddle.llm.types;

import java.util.List;

/**
 * One question to a model.
 *
 * @param tier who shall answer; its window bounds the context (Ollama: {@code num_ctx})
 * @param messages the conversation, oldest first, at least one; ids are not sent
 * @param tools what the model may call; empty for none
 * @param options how to answer
 */
public record ChatRequest(Tier tier, List<Message> messages, List<ToolSpec> tools, ChatOptions options) {
    public ChatRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException(
                    "ChatRequest: no messages, expected at least 1, got 0. Add the human message.");
        }
    }
}
