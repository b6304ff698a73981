package dev.heddle.lambda;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAnswerTest {
    private static final String SIZED = "HTTP/1.1 200 OK\r\nX-One: a\r\nContent-Length: 5\r\nx-ONE:  b \r\n\r\nhello";
    private static final String CHUNKED = """
            HTTP/1.1 200 OK\r
            Transfer-Encoding: Chunked\r
            \r
            3\r
            hel\r
            2;name=value\r
            lo\r
            0\r
            X-Trailer: t\r
            \r
            """;

    @Test
    void readsStatusHeadersAndSizedBody() throws IOException {
        HttpAnswer answer = read(SIZED);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("X-One")).contains("a, b");
        assertThat(answer.header("x-two")).isEmpty();
        assertThat(body(answer)).isEqualTo("hello");
        assertThat(answer.keepAlive()).isTrue();
    }

    @Test
    void readsChunkedBodyWithExtensionsAndTrailers() throws IOException {
        HttpAnswer answer = read(CHUNKED);

        assertThat(body(answer)).isEqualTo("hello");
        assertThat(answer.headers()).doesNotContainKey("x-trailer");
        assertThat(answer.keepAlive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {SIZED, CHUNKED})
    void readsTheSameWhereverTheBytesAreSplit(String whole) throws IOException {
        for (int split = 0; split <= whole.length(); split++) {
            InputStream in = new SequenceInputStream(
                    stream(whole.substring(0, split)), new ByteAtATime(stream(whole.substring(split))));

            assertThat(body(HttpAnswer.read(in))).as("split at %d", split).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SIZED, CHUNKED})
    void everyEarlyEndIsAnError(String whole) {
        for (int end = 0; end < whole.length(); end++) {
            InputStream in = stream(whole.substring(0, end));

            assertThatThrownBy(() -> HttpAnswer.read(in)).as("end at %d", end).isInstanceOf(EOFException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SIZED, CHUNKED})
    void leavesTheNextAnswerInTheStream(String first) throws IOException {
        InputStream in = stream(first + "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");

        HttpAnswer.read(in);

        assertThat(HttpAnswer.read(in).status()).isEqualTo(202);
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void skipsInterimAnswers() throws IOException {
        HttpAnswer answer = read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + SIZED);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("link")).isEmpty();
        assertThat(body(answer)).isEqualTo("hello");
    }

    @Test
    void endlessInterimAnswersEnd() {
        assertThatThrownBy(() -> read("HTTP/1.1 100 Continue\r\n\r\n".repeat(4000)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("head too large");
    }

    @Test
    void anAnswerWithoutBodyEndsAtItsHead() throws IOException {
        HttpAnswer answer = read("HTTP/1.1 204 No Content\r\n\r\n");

        assertThat(answer.body()).isEmpty();
        assertThat(answer.keepAlive()).isTrue();
    }

    @Test
    void aBodyOfUnknownLengthLastsUntilTheConnectionEnds() throws IOException {
        HttpAnswer answer = read("HTTP/1.1 200 OK\r\n\r\nuntil the end");

        assertThat(body(answer)).isEqualTo("until the end");
        assertThat(answer.keepAlive()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"
            })
    void theConnectionIsNotKeptWhenTheServerWillCloseIt(String raw) throws IOException {
        assertThat(read(raw).keepAlive()).isFalse();
    }

    @Test
    void toleratesLinesWithoutCarriageReturnAndWithoutReason() throws IOException {
        assertThat(body(read("HTTP/1.1 200\nContent-Length: 2\n\nok"))).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-OpenSSH_9.6",
                "HTTP/2 200",
                "HTTP/1.1 abc OK",
                "HTTP/1.1 999 Odd",
                "HTTP/1.1 200 OK\r\nno colon",
                "HTTP/1.1 200 OK\r\n: no name",
                "HTTP/1.1 200 OK\r\nspace before : x",
                "HTTP/1.1 200 OK\r\nA: b\r\n folded",
                "HTTP/1.1 200 OK\r\nContent-Length: -1",
                "HTTP/1.1 200 OK\r\nContent-Length: five",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip"
            })
    void refusesHeadsThatAreNoHttp(String head) {
        assertThatThrownBy(() -> read(head + "\r\n\r\n")).isInstanceOf(WireException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-1\r\nx\r\n", "0x1\r\nx\r\n", "\r\nx\r\n", "123456789\r\nx", "1\r\nxx\r\n", "FFFFFFFF\r\nx"})
    void refusesChunksThatAreNone(String body) {
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body))
                .isInstanceOf(WireException.class);
    }

    @Test
    void refusesAHeadWithoutEnd() {
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(20_000)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("at most 65536 bytes");
    }

    @Test
    void refusesABodyLargerThanAnyEventBeforeReadingIt() {
        InputStream in = stream("HTTP/1.1 200 OK\r\nContent-Length: 33554433\r\n\r\n");

        assertThatThrownBy(() -> HttpAnswer.read(in))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("at most 33554432 bytes");
    }

    @Test
    void errorsNeverShowWhatWasSent() {
        for (String raw : List.of("secret\r\n\r\n", "HTTP/1.1 200 OK\r\nsecret\r\n\r\n")) {
            assertThatThrownBy(() -> read(raw)).hasMessageNotContaining("secret");
        }
    }

    private static HttpAnswer read(String raw) throws IOException {
        return HttpAnswer.read(stream(raw));
    }

    private static InputStream stream(String raw) {
        return new ByteArrayInputStream(raw.getBytes(ISO_8859_1));
    }

    private static String body(HttpAnswer answer) {
        return new String(answer.body(), ISO_8859_1);
    }

    /** Gives one byte for each read, whatever was asked. */
    private static final class ByteAtATime extends InputStream {
        private final InputStream in;

        ByteAtATime(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return in.read(bytes, offset, Math.min(1, length));
        }
    }
}
