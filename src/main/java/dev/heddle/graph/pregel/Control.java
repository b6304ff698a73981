package dev.heddle.graph.pregel;

import dev.heddle.graph.types.Pause;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
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
    /** Workers that run node code; guarded by itself, so that no interrupt comes after a worker has left. */
    private final Set<Thread> working = new HashSet<>();
    /** Workers that drive a graph; guarded by {@link #working}. */
    private final Set<Thread> driving = new HashSet<>();

    /** Workers that wait before they try again; guarded by {@link #working}. */
    private final Set<Thread> pausing = new HashSet<>();

    private volatile boolean draining;
    private volatile boolean forced;
    private volatile boolean cancelled;

    /** Asks the run to stop at the next end of a superstep, the innermost one. */
    public void drain() {
        synchronized (working) {
            draining = true;
            pausing.forEach(Thread::interrupt);
        }
    }

    /** Asks the run to stop now, in a state from which it can go on. */
    public void drainNow() {
        synchronized (working) {
            forced = true;
            draining = true;
            working.forEach(Thread::interrupt);
            pausing.forEach(Thread::interrupt);
        }
    }

    /** Gives the run up. */
    public void cancel() {
        synchronized (working) {
            cancelled = true;
            working.forEach(Thread::interrupt);
            driving.forEach(Thread::interrupt);
            pausing.forEach(Thread::interrupt);
        }
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

    /**
     * Drives a graph of the run on the calling worker, which is interrupted when the run is given up meanwhile or was
     * before. A drain does not interrupt it, not even when a node's worker drives a subgraph: what it stores must stay.
     */
    <R> R driving(Supplier<R> graph) {
        Thread worker = Thread.currentThread();
        boolean wasWorking;
        boolean first;
        synchronized (working) {
            wasWorking = working.remove(worker);
            first = driving.add(worker);
            if (cancelled) {
                worker.interrupt();
            } else if (forced) {
                Thread.interrupted();
            }
        }
        try {
            return graph.get();
        } finally {
            synchronized (working) {
                if (first) {
                    driving.remove(worker);
                }
                if (wasWorking) {
                    working.add(worker);
                    if (broken()) {
                        worker.interrupt();
                    }
                }
            }
        }
    }

    /**
     * Runs node code on the calling worker, which is interrupted when the run is broken off meanwhile or was before. What
     * follows, storing for example, does not suffer from an interrupt that was meant for the node.
     */
    <R> R covering(Callable<R> code) throws Exception {
        Thread worker = Thread.currentThread();
        boolean first;
        synchronized (working) {
            first = working.add(worker);
            if (broken()) {
                worker.interrupt();
            }
        }
        try {
            return code.call();
        } finally {
            if (first) {
                synchronized (working) {
                    working.remove(worker);
                }
            }
            if (forced && !cancelled) {
                Thread.interrupted();
            }
        }
    }

    /** Waits before the next attempt of a task, unless the run is to stop in whatever way: then it returns at once. */
    void pausing(Pause pause, Duration delay) throws InterruptedException {
        Thread worker = Thread.currentThread();
        synchronized (working) {
            if (draining || cancelled) {
                return;
            }
            pausing.add(worker);
        }
        try {
            pause.of(delay);
        } catch (InterruptedException e) {
            if (cancelled || !draining) {
                throw e;
            }
        } finally {
            synchronized (working) {
                pausing.remove(worker);
            }
            if (draining && !cancelled) {
                Thread.interrupted();
            }
        }
    }
}
