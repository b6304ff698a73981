package dev.heddle.lambda;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/**
 * The bytes of our HTTP/1.1 requests: heads, chunks and trailers. Pure.
 *
 * <p>{@code head} + {@code chunk}* + {@code lastChunk} is a request of unknown length; {@code head} with {@code
 * Content-Length} and its body one of known length. Source: RFC 9112, sections 3, 5 and 7.1.
 */
final class HttpFrames {
    private HttpFrames() {}

    private static final byte[] LINE_END = {'\r', '\n'};

    /**
     * Request line and headers, in the order of the map, and the empty line.
     *
     * @throws IllegalArgumentException if a part holds a control character or is not ASCII: it could forge a header
     */
    static byte[] head(String method, String path, Map<String, String> headers) {
        StringBuilder head = new StringBuilder(256);
        head.append(method).append(' ').append(visible(path)).append(" HTTP/1.1\r\n");
        return append(head, headers).getBytes(StandardCharsets.US_ASCII);
    }

    /** A chunk with these bytes, of which there is at least one: an empty chunk would end the body. */
    static byte[] chunk(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("Chunk: empty, expected at least 1 byte, got 0. Send nothing instead.");
        }
        ByteArrayOutputStream chunk = new ByteArrayOutputStream(bytes.length + 12);
        chunk.writeBytes(hex(bytes.length).getBytes(StandardCharsets.US_ASCII));
        chunk.writeBytes(LINE_END);
        chunk.writeBytes(bytes);
        chunk.writeBytes(LINE_END);
        return chunk.toByteArray();
    }

    /** The chunk that ends a body, with its trailers, of which there may be none. */
    static byte[] lastChunk(Map<String, String> trailers) {
        return append(new StringBuilder("0\r\n"), trailers).getBytes(StandardCharsets.US_ASCII);
    }

    private static String hex(int length) {
        String digits = HexFormat.of().toHexDigits(length);
        int first = 0;
        while (digits.charAt(first) == '0') {
            first++;
        }
        return digits.substring(first);
    }

    private static String append(StringBuilder head, Map<String, String> headers) {
        headers.forEach((name, value) ->
                head.append(visible(name)).append(": ").append(visible(value)).append("\r\n"));
        return head.append("\r\n").toString();
    }

    private static String visible(String part) {
        if (part.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
            throw new IllegalArgumentException(
                    "Request head: odd character, expected visible ASCII, got another. Encode the value.");
        }
        return part;
    }
}
