package dev.heddle.graph.types;

import java.time.Duration;

/** Waits, so that tests need not. */
@FunctionalInterface
public interface Pause {
    /** Waits by the real clock. */
    Pause SLEEP = Thread::sleep;

    /** Waits for so long. */
    void of(Duration duration) throws InterruptedException;
}
