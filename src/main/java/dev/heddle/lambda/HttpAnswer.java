package dev.heddle.lambda;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP/1.1 response, read whole.
 *
 * <p>Source: RFC 9112. We refuse what it lets recipients refuse (folded headers, a length that is no number) and read
 * no more than {@value #MAX_HEAD_BYTES} bytes of heads and {@value #MAX_BODY_BYTES} bytes of body.
 *
 * @param status 200 to 599; interim answers (1xx) are skipped
 * @param headers name in lower case -> value; repeated ones joined by a comma
 * @param body decoded from its framing
 * @param keepAlive whether another request may follow on this connection
 */
record HttpAnswer(int status, Map<String, String> headers, byte[] body, boolean keepAlive) {

    /** For status lines, headers, chunk-size lines and trailers of one answer together. */
    static final int MAX_HEAD_BYTES = 64 * 1024;

    /** Above the largest event: API Gateway's 10 MB in base64, in JSON. */
    static final int MAX_BODY_BYTES = 32 * 1024 * 1024;

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9]{2})(?: .*)?");
    private static final Pattern HEADER_LINE = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*(.*?)[ \\t]*");
    private static final Pattern CHUNK_LINE = Pattern.compile("([0-9A-Fa-f]{1,8})[ \\t]*(?:;.*)?");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,10}");

    /** The value of a header. */
    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * Reads one answer and not a byte of what follows it. Waits as long as the stream does.
     *
     * @throws EOFException if the stream ends before the answer does
     * @throws WireException if this is no HTTP/1.1 answer, or is larger than allowed
     */
    static HttpAnswer read(InputStream in) throws IOException {
        Reader reader = new Reader(in);
        while (true) {
            String line = reader.line();
            Matcher statusLine = STATUS_LINE.matcher(line);
            if (!statusLine.matches()) {
                throw new WireException("odd first line", "HTTP/1.1 and a status", line.length() + " characters");
            }
            int status = Integer.parseInt(statusLine.group(2));
            Map<String, String> headers = reader.headers();
            if (status >= 200) {
                boolean newer = statusLine.group(1).equals("1");
                return new HttpAnswer(status, headers, reader.body(status, headers), keepAlive(newer, status, headers));
            }
        }
    }

    private static boolean keepAlive(boolean newer, int status, Map<String, String> headers) {
        boolean framed =
                bodyless(status) || headers.containsKey("content-length") || headers.containsKey("transfer-encoding");
        return newer && framed && !headers.getOrDefault("connection", "").equalsIgnoreCase("close");
    }

    private static boolean bodyless(int status) {
        return status == 204 || status == 304;
    }

    /** The stream, and how much of the heads' allowance is used. */
    private static final class Reader {
        private final InputStream in;
        private int headBytes;

        Reader(InputStream in) {
            this.in = in;
        }

        String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            while (true) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException("Runtime API: connection ended, expected the rest of an answer's head, got "
                            + headBytes + " bytes. Ask again.");
                }
                if (++headBytes > MAX_HEAD_BYTES) {
                    throw new WireException("head too large", "at most " + MAX_HEAD_BYTES + " bytes", "more");
                }
                if (next == '\n') {
                    String text = line.toString(StandardCharsets.ISO_8859_1);
                    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
                }
                line.write(next);
            }
        }

        Map<String, String> headers() throws IOException {
            Map<String, String> headers = new LinkedHashMap<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                Matcher header = HEADER_LINE.matcher(line);
                if (!header.matches()) {
                    throw new WireException("odd header", "name: value", line.length() + " characters");
                }
                headers.merge(header.group(1).toLowerCase(Locale.ROOT), header.group(2), (a, b) -> a + ", " + b);
            }
            return headers;
        }

        byte[] body(int status, Map<String, String> headers) throws IOException {
            if (bodyless(status)) {
                return new byte[0];
            }
            String encoding = headers.get("transfer-encoding");
            if (encoding != null) {
                if (!encoding.equalsIgnoreCase("chunked")) {
                    throw new WireException("odd transfer encoding", "chunked", "another");
                }
                return chunks();
            }
            String length = headers.get("content-length");
            if (length == null) {
                return bounded(in.readNBytes(MAX_BODY_BYTES + 1));
            }
            if (!LENGTH.matcher(length).matches()) {
                throw new WireException("odd content length", "one whole number", "something else");
            }
            return exactly(Long.parseLong(length), 0);
        }

        private byte[] chunks() throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            while (true) {
                Matcher size = CHUNK_LINE.matcher(line());
                if (!size.matches()) {
                    throw new WireException("odd chunk size", "hexadecimal digits", "something else");
                }
                long length = Long.parseLong(size.group(1), 16);
                if (length == 0) {
                    headers(); // trailers, of which none means anything to us
                    return body.toByteArray();
                }
                body.writeBytes(exactly(length, body.size()));
                if (!line().isEmpty()) {
                    throw new WireException("odd chunk", "a line end after its bytes", "more bytes");
                }
            }
        }

        private byte[] exactly(long length, int before) throws IOException {
            if (length + before > MAX_BODY_BYTES) {
                throw new WireException("body too large", "at most " + MAX_BODY_BYTES + " bytes", "" + length);
            }
            byte[] bytes = in.readNBytes((int) length);
            if (bytes.length < length) {
                throw new EOFException("Runtime API: connection ended, expected " + length + " bytes of body, got "
                        + bytes.length + ". Ask again.");
            }
            return bytes;
        }

        private static byte[] bounded(byte[] bytes) throws IOException {
            if (bytes.length > MAX_BODY_BYTES) {
                throw new WireException("body too large", "at most " + MAX_BODY_BYTES + " bytes", "more");
            }
            return bytes;
        }
    }
}
