package dev.heddle.llm.types;

import org.jspecify.annotations.Nullable;

/**
 * What came of a tool call.
 *
 * @param toolCallId the call that it answers
 * @param name the tool that was asked for
 * @param text its output, or what went wrong in words for the model
 * @param failed whether it went wrong
 */
public record ToolMessage(@Nullable String id, String toolCallId, String name, String text, boolean failed)
        implements Message {
    @Override
    public ToolMessage withId(String id) {
        return new ToolMessage(id, toolCallId, name, text, failed);
    }
}
