package dev.heddle.http;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request, whatever brought it here.
 *
 * @param method upper case
 * @param path decoded, begins with a slash, without the query
 * @param query parameter -> its values in order
 * @param headers name in lower case -> its values in order
 * @param body the bytes, decoded from the transport's base64; empty for none
 * @param requestId for logs and error replies
 * @param deadline when the function will be stopped
 */
public record HttpRequest(
        String method,
        String path,
        Map<String, List<String>> query,
        Map<String, List<String>> headers,
        byte[] body,
        String requestId,
        Instant deadline) {

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }
}
