package dev.heddle.graph.state;

import dev.heddle.graph.pregel.Control;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.StreamEvent;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A run under way, as a blocking iterator of its events. For one reader. The run goes on while the reader is slow, up to
 * {@link #MOST_WAITING} events ahead, then waits for it.
 *
 * <pre>{@code
 * try (GraphStream events = graph.stream(input, config, Set.of(StreamMode.UPDATES))) {
 *     while (events.hasNext()) { show(events.next()); }
 *     use(events.result());
 * }
 * }</pre>
 */
public final class GraphStream implements Iterator<StreamEvent>, AutoCloseable {
    /** Most events that wait for the reader. */
    static final int MOST_WAITING = 4096;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<StreamEvent> waiting = new ArrayDeque<>();
    private final Control control = new Control();
    private @Nullable RunResult result;
    private @Nullable RuntimeException failure;
    private boolean ended;
    private boolean closed;

    private GraphStream() {}

    static GraphStream start(BiFunction<Consumer<StreamEvent>, Control, RunResult> run) {
        GraphStream stream = new GraphStream();
        Thread.ofVirtual().name("run").start(() -> stream.drive(run));
        return stream;
    }

    /**
     * Whether there is another event; waits for it.
     *
     * @throws GraphException.Cancelled if the reader is interrupted; the run goes on until the stream is closed
     * @throws GraphException if the run has failed and all events before were read
     */
    @Override
    public boolean hasNext() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !ended) {
                changed.await();
            }
            if (waiting.isEmpty() && failure != null) {
                throw failure;
            }
            return !waiting.isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GraphException.Cancelled();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public StreamEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The run has ended");
        }
        lock.lock();
        try {
            changed.signalAll();
            return waiting.remove();
        } finally {
            lock.unlock();
        }
    }

    /**
     * How the run ended; reads the events that are left first.
     *
     * @throws GraphException if the run has failed
     */
    public RunResult result() {
        while (hasNext()) {
            next();
        }
        lock.lock();
        try {
            RunResult end = result;
            if (end == null) {
                throw new GraphException.Cancelled();
            }
            return end;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks the run to stop at the next end of a superstep, the innermost one where graphs are nested. It ends {@link
     * RunResult.Drained} if there is more to do then. May be called by any thread.
     */
    public void drain() {
        control.drain();
    }

    /**
     * Asks the run to stop now: running tasks are interrupted and run again when the thread goes on; what their finished
     * siblings wrote is kept. It ends {@link RunResult.Drained}. May be called by any thread.
     */
    public void drainNow() {
        control.drainNow();
    }

    /** Cancels the run if it is still going, and waits until nothing of it runs any more. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            control.cancel();
            while (!ended) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void drive(BiFunction<Consumer<StreamEvent>, Control, RunResult> run) {
        RunResult end = null;
        RuntimeException thrown = null;
        try {
            end = run.apply(this::offer, control);
        } catch (RuntimeException e) {
            thrown = e;
        } catch (Error e) {
            thrown = new IllegalStateException("Run: died of " + e.getClass().getSimpleName(), e);
        }
        lock.lock();
        try {
            result = end;
            failure = thrown;
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void offer(StreamEvent event) {
        lock.lock();
        try {
            while (waiting.size() >= MOST_WAITING && !closed) {
                changed.awaitUninterruptibly();
            }
            if (!closed) {
                waiting.add(event);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
