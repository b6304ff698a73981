package dev.heddle.local.gateway;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.List;
import java.util.Optional;

/**
 * The body of an HTTP/1.1 request as its bytes arrive: a read returns what is there, at most to the end of a chunk. A
 * body that breaks off is an {@link EOFException}, never a clean end.
 */
final class HttpBody extends InputStream {
    private final InputStream in;
    private final boolean chunked;
    /** Bytes left, of the body or of the chunk. */
    private long left;

    private boolean started;
    private boolean ended;
    private List<Header> trailers = List.of();

    private HttpBody(InputStream in, boolean chunked, long left) {
        this.in = in;
        this.chunked = chunked;
        this.left = left;
    }

    static HttpBody of(MessageHead head, InputStream in) throws IOException {
        if (head.header("transfer-encoding").filter("chunked"::equalsIgnoreCase).isPresent()) {
            return new HttpBody(in, true, 0);
        }
        String length = head.header("content-length").orElse("0");
        if (!length.matches("\\d{1,18}")) {
            throw new ProtocolException("Content-Length: expected a number of bytes");
        }
        return new HttpBody(in, false, Long.parseLong(length));
    }

    /** Whether there is certainly nothing to read. */
    boolean isEmpty() {
        return !chunked && left == 0;
    }

    /** A trailer; only after the end was read. */
    Optional<String> trailer(String name) {
        return trailers.stream().filter(h -> h.is(name)).map(Header::value).findFirst();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0 && !nextChunk()) {
            return -1;
        }
        int n = in.read(buffer, offset, (int) Math.min(length, left));
        if (n < 0) {
            throw new EOFException("connection closed in the middle of a body");
        }
        left -= n;
        return n;
    }

    /** Goes on to the next chunk; false at the end of the body. */
    private boolean nextChunk() throws IOException {
        if (!chunked || ended) {
            return false;
        }
        if (started && !line().isEmpty()) {
            throw new ProtocolException("expected the end of a chunk");
        }
        started = true;
        String size = line();
        int semicolon = size.indexOf(';');
        try {
            left = Long.parseLong((semicolon < 0 ? size : size.substring(0, semicolon)).strip(), 16);
        } catch (NumberFormatException e) {
            throw new ProtocolException("expected the size of a chunk");
        }
        if (left > 0) {
            return true;
        }
        ended = true;
        trailers = HttpConnection.headers(in, HttpConnection.headLimit());
        return false;
    }

    private String line() throws IOException {
        return HttpConnection.line(in, HttpConnection.headLimit())
                .orElseThrow(() -> new EOFException("connection closed between chunks"));
    }
}
