package dev.heddle.llm.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OllamaSettingsTest {

    private static OllamaSettings settings(String url, String model, Duration token) {
        return new OllamaSettings(URI.create(url), model, Duration.ofSeconds(1), Duration.ofSeconds(1), token, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:11434", "ftp://localhost", "http:///path", "localhost"})
    void refusesWhatIsNoHttpAddress(String url) {
        assertThatThrownBy(() -> settings(url, "m", Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected http://host:port, got '" + url + "'");
    }

    @Test
    void refusesANamelessModelAndAnEmptyTimeout() {
        assertThatThrownBy(() -> settings("http://h", " ", Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> settings("http://h", "m", Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token timeout");
    }

    @Test
    void keepsThePathOfItsBaseUrl() {
        assertThat(settings("https://host/ollama/", "m", Duration.ofSeconds(1)).at("/api/tags"))
                .isEqualTo(URI.create("https://host/ollama/api/tags"));
    }
}
