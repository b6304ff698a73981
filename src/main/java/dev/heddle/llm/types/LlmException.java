package dev.heddle.llm.types;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A model call that gave no complete answer. Messages name the model and what to do, never a prompt, an answer or a key.
 */
public abstract sealed class LlmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String model;

    private LlmException(String model, String message, @Nullable Throwable cause) {
        super("Model '" + model + "': " + message, cause);
        this.model = model;
    }

    /** The model that was asked. */
    public String model() {
        return model;
    }

    /** Stable code, listed in {@code docs/errors.md}. */
    public abstract String code();

    /** Whether the same call may succeed later. */
    public abstract boolean retryable();

    /** The host does not answer or answers with a server error. */
    public static final class Unavailable extends LlmException {
        private static final long serialVersionUID = 1L;

        /** {@code message} goes on after {@code Model 'x': }. */
        public Unavailable(String model, String message, @Nullable Throwable cause) {
            super(model, message, cause);
        }

        @Override
        public String code() {
            return "model_unavailable";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** The provider asks to wait. */
    public static final class RateLimited extends LlmException {
        private static final long serialVersionUID = 1L;
        private final @Nullable Duration retryAfter;

        /** {@code retryAfter} is the wait that the provider asked for, or null. */
        public RateLimited(String model, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
            super(model, message, cause);
            this.retryAfter = retryAfter;
        }

        /** The wait that the provider asked for, or null. */
        public @Nullable Duration retryAfter() {
            return retryAfter;
        }

        @Override
        public String code() {
            return "model_rate_limited";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** No token, or no further token, came in time. */
    public static final class TimedOut extends LlmException {
        private static final long serialVersionUID = 1L;

        /** {@code message} goes on after {@code Model 'x': }. */
        public TimedOut(String model, String message, @Nullable Throwable cause) {
            super(model, message, cause);
        }

        @Override
        public String code() {
            return "model_timeout";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** The stream ended in the middle of an answer. */
    public static final class Broken extends LlmException {
        private static final long serialVersionUID = 1L;

        /** {@code message} goes on after {@code Model 'x': }. */
        public Broken(String model, String message, @Nullable Throwable cause) {
            super(model, message, cause);
        }

        @Override
        public String code() {
            return "model_stream_broken";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** The provider refuses the request as it is: unknown model, unsupported tools, bad options, bad key. */
    public static final class Rejected extends LlmException {
        private static final long serialVersionUID = 1L;

        /** {@code message} goes on after {@code Model 'x': }. */
        public Rejected(String model, String message, @Nullable Throwable cause) {
            super(model, message, cause);
        }

        @Override
        public String code() {
            return "model_rejected";
        }

        @Override
        public boolean retryable() {
            return false;
        }
    }

    /** The calling worker was interrupted. */
    public static final class Cancelled extends LlmException {
        private static final long serialVersionUID = 1L;

        /** A call that its own run gave up. */
        public Cancelled(String model, @Nullable Throwable cause) {
            super(model, "call cancelled, expected an answer, got an interrupt. Nothing to do.", cause);
        }

        @Override
        public String code() {
            return "model_cancelled";
        }

        @Override
        public boolean retryable() {
            return false;
        }
    }
}
