package dev.heddle.llm.types;

/**
 * Tokens of one call or of several together.
 *
 * @param inputTokens tokens that were read, cached ones included; at least 0
 * @param outputTokens tokens that were written, thinking included; at least 0
 */
public record TokenUsage(long inputTokens, long outputTokens) {
    /** Nothing used. */
    public static final TokenUsage NONE = new TokenUsage(0, 0);
}
