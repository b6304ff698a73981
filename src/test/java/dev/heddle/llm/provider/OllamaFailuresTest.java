package dev.heddle.llm.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.llm.types.LlmException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OllamaFailuresTest {
    private static final Instant NOW = Instant.parse("2026-11-21T07:00:00Z");
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private final OllamaFailures failures = new OllamaFailures(
            new OllamaSettings(URI.create("http://host:11434"), "m", TIMEOUT, TIMEOUT, TIMEOUT, null));

    @Test
    void aConnectionThatDoesNotComeInTimeTimesOut() {
        HttpConnectTimeoutException cause = new HttpConnectTimeoutException("HTTP connect timed out");

        assertThat(failures.failed(new LineFeed.Failure(new CompletionException(cause), false)))
                .isInstanceOf(LlmException.TimedOut.class)
                .hasMessageContaining("no connection to host:11434, expected one within PT3S")
                .hasCause(cause);
    }

    @Test
    void whatMayHoldWordsIsNoCause() {
        IOException cause = new IOException("Invalid status line: \"my secret words\"");

        assertThat(failures.failed(new LineFeed.Failure(cause, false)))
                .isInstanceOf(LlmException.Unavailable.class)
                .hasMessageNotContaining("secret")
                .hasNoCause();
        assertThat(failures.failed(new LineFeed.Failure(cause, true)))
                .isInstanceOf(LlmException.Broken.class)
                .hasMessageNotContaining("secret")
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "0                             | PT0S",
                "120                           | PT2M",
                "Sat, 21 Nov 2026 07:00:30 GMT | PT30S",
                "Sat, 21 Nov 2026 06:00:00 GMT | PT0S",
                "soon                          | -",
                "99999999999999999999          | -"
            })
    void readsTheWaitThatWasAskedFor(String header, Duration wait) {
        HttpHeaders headers = HttpHeaders.of(Map.of("retry-after", List.of(header)), (name, value) -> true);

        assertThat(OllamaFailures.retryAfter(headers, NOW)).isEqualTo(wait);
    }
}
