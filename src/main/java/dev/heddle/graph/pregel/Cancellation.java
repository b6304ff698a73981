package dev.heddle.graph.pregel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives a run up, for good: every worker of the run is interrupted once, nothing new is started, and no superstep follows.
 * A node that swallows its interrupt delays the end until it returns, no longer. Safe for concurrent use.
 */
public final class Cancellation {
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private volatile boolean requested;

    /** Gives the run up. Doing so again does nothing more. */
    public void request() {
        requested = true;
        workers.forEach(Thread::interrupt);
    }

    /** Whether the run was given up. */
    public boolean requested() {
        return requested;
    }

    /** Runs work on the calling worker, which is interrupted when the run is given up meanwhile or was before. */
    void covering(Runnable work) {
        Thread worker = Thread.currentThread();
        boolean first = workers.add(worker);
        try {
            if (requested) {
                worker.interrupt();
            }
            work.run();
        } finally {
            if (first) {
                workers.remove(worker);
            }
        }
    }
}
