package dev.heddle.lambda;

import dev.heddle.observe.Observer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Polls and answers, one invocation after the other, until it is told to stop.
 *
 * <pre>
 * POLLING --- an invocation came ---> BUSY --- answered ---> POLLING
 *    | stop: interrupted, at once       | stop: ends its answer first
 *    +------------> ENDED <-------------+
 * </pre>
 */
final class Worker {
    /** So many failures in a row, and the process had better start anew. */
    static final int MAX_ATTEMPTS = 10;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private enum State {
        POLLING,
        BUSY,
        ENDED
    }

    private final RuntimeApi api;
    private final Answering answering;
    private final Observer observer;
    private final Pause pause;
    private final Thread thread;

    private final Object lock = new Object();
    private State state = State.POLLING;
    private boolean stopping;

    /**
     * Starts nothing yet.
     *
     * @param end called once, by the worker itself
     */
    Worker(String name, RuntimeApi api, Answering answering, Observer observer, Pause pause, End end) {
        this.api = api;
        this.answering = answering;
        this.observer = observer;
        this.pause = pause;
        this.thread = Thread.ofVirtual().name(name).unstarted(() -> run(end));
    }

    /** Hears of a worker's end. */
    @FunctionalInterface
    interface End {
        /** With what made it give up; null when it was told to stop. */
        void ended(@Nullable Throwable reason);
    }

    void start() {
        thread.start();
    }

    /** Takes no more invocations; ends a poll at once, and an answer when it is done. */
    void stop() {
        synchronized (lock) {
            stopping = true;
            if (state == State.POLLING) {
                thread.interrupt();
            }
        }
    }

    /** Interrupts whatever it does. */
    void interrupt() {
        thread.interrupt();
    }

    /** Whether an invocation is being answered. */
    boolean busy() {
        synchronized (lock) {
            return state == State.BUSY;
        }
    }

    private void run(End end) {
        Throwable reason = null;
        try (Poll poll = new Poll(api)) {
            while (enter(State.POLLING)) {
                Invocation invocation = next(poll);
                enter(State.BUSY);
                answering.answer(invocation);
            }
        } catch (InterruptedException e) {
            // only stop() interrupts a poll
        } catch (RuntimeException | Error e) {
            reason = e;
        } finally {
            enter(State.ENDED);
            end.ended(reason);
        }
    }

    /** Changes the state; false when it is time to stop. */
    private boolean enter(State next) {
        synchronized (lock) {
            state = next;
            if (next == State.BUSY) {
                // a stop that came with the invocation must not close the socket of its answer
                boolean ignored = Thread.interrupted();
            }
            return !stopping;
        }
    }

    private Invocation next(Poll poll) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return poll.next();
            } catch (IOException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                observer.note(
                        "poll_failed",
                        Map.of("attempt", attempt, "error", e.getClass().getName()));
                if (attempt >= MAX_ATTEMPTS) {
                    throw new RuntimeApiException(attempt, e);
                }
                pause.pause(pauseAfter(attempt));
            }
        }
    }

    /** 10 ms, doubled with each failure in a row, one second at most. */
    static Duration pauseAfter(int attempt) {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt - 1, 20));
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
}
