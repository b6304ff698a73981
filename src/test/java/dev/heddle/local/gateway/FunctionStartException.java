package dev.heddle.local.gateway;

/** The function's process did not get as far as asking for its first event; the message says what is known. */
public final class FunctionStartException extends Exception {
    private static final long serialVersionUID = 1L;

    FunctionStartException(String message) {
        super(message);
    }
}
