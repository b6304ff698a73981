package dev.heddle.lambda;

/**
 * The Runtime API could not be reached or understood, time and again. The process should end: Lambda starts another.
 */
public final class RuntimeApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int attempts;

    RuntimeApiException(int attempts, Throwable cause) {
        super(
                ("Runtime API: no invocation, expected one within %d attempts, got %s. "
                                + "Check that AWS_LAMBDA_RUNTIME_API names a running Runtime API.")
                        .formatted(attempts, cause.getClass().getSimpleName()),
                cause);
        this.attempts = attempts;
    }

    /** Stable code. */
    public String code() {
        return "runtime_api_unreachable";
    }

    /** How many attempts in a row failed. */
    public int attempts() {
        return attempts;
    }
}
