package dev.heddle.wire;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import org.jspecify.annotations.Nullable;

/** JSON that cannot be read. The message says where and what was expected and never shows the content. */
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String expected;
    private final String got;

    JsonException(String where, String expected, String got, @Nullable Throwable cause) {
        super(where + ": cannot be read, expected " + expected + ", got " + got + ".", cause);
        this.expected = expected;
        this.got = got;
    }

    /** The rule that was broken. */
    public String expected() {
        return expected;
    }

    /** What stood there, in kind or by its place. */
    public String got() {
        return got;
    }

    /** Where the parser stopped; its own message quotes the content and so is not repeated. */
    static String at(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        return location == null
                ? "something else"
                : "something else at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
