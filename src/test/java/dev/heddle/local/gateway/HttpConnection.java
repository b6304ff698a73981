package dev.heddle.local.gateway;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The server's end of one HTTP/1.1 connection, by hand: the JDK's server hides trailers, chunk boundaries and broken
 * bodies, and those are what this package is for. For one thread at a time, {@link #close} for any.
 */
final class HttpConnection implements AutoCloseable {
    private static final int MAX_HEAD_BYTES = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    HttpConnection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        this.out = new BufferedOutputStream(socket.getOutputStream(), 16 * 1024);
    }

    /**
     * The next request; empty when the other side has closed.
     *
     * @throws ProtocolException if it is no HTTP/1 request
     */
    Optional<MessageHead> readHead() throws IOException {
        int[] left = {MAX_HEAD_BYTES};
        Optional<String> start = line(in, left);
        if (start.isEmpty()) {
            return Optional.empty();
        }
        String[] parts = start.get().split(" ", -1);
        if (parts.length != 3 || !parts[1].startsWith("/") || !parts[2].startsWith("HTTP/1.")) {
            throw new ProtocolException("expected a line 'METHOD /target HTTP/1.1'");
        }
        return Optional.of(new MessageHead(parts[0], parts[1], parts[2], headers(in, left)));
    }

    /** The body of the request just read; asks for it first where the client waits to be asked. */
    HttpBody body(MessageHead head) throws IOException {
        HttpBody body = HttpBody.of(head, in);
        if (head.header("expect").filter("100-continue"::equalsIgnoreCase).isPresent() && !body.isEmpty()) {
            out.write(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
            out.flush();
        }
        return body;
    }

    /** Writes a status line and headers; {@link #flush} sends them. */
    void writeHead(int status, List<Header> headers) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " " + reason(status) + "\r\n");
        headers.forEach(
                h -> head.append(h.name()).append(": ").append(h.value()).append("\r\n"));
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Writes a whole answer and sends it. */
    void reply(int status, List<Header> headers, byte[] body) throws IOException {
        List<Header> all = new ArrayList<>(headers);
        all.add(new Header("Content-Length", Integer.toString(body.length)));
        writeHead(status, all);
        out.write(body);
        out.flush();
    }

    /** Writes one chunk of a chunked body; nothing for no bytes, which would end the body. */
    void writeChunk(byte[] bytes) throws IOException {
        if (bytes.length > 0) {
            out.write(ascii(Integer.toHexString(bytes.length) + "\r\n"));
            out.write(bytes);
            out.write(ascii("\r\n"));
        }
    }

    /** Writes bytes as they are. */
    void write(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Ends a chunked body. */
    void writeLastChunk() throws IOException {
        out.write(ascii("0\r\n\r\n"));
    }

    /** Sends what was written. */
    void flush() throws IOException {
        out.flush();
    }

    /** Whether the other side has closed its end, asked while it owes us nothing. Takes a millisecond. */
    boolean closedByPeer() {
        try {
            int before = socket.getSoTimeout();
            socket.setSoTimeout(1);
            in.mark(1);
            try {
                int next = in.read();
                in.reset();
                return next < 0;
            } catch (SocketTimeoutException stillThere) {
                return false;
            } finally {
                socket.setSoTimeout(before);
            }
        } catch (IOException broken) {
            return true;
        }
    }

    /**
     * Ends our side and reads on for a while, so that a client that is still sending can read the answer: closing on
     * unread bytes would reset the connection and take the answer with it.
     */
    void drain() {
        try {
            socket.shutdownOutput();
            socket.setSoTimeout(5_000);
            byte[] buffer = new byte[16 * 1024];
            long left = 64L * 1024 * 1024;
            for (int n; left > 0 && (n = in.read(buffer)) >= 0; ) {
                left -= n;
            }
        } catch (IOException gone) {
            // the client has what it wanted, or left
        }
    }

    /** Closes at once; a body that has not ended is thereby broken off. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed
        }
    }

    /** One line without its end; empty at the end of the stream before the first byte. */
    static Optional<String> line(InputStream in, int[] left) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        for (int b; (b = in.read()) != '\n'; ) {
            if (b < 0) {
                if (line.size() == 0) {
                    return Optional.empty();
                }
                throw new EOFException("connection closed in the middle of a line");
            }
            if (--left[0] < 0) {
                throw new ProtocolException("head too long, expected at most " + MAX_HEAD_BYTES + " bytes");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    /** Header or trailer lines up to the empty one. */
    static List<Header> headers(InputStream in, int[] left) throws IOException {
        List<Header> headers = new ArrayList<>();
        while (true) {
            String line = line(in, left).orElseThrow(() -> new EOFException("connection closed among the headers"));
            if (line.isEmpty()) {
                return List.copyOf(headers);
            }
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new ProtocolException("expected a header 'name: value'");
            }
            headers.add(new Header(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
    }

    static int[] headLimit() {
        return new int[] {MAX_HEAD_BYTES};
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 413 -> "Request Entity Too Large";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            default -> "Status";
        };
    }
}
