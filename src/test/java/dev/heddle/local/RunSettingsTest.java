package dev.heddle.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code make run} understands and says. */
final class RunSettingsTest {
    @Test
    void hasDefaultsForEverything() {
        RunSettings settings = RunSettings.of(Map.of("PORT", ""));

        assertThat(settings.port()).isEqualTo(8080);
        assertThat(settings.inMemory()).isFalse();
        assertThat(settings.table()).isEqualTo("heddle");
        assertThat(settings.ollamaUrl()).isEqualTo("http://localhost:11434");
        assertThat(settings.ollamaModel()).isEqualTo("qwen3:8b");
        assertThat(settings.function()).endsWith("-jar", "target/heddle-runner.jar");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, http://localhost:11434",
        "gpu.lan:8000, http://gpu.lan:8000",
        "0.0.0.0, http://localhost:11434",
        "0.0.0.0:11500, http://localhost:11500",
        ":11500, http://localhost:11500",
        "http://gpu.lan, http://gpu.lan:80",
        "http://gpu.lan:11434/, http://gpu.lan:11434",
        "https://gpu.lan, https://gpu.lan:443",
        "https://gpu.lan/ollama, https://gpu.lan/ollama"
    })
    void readsTheHostOfOllamaAsOllamaDoes(String host, String url) {
        assertThat(RunSettings.ollamaUrl(host)).isEqualTo(url);
    }

    @Test
    void saysWhatIsWrongWithAVariable() {
        assertThatThrownBy(() -> RunSettings.of(Map.of("PORT", "http")))
                .hasMessage("PORT: bad value, expected 0 to 65535, got 'http'.");
        assertThatThrownBy(() -> RunSettings.of(Map.of("HEDDLE_STORE", "disk")))
                .hasMessage("HEDDLE_STORE: bad value, expected 'dynamodb' or 'memory', got 'disk'.");
        assertThat(RunSettings.of(Map.of("HEDDLE_FUNCTION", "/no/such/function"))
                        .missing())
                .hasValueSatisfying(line -> assertThat(line).contains("/no/such/function", "make build"));
    }

    @Test
    void findsAPulledModelByItsFullName() throws Exception {
        var tags = new ObjectMapper().readTree("{\"models\":[{\"name\":\"qwen3:8b\"},{\"name\":\"tiny:latest\"}]}");

        assertThat(LocalOllama.has(tags, "qwen3:8b")).isTrue();
        assertThat(LocalOllama.has(tags, "tiny")).isTrue();
        assertThat(LocalOllama.has(tags, "qwen3")).isFalse();
    }

    @Test
    void tellsInFewLinesAllThatIsNeeded() {
        String text = LocalRun.ready(URI.create("http://localhost:81"), "the model", "the data");

        assertThat(text.lines()).hasSizeLessThan(15);
        assertThat(text)
                .contains(
                        "http://localhost:81",
                        "the model",
                        "the data",
                        "curl -N http://localhost:81/chat/demo -H 'content-type: application/json' -d"
                                + " '{\"content\":\"What is 6 times 7?\"}'");
    }

    @Test
    void reportsTheSpreadOfMeasurements() {
        assertThat(BenchStart.spread(List.of(3L, 1L, 9L), 1, "ms")).isEqualTo("min 1 ms, median 3 ms, max 9 ms");
        assertThat(BenchStart.spread(List.of(), 1, "ms")).isEqualTo("n/a");
    }
}
