package dev.heddle.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One line of the routes table.
 *
 * @param method upper case
 * @param pattern for example {@code /chat/{thread_id}}: a segment in braces takes any text but an empty one
 * @param handler what answers
 */
record Route(String method, String pattern, Handler handler) {

    /** Answers one kind of request. */
    @FunctionalInterface
    interface Handler {
        /** The reply; a {@link Refusal} or any other exception becomes an error reply. */
        HttpReply handle(Exchange exchange) throws InterruptedException;
    }

    /** The path parameters when {@code path} has this pattern; empty when it has not. */
    Optional<Map<String, String>> match(String path) {
        List<String> wanted = segments(pattern);
        List<String> got = segments(path);
        if (wanted.size() != got.size()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new TreeMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            String segment = wanted.get(i);
            if (segment.startsWith("{") && !got.get(i).isEmpty()) {
                parameters.put(segment.substring(1, segment.length() - 1), got.get(i));
            } else if (!segment.equals(got.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1)); // -1: a slash at the end makes an empty segment, which matches nothing
    }
}
