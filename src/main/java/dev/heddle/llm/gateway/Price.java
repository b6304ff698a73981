package dev.heddle.llm.gateway;

import dev.heddle.llm.types.TokenUsage;
import java.math.BigDecimal;

/**
 * What tokens cost.
 *
 * @param inputPerMillion US dollars for a million tokens read, not negative
 * @param outputPerMillion US dollars for a million tokens written, not negative
 */
public record Price(BigDecimal inputPerMillion, BigDecimal outputPerMillion) {
    private static final int MILLION_DIGITS = 6;

    public Price {
        if (inputPerMillion.signum() < 0 || outputPerMillion.signum() < 0) {
            throw new IllegalArgumentException("Price: negative, expected 0 or more US dollars, got " + inputPerMillion
                    + " and " + outputPerMillion + ". Correct the price list.");
        }
    }

    /** The price of this usage, exact. */
    public BigDecimal of(TokenUsage usage) {
        BigDecimal input = inputPerMillion.multiply(BigDecimal.valueOf(usage.inputTokens()));
        BigDecimal output = outputPerMillion.multiply(BigDecimal.valueOf(usage.outputTokens()));
        BigDecimal dollars = input.add(output).movePointLeft(MILLION_DIGITS).stripTrailingZeros();
        return dollars.signum() == 0 ? BigDecimal.ZERO : dollars;
    }
}
