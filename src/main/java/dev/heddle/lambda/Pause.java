package dev.heddle.lambda;

import java.time.Duration;

/** How a worker waits before it tries again; {@code Thread::sleep} in production. */
@FunctionalInterface
interface Pause {
    void pause(Duration length) throws InterruptedException;
}
