package dev.heddle.graph.types;

/** A failure that knows whether it may pass by itself. {@link RetryPolicy#mayHeal} believes it. */
public interface Retryable {
    /** Whether the same may succeed later. */
    boolean retryable();
}
