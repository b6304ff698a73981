package dev.heddle.local.gateway;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The start line and headers of an HTTP/1.1 request.
 *
 * @param target path and query as sent, percent-encoded
 * @param headers in the order sent, repeated ones included
 */
record MessageHead(String method, String target, String version, List<Header> headers) {

    /** The first value of a header. */
    Optional<String> header(String name) {
        return headers.stream().filter(h -> h.is(name)).map(Header::value).findFirst();
    }

    /** The path without the query, still percent-encoded. */
    String path() {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    /** The query without the question mark; empty for none. */
    String query() {
        int question = target.indexOf('?');
        return question < 0 ? "" : target.substring(question + 1);
    }

    /** Whether another request may follow on this connection. */
    boolean keepsAlive() {
        return version.equals("HTTP/1.1")
                && !header("connection").orElse("").toLowerCase(Locale.ROOT).contains("close");
    }
}
