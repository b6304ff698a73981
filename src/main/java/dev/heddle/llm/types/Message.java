package dev.heddle.llm.types;

import org.jspecify.annotations.Nullable;

/** One entry of a conversation. */
public sealed interface Message permits SystemMessage, HumanMessage, AiMessage, ToolMessage, RemoveMessage {

    /** Stable within its thread; null until {@code add_messages} gives it one. */
    @Nullable
    String id();

    /** The words; empty for none. */
    String text();

    /** The same message under this id. */
    Message withId(String id);
}
