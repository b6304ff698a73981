package dev.heddle.local.gateway;

/** The function's process did not get as far as asking for its first event; the message says what is known. */
public final class FunctionStartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean reported;

    FunctionStartException(String message) {
        this(message, false);
    }

    /** {@code reported}: the function itself has said that it cannot start, so trying again would not help. */
    FunctionStartException(String message, boolean reported) {
        super(message);
        this.reported = reported;
    }

    /** Whether the function itself has said that it cannot start. */
    boolean reported() {
        return reported;
    }
}
