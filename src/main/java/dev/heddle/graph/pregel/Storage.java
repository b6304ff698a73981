package dev.heddle.graph.pregel;

import dev.heddle.graph.types.Durability;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * Does what has to be stored, in order: at once, or, when the run is asynchronous, on a worker of its own. A failure
 * surfaces with the next thing to store, at the latest at {@link #flush}.
 */
final class Storage {
    private static final Executor WORKER =
            task -> Thread.ofVirtual().name("storage").start(task);

    /** Most things that wait to be stored; then the run waits too. */
    private static final int MOST_WAITING = 64;

    private final boolean async;
    private final Semaphore places = new Semaphore(MOST_WAITING);
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    Storage(Durability durability) {
        async = durability == Durability.ASYNC;
    }

    void run(Runnable store) {
        if (!async) {
            store.run();
            return;
        }
        places.acquireUninterruptibly();
        synchronized (this) {
            if (last.isCompletedExceptionally()) {
                flush();
            }
            last = last.thenRunAsync(store, WORKER).whenComplete((done, failure) -> places.release());
        }
    }

    /** Waits until all is stored. */
    void flush() {
        CompletableFuture<Void> all;
        synchronized (this) {
            all = last;
        }
        try {
            all.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
