package dev.heddle.lambda;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFramesTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "15, f", "16, 10", "255, ff", "256, 100", "16384, 4000", "1048576, 100000"})
    void writesTheLengthOfAChunkInHexadecimalWithoutLeadingZeros(int length, String size) {
        byte[] chunk = HttpFrames.chunk(new byte[length]);

        assertThat(new String(chunk, ISO_8859_1)).startsWith(size + "\r\n\0").endsWith("\0\r\n");
        assertThat(chunk).hasSize(length + size.length() + 4);
    }

    @Test
    void neverWritesAnEmptyChunkBecauseItWouldEndTheBody() {
        assertThatThrownBy(() -> HttpFrames.chunk(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Forged: 1", "a\n", "\0", "ü"})
    void refusesValuesThatCouldForgeAHeader(String value) {
        assertThatThrownBy(() -> HttpFrames.head("GET", "/", Map.of("X-A", value)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HttpFrames.lastChunk(Map.of("X-A", value)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void errorTypesAreMadeFitForAHeaderAndErrorBodiesForOneLine() {
        FunctionError error = new FunctionError("odd type\r\n", "m".repeat(500));

        assertThat(error.type()).isEqualTo("odd_type__");
        assertThat(error.trailers().get(FunctionError.BODY_HEADER))
                .hasSizeGreaterThan(600)
                .doesNotContainAnyWhitespaces();
    }
}
