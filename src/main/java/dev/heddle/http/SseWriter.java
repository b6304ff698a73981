package dev.heddle.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Writes server-sent events, each as one write and one flush, in UTF-8.
 *
 * <pre>
 * data: {"token":"Hi"}       an event; text with line breaks becomes several data lines, which the reader joins again
 *
 * : heartbeat                a comment; readers skip it
 *
 * </pre>
 *
 * <p>Nothing but line breaks is changed; CR and CRLF arrive as LF. For one worker at a time. Source: WHATWG HTML,
 * 9.2.6 "Interpreting an event stream".
 */
final class SseWriter {
    private static final Pattern LINE_BREAK = Pattern.compile("\r\n|\r|\n");

    private final OutputStream out;

    SseWriter(OutputStream out) {
        this.out = out;
    }

    /** Sends an event of the default type. */
    void data(String text) throws IOException {
        send("data: ", text);
    }

    /** Sends a comment. */
    void comment(String text) throws IOException {
        send(": ", text);
    }

    private void send(String field, String text) throws IOException {
        out.write(
                (field + LINE_BREAK.matcher(text).replaceAll("\n" + field) + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
