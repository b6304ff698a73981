package dev.heddle.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseWriterTest {

    /** Remembers what had come at each flush. */
    private static final class Wire extends ByteArrayOutputStream {
        private final List<String> flushed = new ArrayList<>();

        @Override
        public void flush() {
            flushed.add(toString(StandardCharsets.UTF_8));
        }
    }

    private final Wire wire = new Wire();
    private final SseWriter sse = new SseWriter(wire);

    @Test
    void writesOneLinePerEventAndFlushesEach() throws IOException {
        sse.data("{\"token\":\"Hi\"}");
        sse.comment("heartbeat");

        assertThat(wire.flushed)
                .containsExactly("data: {\"token\":\"Hi\"}\n\n", "data: {\"token\":\"Hi\"}\n\n: heartbeat\n\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                " begins with a space",
                "  with two",
                "ends with a space ",
                "data: looks like a field",
                ": looks like a comment",
                "two\nlines",
                "\nbegins with a break",
                "ends with a break\n",
                "\n\n",
                "a\n\nb",
                "zażółć gęślą 日本語 🧵",
                "tab\tand\u0000nul",
                "line separator \u2028 is no line end \u0085 here",
                "\uFEFFmark"
            })
    void arrivesAsItWasWhateverItHolds(String text) throws IOException {
        sse.data("before");
        sse.data(text);
        sse.data("after");

        assertThat(SseParser.parse(wire.toByteArray()).events()).containsExactly("before", text, "after");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\r\nb"})
    void carriageReturnsArriveAsLineFeeds(String text) throws IOException {
        sse.data(text);

        assertThat(SseParser.parse(wire.toByteArray()).events()).containsExactly("a\nb");
    }

    @Test
    void aCommentWithLineBreaksIsNoEvent() throws IOException {
        sse.comment("a\n\ndata: b");

        SseParser parsed = SseParser.parse(wire.toByteArray());
        assertThat(parsed.events()).isEmpty();
        assertThat(parsed.comments()).containsExactly(" a", " ", " data: b");
    }
}
