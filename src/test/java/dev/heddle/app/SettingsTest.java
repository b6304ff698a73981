package dev.heddle.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsTest {

    @Test
    void anEmptyEnvironmentGivesTheDefaultsOfTheReadme() throws IOException {
        Settings settings = Settings.from(Map.of());

        assertThat(settings.store()).isEqualTo(Settings.StoreKind.DYNAMODB);
        assertThat(settings.table()).isEqualTo("heddle");
        assertThat(readme())
                .contains("| `OLLAMA_BASE_URL` | `" + settings.model().baseUrl() + "` |")
                .contains("| `OLLAMA_MODEL` | `" + settings.model().name() + "` |")
                .contains("| `HEDDLE_WINDOW_TOKENS` | " + settings.model().windowTokens() + " |")
                .contains("| `HEDDLE_MODEL_CONNECT_SECONDS` | "
                        + settings.model().connect().toSeconds() + " |")
                .contains("| `HEDDLE_MODEL_FIRST_TOKEN_SECONDS` | "
                        + settings.model().firstToken().toSeconds() + " |")
                .contains("| `HEDDLE_MODEL_TOKEN_SECONDS` | "
                        + settings.model().betweenTokens().toSeconds() + " |")
                .contains("| `HEDDLE_TOOL_CALLS` | " + settings.agent().toolCalls() + " |")
                .contains("| `HEDDLE_TOOL_SECONDS` | "
                        + settings.agent().toolTimeout().toSeconds() + " |")
                .contains("| `HEDDLE_TASKS` | " + settings.agent().tasks() + " |");
    }

    @Test
    void everyVariableThatTheFunctionReadsIsInTheReadme() throws IOException {
        Pattern variable = Pattern.compile("\"((?:HEDDLE|OLLAMA|AWS)_[A-Z_]+)\"");
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source :
                    sources.filter(path -> path.toString().endsWith(".java")).toList()) {
                var names = variable.matcher(Files.readString(source))
                        .results()
                        .map(found -> found.group(1))
                        .toList();
                for (String name : names) {
                    assertThat(readme()).as("README of " + name).contains("`" + name + "`");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HEDDLE_STORE, postgres, dynamodb or memory",
        "HEDDLE_WINDOW_TOKENS, 511, a whole number from 512 to 2000000",
        "HEDDLE_TOOL_CALLS, -1, a whole number from 0 to 30",
        "HEDDLE_TOOL_SECONDS, soon, a whole number from 1 to 900",
        "OLLAMA_BASE_URL, localhost:11434, an http or https URL without user and query",
        "OLLAMA_BASE_URL, http://u:p@host, an http or https URL without user and query",
        "AWS_ENDPOINT_URL_DYNAMODB, ::, an http or https URL without user and query"
    })
    void whatCannotBeUsedIsNamedWithTheRule(String variable, String value, String rule) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.from(Map.of(variable, value)))
                .withMessageStartingWith("Environment '" + variable + "': cannot be used, expected " + rule + ", got ");
    }

    @Test
    void aBlankValueCountsAsNone() {
        assertThat(Settings.from(Map.of("HEDDLE_STORE", " ")).store()).isEqualTo(Settings.StoreKind.DYNAMODB);
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }
}
