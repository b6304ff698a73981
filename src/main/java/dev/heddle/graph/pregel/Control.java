package dev.heddle.graph.pregel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Ends a run from outside, in one of three ways, each final. Safe for concurrent use.
 *
 * <ul>
 *   <li>drain: no graph of the run, however deep, begins another superstep; what runs is finished;
 *   <li>drain now: running tasks are interrupted too; what finished tasks wrote is kept, the others run again later;
 *   <li>cancel: everything is given up.
 * </ul>
 *
 * A node that swallows its interrupt delays the end until it returns, no longer.
 */
public final class Control {
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    /** Those of them that must not be disturbed for now. */
    private final Set<Thread> sheltered = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;
    private volatile boolean forced;
    private volatile boolean cancelled;

    /** Asks the run to stop at the next end of a superstep, the innermost one. */
    public void drain() {
        draining = true;
    }

    /** Asks the run to stop now, in a state from which it can go on. */
    public synchronized void drainNow() {
        forced = true;
        draining = true;
        workers.stream().filter(worker -> !sheltered.contains(worker)).forEach(Thread::interrupt);
    }

    /** Gives the run up. */
    public synchronized void cancel() {
        cancelled = true;
        workers.forEach(Thread::interrupt);
    }

    /** Whether the run was asked to stop, in whatever way. */
    public boolean draining() {
        return draining;
    }

    /** Whether running tasks were interrupted to stop the run. */
    boolean forced() {
        return forced;
    }

    /** Whether the run was given up. */
    boolean cancelled() {
        return cancelled;
    }

    /** Whether nothing may begin any more. */
    boolean broken() {
        return cancelled || forced;
    }

    /** Runs a task on the calling worker, which is interrupted when the run is broken off meanwhile or was before. */
    void covering(Runnable task) {
        Thread worker = Thread.currentThread();
        boolean first = workers.add(worker);
        try {
            if (broken()) {
                worker.interrupt();
            }
            task.run();
        } finally {
            if (first) {
                uncover(worker);
            }
        }
    }

    private synchronized void uncover(Thread worker) {
        workers.remove(worker);
        if (forced && !cancelled) {
            // The interrupt was for the task; what follows must not suffer from it.
            Thread.interrupted();
        }
    }

    /**
     * Does something that a drain must not break off, storing for example: an interrupt that is there already, or that
     * would come meanwhile, comes after it. Giving the run up breaks it off all the same.
     */
    <T> T sheltered(Supplier<T> work) {
        Thread worker = Thread.currentThread();
        boolean first = shelter(worker);
        try {
            return work.get();
        } finally {
            if (first) {
                expose(worker);
            }
        }
    }

    private synchronized boolean shelter(Thread worker) {
        boolean first = sheltered.add(worker);
        if (first && forced && !cancelled) {
            Thread.interrupted();
        }
        return first;
    }

    private synchronized void expose(Thread worker) {
        sheltered.remove(worker);
        if (broken() && workers.contains(worker)) {
            worker.interrupt();
        }
    }
}
