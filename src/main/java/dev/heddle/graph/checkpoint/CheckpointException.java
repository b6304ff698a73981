package dev.heddle.graph.checkpoint;

import dev.heddle.graph.types.Retryable;
import org.jspecify.annotations.Nullable;

/** The storage of checkpoints could not do what was asked. */
public abstract sealed class CheckpointException extends RuntimeException implements Retryable {
    private static final long serialVersionUID = 1L;

    private CheckpointException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Stable code, listed in {@code docs/errors.md}. */
    public abstract String code();

    /** Whether the same call may succeed later. */
    @Override
    public abstract boolean retryable();

    /** Another run has taken the thread further. */
    public static final class Conflict extends CheckpointException {
        private static final long serialVersionUID = 1L;

        /** {@code parentId} is the checkpoint from which we came, null for a new thread. */
        public Conflict(String threadId, @Nullable String parentId, @Nullable Throwable cause) {
            super(
                    "Thread '" + threadId + "': written by another run meanwhile, expected checkpoint "
                            + (parentId == null ? "none" : parentId)
                            + " to be the latest, got a later one. Send the request again.",
                    cause);
        }

        @Override
        public String code() {
            return "thread_conflict";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** The storage does not answer or is not set up. */
    public static final class Unavailable extends CheckpointException {
        private static final long serialVersionUID = 1L;

        /** The whole message, in the usual form. */
        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public String code() {
            return "storage_unavailable";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** What is stored cannot be read by this version. */
    public static final class Unreadable extends CheckpointException {
        private static final long serialVersionUID = 1L;

        /** The whole message, in the usual form. */
        public Unreadable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public String code() {
            return "storage_unreadable";
        }

        @Override
        public boolean retryable() {
            return false;
        }
    }
}
