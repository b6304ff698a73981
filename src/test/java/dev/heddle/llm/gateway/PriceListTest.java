package dev.heddle.llm.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.heddle.llm.types.TokenUsage;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PriceListTest {
    private static final LocalDate DAY = LocalDate.parse("2026-11-21");

    @Test
    void theListThatShipsKnowsTheUsualModels() {
        PriceList list = PriceList.load();

        assertThat(list.price("ollama", "whatever:8b", DAY).of(new TokenUsage(1_000_000, 1_000_000)))
                .isEqualTo(BigDecimal.ZERO);
        assertThat(list.price("anthropic", "claude-haiku-4-5", DAY).of(new TokenUsage(1_000_000, 1_000_000)))
                .isEqualByComparingTo("6");
        assertThat(list.price("anthropic", "claude-sonnet-4-5", DAY).of(new TokenUsage(7, 3)))
                .isEqualByComparingTo("0.000066");
    }

    @Test
    void theLatestLineThatHoldsOnTheDayCountsAndTheModelsOwnGoesFirst() {
        PriceList list = PriceList.parse(List.of(
                "# comment",
                "",
                "v/*, 2026-11-01, 9, 9",
                "v/m, 2025-01-01, 1, 1",
                "v/m, 2026-01-01, 2, 2",
                "v/m, 2027-01-01, 3, 3"));

        assertThat(list.price("v", "m", DAY).inputPerMillion()).isEqualByComparingTo("2");
        assertThat(list.price("v", "m", LocalDate.parse("2025-06-01")).inputPerMillion())
                .isEqualByComparingTo("1");
        assertThat(list.price("v", "other", DAY).inputPerMillion()).isEqualByComparingTo("9");
    }

    @Test
    void aModelWithoutAPriceAndANegativePriceAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PriceList.load().price("nobody", "m", DAY))
                .withMessageContaining("Model 'nobody/m': no price");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Price(BigDecimal.ONE.negate(), BigDecimal.ONE))
                .withMessageContaining("negative");
    }
}
