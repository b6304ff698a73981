package dev.heddle.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DifferentialTest {
    private static final int SHOWN = 5;

    @Test
    void doesWhatLangGraphDidInEveryRecordedCase() {
        List<String> lines = Corpus.committed();
        List<Corpus.Deviation> deviations =
                lines.stream().map(Corpus::replay).flatMap(Optional::stream).toList();

        assertThat(lines).hasSizeGreaterThanOrEqualTo(500);
        assertThat(deviations.stream()
                        .map(deviation -> Json.show(deviation.spec().get("seed")))
                        .toList())
                .as(() -> "seeds that differ, the first of them:\n"
                        + String.join(
                                "\n",
                                deviations.stream()
                                        .limit(SHOWN)
                                        .map(Corpus.Deviation::toString)
                                        .toList()))
                .isEmpty();
    }
}
