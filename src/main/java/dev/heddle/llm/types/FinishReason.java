package dev.heddle.llm.types;

/** Why a model stopped. */
public enum FinishReason {
    /** It had said all. */
    STOP,
    /** The token limit cut it off: the text is incomplete. */
    LENGTH,
    /** It waits for the results of its tool calls. */
    TOOL_CALLS,
    /** The provider withheld the rest. */
    CONTENT_FILTER,
    /** Anything else. */
    OTHER
}
