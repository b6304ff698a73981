package dev.heddle.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * An answer: status and headers now, the body when it is written.
 *
 * @param status 200 to 599
 * @param headers as they shall appear; one value each
 * @param body writes itself
 */
public record HttpReply(int status, Map<String, String> headers, Body body) {
    public HttpReply {
        headers = Map.copyOf(headers);
    }

    /** The part after the headers. */
    @FunctionalInterface
    public interface Body {
        /**
         * Writes all of it, then returns; called once. {@link OutputStream#flush} sends what was written so far to the
         * client at once. The stream is closed by the caller.
         *
         * @throws IOException if the connection is gone; a run that feeds the body goes on all the same
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /** A reply whose body is known. */
    public static HttpReply of(int status, Map<String, String> headers, byte[] body) {
        return new HttpReply(status, headers, out -> out.write(body));
    }
}
