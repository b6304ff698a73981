package dev.heddle.llm.types;

/**
 * How a model shall answer.
 *
 * @param temperature 0 to 2; negative leaves it to the model
 * @param thinking whether a model that can think aloud may do so; routing switches it off
 * @param maxOutputTokens most tokens of the answer; 0 leaves it to the model
 */
public record ChatOptions(double temperature, boolean thinking, int maxOutputTokens) {
    /** The model's own settings. */
    public static final ChatOptions DEFAULT = new ChatOptions(-1, true, 0);

    /** A short and repeatable answer without thinking, for classification. */
    public static ChatOptions terse(int maxOutputTokens) {
        return new ChatOptions(0, false, maxOutputTokens);
    }
}
