package dev.heddle.llm.types;

/**
 * A piece of an answer that is still being written.
 *
 * @param messageId the id that the finished message will carry
 * @param text what came; never empty
 */
public record ChatDelta(String messageId, String text) {}
