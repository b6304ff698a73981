package dev.heddle.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonLinesTest {

    @Test
    void aNoteIsOneLineWhateverIsInIt() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JsonLines(new PrintStream(bytes, true, StandardCharsets.UTF_8))
                .note(
                        "request",
                        Map.of("status", 200, "cost", new BigDecimal("0.10"), "ok", true, "text", "a\n\"b\" ü"));

        String line = bytes.toString(StandardCharsets.UTF_8);
        assertThat(line.strip()).doesNotContain("\n");
        JsonNode note = new ObjectMapper().readTree(line);
        assertThat(note.path("event").asText()).isEqualTo("request");
        assertThat(note.path("status").isInt()).isTrue();
        assertThat(line).contains("\"cost\":0.10");
        assertThat(note.path("ok").isBoolean()).isTrue();
        assertThat(note.path("text").asText()).isEqualTo("a\n\"b\" ü");
        assertThat(note.path("time").asText()).endsWith("Z");
    }
}
