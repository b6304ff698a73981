package dev.heddle.lambda;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heddle.http.HttpReply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A streamed reply on its way to the client, as chunks of one POST to the Runtime API.
 *
 * <pre>
 * prelude {"statusCode":200,"headers":{"content-type":"text/event-stream"}}, 8 NULs, payload …, end or error trailers
 *
 *           flush, 16 KB, finish            finish, fail
 * UNSENT ---------------------------> OPEN ---------------> ENDED
 *    \                                  \  the connection breaks
 *     \-- fail: nothing was sent         \------------------> BROKEN: every write throws
 * </pre>
 *
 * <p>Each {@link #flush} is one chunk, the first one with the prelude in it; a flush with nothing to send sends nothing,
 * because an empty chunk would end the reply. {@link #close} does nothing: only the worker knows whether the reply was
 * finished or failed. For one thread at a time.
 *
 * <p>Source: AWS Lambda developer guide, "Response streaming with custom runtimes"; API Gateway, "Lambda proxy
 * integration response format for streaming".
 */
final class ResponseStream extends OutputStream {
    /** Lambda looks for the delimiter this far. */
    static final int MAX_PRELUDE_BYTES = 16 * 1024;

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final byte[] DELIMITER = new byte[8];

    /** Lambda frames the reply itself; what the handler thinks of framing would contradict it. */
    private static final Set<String> FRAMING =
            Set.of("connection", "content-length", "keep-alive", "trailer", "transfer-encoding");

    private enum Stage {
        UNSENT,
        OPEN,
        BROKEN,
        ENDED
    }

    private final RuntimeApi api;
    private final String requestId;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    private Stage stage = Stage.UNSENT;
    private @Nullable RawConnection connection;

    /**
     * Sends nothing yet.
     *
     * @throws IllegalArgumentException if the headers are larger than {@value #MAX_PRELUDE_BYTES} bytes
     */
    ResponseStream(RuntimeApi api, String requestId, HttpReply reply) {
        this.api = api;
        this.requestId = requestId;
        byte[] prelude = prelude(reply.status(), reply.headers());
        if (prelude.length + DELIMITER.length > MAX_PRELUDE_BYTES) {
            throw new IllegalArgumentException(
                    "Reply: headers too large, expected at most %d bytes, got %d. Move data into the body."
                            .formatted(MAX_PRELUDE_BYTES - DELIMITER.length, prelude.length));
        }
        buffer.writeBytes(prelude);
        buffer.writeBytes(DELIMITER);
    }

    /** Status and headers in the form of the HTTP integration; {@code set-cookie} goes where it looks for it. */
    static byte[] prelude(int status, Map<String, String> headers) {
        ObjectNode prelude = JsonNodeFactory.instance.objectNode();
        prelude.put("statusCode", status);
        ObjectNode fields = prelude.putObject("headers");
        new TreeMap<>(headers).forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.equals("set-cookie")) {
                ArrayNode cookies = prelude.withArray("cookies");
                cookies.add(value);
            } else if (!FRAMING.contains(lower)) {
                fields.put(name, value);
            }
        });
        return prelude.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        refuseIfOver();
        buffer.write(bytes, offset, length);
        if (buffer.size() >= BUFFER_BYTES) {
            flush();
        }
    }

    /** Sends what was written so far, as one chunk. The first time this sends the prelude, even without payload. */
    @Override
    public void flush() throws IOException {
        refuseIfOver();
        if (buffer.size() > 0) {
            send(HttpFrames.chunk(takeBuffer()));
        }
    }

    /** Nothing to do; see above. */
    @Override
    public void close() {}

    /** Whether a byte has gone out. After that, {@link #fail} is the only way to report a failure. */
    boolean started() {
        return stage != Stage.UNSENT;
    }

    /** Whether the Runtime API has gone away in the middle. */
    boolean broken() {
        return stage == Stage.BROKEN;
    }

    /** Ends the reply well; gives the status of the Runtime API's answer, which should be 202. */
    int finish() throws IOException {
        return end(Map.of());
    }

    /** Ends the reply with an error after some of it went out; gives the status of the Runtime API's answer. */
    int fail(FunctionError error) throws IOException {
        return end(error.trailers());
    }

    /** Closes the connection, whatever was sent on it. */
    void release() {
        if (connection != null) {
            connection.close();
        }
    }

    private int end(Map<String, String> trailers) throws IOException {
        refuseIfOver();
        byte[] last = HttpFrames.lastChunk(trailers);
        send(buffer.size() == 0 ? last : Bytes.concat(HttpFrames.chunk(takeBuffer()), last));
        RawConnection open = connected();
        stage = Stage.BROKEN; // until the answer proves the opposite
        int status = open.receive().status();
        stage = Stage.ENDED;
        return status;
    }

    private void send(byte[] frames) throws IOException {
        boolean first = stage == Stage.UNSENT;
        stage = Stage.BROKEN; // until it is sent: what throws here leaves a reply that nobody can go on with
        connected().send(first ? Bytes.concat(api.streamHead(requestId), frames) : frames);
        stage = Stage.OPEN;
    }

    private RawConnection connected() throws IOException {
        if (connection == null) {
            connection = api.connect();
        }
        return connection;
    }

    private byte[] takeBuffer() {
        byte[] bytes = buffer.toByteArray();
        buffer.reset();
        return bytes;
    }

    private void refuseIfOver() throws IOException {
        if (stage == Stage.BROKEN || stage == Stage.ENDED) {
            throw new IOException("Reply stream: over, expected an open one, got one that is "
                    + stage.name().toLowerCase(Locale.ROOT) + ". Write no more.");
        }
    }
}
