package dev.heddle.llm.types;

import java.math.BigDecimal;

/**
 * A complete answer.
 *
 * @param message what the model said, and the tools it wants called
 * @param usage tokens as the provider counted them
 * @param finishReason why it stopped
 * @param model the model that answered, as its provider names it
 * @param costUsd price of this call in US dollars, exact; zero from a provider, set by the gateway
 */
public record ChatReply(
        AiMessage message, TokenUsage usage, FinishReason finishReason, String model, BigDecimal costUsd) {

    /** The same answer at this price. */
    public ChatReply withCostUsd(BigDecimal costUsd) {
        return new ChatReply(message, usage, finishReason, model, costUsd);
    }
}
