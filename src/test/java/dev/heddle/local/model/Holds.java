package dev.heddle.local.model;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Answers that wait for a word of the test. A label is good for one use: once released it stays released, whether the
 * answer came before or after. Safe for any number of threads.
 */
final class Holds {
    private static final long LONG_ENOUGH_SECONDS = 60;

    private record Hold(CountDownLatch reached, CountDownLatch released) {}

    private final ConcurrentHashMap<String, Hold> holds = new ConcurrentHashMap<>();

    /** Called by the answer: waits for the release. */
    void reach(String label) throws InterruptedException {
        Hold hold = hold(label);
        hold.reached.countDown();
        hold.released.await();
    }

    void release(String label) {
        hold(label).released.countDown();
    }

    /** Waits until an answer has come to this label. */
    void awaitReached(String label) throws InterruptedException {
        if (!hold(label).reached.await(LONG_ENOUGH_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Stand-in hold '" + label
                    + "': no answer has come to it, expected one within " + LONG_ENOUGH_SECONDS + " s.");
        }
    }

    private Hold hold(String label) {
        return holds.computeIfAbsent(label, l -> new Hold(new CountDownLatch(1), new CountDownLatch(1)));
    }
}
