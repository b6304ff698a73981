package dev.heddle.http;

import java.util.Arrays;
import java.util.Locale;

/**
 * Every stable code that can stand in {@code {"error":{"code","message"}}}, and the HTTP status that goes with it.
 *
 * <p>The one place where codes meet statuses. {@code docs/errors.md} says the same in words; a test holds both together,
 * and holds every code of the other rooms to this table.
 */
enum ErrorCode {
    // the request, before anything is written
    MALFORMED_JSON(400),
    NOT_AN_OBJECT(400),
    MISSING_CONTENT(400),
    BAD_CONTENT(400),
    CONTENT_TOO_LONG(400),
    BAD_THREAD_ID(400),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    BODY_TOO_LARGE(413),
    UNSUPPORTED_MEDIA_TYPE(415),

    // the run
    BAD_INPUT(400),
    EMPTY_INPUT(400),
    INVALID_RESUME(400),
    AMBIGUOUS_UPDATE(400),
    RESUME_REFUSED(409),
    GRAPH_NOT_FOUND(404),
    THREAD_BUSY(409),
    THREAD_CONFLICT(409),
    CANCELLED(503),
    NODE_FAILED(500),
    INVALID_GRAPH(500),
    INVALID_UPDATE(500),
    UNKNOWN_KEY(500),
    MISSING_VALUE(500),
    RECURSION_LIMIT(500),
    NO_PARENT_GRAPH(500),
    NODE_TIMED_OUT(504),
    STEP_TIMED_OUT(504),
    DEADLINE_EXCEEDED(504),
    NO_ANSWER(500),

    // storage
    STORAGE_UNAVAILABLE(503),
    STORAGE_UNREADABLE(500),

    // the model
    MODEL_UNAVAILABLE(503),
    MODEL_RATE_LIMITED(503),
    MODEL_TIMEOUT(504),
    MODEL_STREAM_BROKEN(502),
    MODEL_REJECTED(502),
    MODEL_CANCELLED(503),

    // us
    INTERNAL_ERROR(500);

    private final int status;

    ErrorCode(int status) {
        this.status = status;
    }

    /** The code as clients see it: lower case. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The status of a reply that says this and nothing else. A stream has begun with 200 already. */
    int status() {
        return status;
    }

    /** The status for a code of another room; 500 for one that is not listed. */
    static int statusOf(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code().equals(code))
                .findFirst()
                .orElse(INTERNAL_ERROR)
                .status();
    }
}
