package dev.heddle.llm.types;

/**
 * A class of models by ability and price, for example {@code SIMPLE}.
 *
 * @param name unique name, upper case
 * @param windowTokens how many tokens its model may read and write in one call; at least 512
 */
public record Tier(String name, int windowTokens) {
    public Tier {
        if (windowTokens < 512) {
            throw new IllegalArgumentException(
                    "Tier '" + name + "': window too small, expected at least 512 tokens, got " + windowTokens
                            + ". Set a larger window.");
        }
    }
}
