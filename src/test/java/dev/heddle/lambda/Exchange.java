package dev.heddle.lambda;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One request as the server of a test sees it, byte by byte, and the means to answer it well or badly. */
final class Exchange {
    private final Socket socket;
    private final InputStream in;
    private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();
    private final List<String> chunks = new ArrayList<>();
    private String head = "";
    private String body = "";
    private boolean bodyRead;

    private Exchange(Socket socket, InputStream in) {
        this.socket = socket;
        this.in = in;
    }

    /** Reads the head of the next request; of the body not a byte. */
    static Exchange read(Socket socket) throws IOException {
        // unbuffered, so that a request's bytes cannot end up in another exchange's buffer
        Exchange exchange = new Exchange(socket, socket.getInputStream());
        StringBuilder head = new StringBuilder();
        for (String line = exchange.line(); !line.isEmpty(); line = exchange.line()) {
            head.append(line).append('\n');
        }
        exchange.head = head.toString();
        return exchange;
    }

    String path() {
        return head.split(" ", 3)[1];
    }

    Socket socket() {
        return socket;
    }

    /** Everything that was read, made visible; see {@link #visible}. */
    String recorded() {
        return visible(recorded.toString(ISO_8859_1).replace("127.0.0.1:" + socket.getLocalPort(), "{host}:{port}"));
    }

    /** The chunks of the body, without their framing. */
    List<String> chunks() {
        return chunks;
    }

    String body() {
        return body;
    }

    /** Reads the rest of the request. */
    void readBody() throws IOException {
        if (bodyRead) {
            return;
        }
        bodyRead = true;
        String lower = head.toLowerCase(Locale.ROOT);
        if (lower.contains("\ntransfer-encoding: chunked\n")) {
            while (readChunk()) {}
            while (!line().isEmpty()) {}
        } else if (lower.contains("\ncontent-length: ")) {
            String length = lower.substring(lower.indexOf("\ncontent-length: ") + 17);
            body = bytes(Integer.parseInt(length.substring(0, length.indexOf('\n'))));
        }
    }

    /** Reads one chunk; false at the last one. */
    boolean readChunk() throws IOException {
        int length = Integer.parseInt(line(), 16);
        if (length == 0) {
            return false;
        }
        String chunk = bytes(length);
        chunks.add(chunk);
        body += chunk;
        if (!line().isEmpty()) {
            throw new AssertionError("a chunk is longer than it said");
        }
        return true;
    }

    void write(String raw) throws IOException {
        socket.getOutputStream().write(raw.getBytes(UTF_8));
    }

    /** Sends each byte in a packet of its own. */
    void writeByteByByte(String raw) throws IOException {
        for (byte b : raw.getBytes(UTF_8)) {
            socket.getOutputStream().write(b);
        }
    }

    /** Ends the connection by a reset, as a crashed process does. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Ends the connection in order. */
    void hangUp() throws IOException {
        socket.close();
    }

    /** Answers nothing, until the client leaves. */
    void awaitEnd() throws IOException {
        if (in.read() < 0) {
            throw new EOFException("the client left");
        }
        throw new AssertionError("a second request before the first was answered");
    }

    boolean clientHasLeft(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            awaitEnd();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        } finally {
            socket.setSoTimeout(0);
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            char next = (char) one();
            if (next == '\r') {
                if (one() != '\n') {
                    throw new AssertionError("a carriage return without a line feed");
                }
                return line.toString();
            }
            line.append(next);
        }
    }

    private String bytes(int length) throws IOException {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < length; i++) {
            bytes.append((char) one());
        }
        return bytes.toString();
    }

    private int one() throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException("the client left");
        }
        recorded.write(next);
        return next;
    }

    /** Bytes as text that can be kept in a file: {@code \r\n} and {@code \n} shown and followed by a line end. */
    static String visible(String bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n\n");
                case '\0' -> text.append("\\0");
                default -> text.append(c < 0x20 || c > 0x7e ? "\\x%02x".formatted((int) c) : String.valueOf(c));
            }
        }
        return text.toString();
    }
}
