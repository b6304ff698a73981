package dev.heddle.lambda;

/** An HTTP event lacks something or has it in another form; never leaves {@link Events}. */
final class MalformedEvent extends Exception {
    private static final long serialVersionUID = 1L;

    private final String expected;
    private final String got;

    MalformedEvent(String expected, String got) {
        super("Event: malformed, expected %s, got %s. Check what invokes the function.".formatted(expected, got));
        this.expected = expected;
        this.got = got;
    }

    String expected() {
        return expected;
    }

    String got() {
        return got;
    }
}
