package dev.heddle.local.gateway;

import dev.heddle.local.gateway.Invocation.Piece;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/**
 * Takes a streamed reply apart as its bytes arrive, however they are split: JSON prelude, 8 NUL bytes, payload. For one
 * thread.
 */
final class StreamedReply {
    static final String CONTENT_TYPE = "application/vnd.awslambda.http-integration-response";

    private static final int DELIMITER_BYTES = 8;
    private static final int MAX_PRELUDE_BYTES = 16 * 1024;

    private final ByteArrayOutputStream prelude = new ByteArrayOutputStream();
    private int nuls;
    private boolean headSeen;

    /** Whether the prelude is complete. */
    boolean headSeen() {
        return headSeen;
    }

    /**
     * What the next bytes bring: the head once, then data.
     *
     * @throws ReplyFormatException if the prelude is too long or not what it should be
     */
    List<Piece> feed(byte[] bytes, int length) throws ReplyFormatException {
        if (headSeen) {
            return List.of(new Piece.Data(Arrays.copyOf(bytes, length)));
        }
        for (int i = 0; i < length; i++) {
            nuls = bytes[i] == 0 ? nuls + 1 : 0;
            if (bytes[i] != 0) {
                prelude.write(bytes[i]);
            }
            if (nuls == DELIMITER_BYTES) {
                headSeen = true;
                Piece head = ProxyReply.head(prelude.toByteArray());
                return i + 1 == length
                        ? List.of(head)
                        : List.of(head, new Piece.Data(Arrays.copyOfRange(bytes, i + 1, length)));
            }
            if (prelude.size() + nuls > MAX_PRELUDE_BYTES) {
                throw new ReplyFormatException(
                        "reply: no delimiter, expected 8 NUL bytes within the first " + MAX_PRELUDE_BYTES + " bytes");
            }
        }
        return List.of();
    }
}
