package dev.heddle.http;

import java.util.Map;

/** A request that cannot be answered as asked, for a reason that we know and the client may be told. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Map<String, String> headers;

    /** {@code message} has the usual form and holds no user text. */
    Refusal(ErrorCode code, String message) {
        this(code, message, Map.of());
    }

    /** The same with headers that the reply must carry. */
    Refusal(ErrorCode code, String message, Map<String, String> headers) {
        super(message, null, false, false); // bad requests are many and expected: no stack trace
        this.code = code;
        this.headers = Map.copyOf(headers);
    }

    ErrorCode code() {
        return code;
    }

    Map<String, String> headers() {
        return headers;
    }
}
