package dev.heddle.tree;

/** A tree has another shape than its codec expects. The message names both kinds and never shows the value. */
public final class CodecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String expected;
    private final String got;

    /**
     * A mismatch.
     *
     * @param where what was being read, for example {@code Message field 'role'}
     * @param expected the rule, for example {@code text}
     * @param got the kind that stood there, for example {@code list}
     */
    public CodecException(String where, String expected, String got) {
        super(where + ": wrong shape, expected " + expected + ", got " + got
                + ". The value was written by another version or by hand; read it with the codec that wrote it.");
        this.expected = expected;
        this.got = got;
    }

    /** The rule that was broken. */
    public String expected() {
        return expected;
    }

    /** The kind of value that stood there. */
    public String got() {
        return got;
    }
}
