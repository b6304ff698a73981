package dev.heddle.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is moved, or moves by a fixed step at each look. In UTC; safe for concurrent use. */
public final class FakeClock extends Clock {
    private final Duration step;
    private Instant now;

    private FakeClock(Instant start, Duration step) {
        this.now = start;
        this.step = step;
    }

    /** A clock that stands still. */
    public static FakeClock at(Instant start) {
        return new FakeClock(start, Duration.ZERO);
    }

    /** A clock on which each look takes so long. */
    public static FakeClock ticking(Instant start, Duration step) {
        return new FakeClock(start, step);
    }

    /** Moves it. */
    public synchronized void set(Instant instant) {
        now = instant;
    }

    @Override
    public synchronized Instant instant() {
        Instant shown = now;
        now = now.plus(step);
        return shown;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
