package dev.heddle.run;

import org.jspecify.annotations.Nullable;

/** A run that could not start or has failed. The message is fit for clients: no prompt, answer, argument or secret. */
public final class RunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final boolean retryable;

    /** {@code code} is stable and listed in {@code docs/errors.md}; {@code message} has the usual form. */
    public RunException(String code, boolean retryable, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.retryable = retryable;
    }

    /** Stable code. */
    public String code() {
        return code;
    }

    /** Whether the same request may succeed later. */
    public boolean retryable() {
        return retryable;
    }
}
