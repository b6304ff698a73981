package dev.heddle.lambda;

import java.io.IOException;

/** The other side answered, but not in the HTTP or with the headers that we can go on with. */
final class WireException extends IOException {
    private static final long serialVersionUID = 1L;

    WireException(String what, String expected, String got) {
        super("Runtime API: %s, expected %s, got %s. Check AWS_LAMBDA_RUNTIME_API.".formatted(what, expected, got));
    }
}
