package dev.heddle.local.gateway;

import java.io.IOException;

/** The function's reply is none that API Gateway can pass on. */
final class ReplyFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    ReplyFormatException(String message) {
        super(message);
    }
}
