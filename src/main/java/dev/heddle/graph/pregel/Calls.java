package dev.heddle.graph.pregel;

import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.TaskFuture;
import dev.heddle.tree.Codec;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** The calls of one attempt of a task: each a task of its own, whose result is stored when it has one. */
final class Calls {
    private final TaskRun runner;
    private final String parentId;
    private final List<Running<?>> running = new ArrayList<>();
    private final Semaphore places;
    private int next;

    Calls(TaskRun runner, String parentId, int maxConcurrency) {
        this.runner = runner;
        this.parentId = parentId;
        this.places = new Semaphore(maxConcurrency);
    }

    /**
     * Starts a call, or finds the result that it had before.
     *
     * @param input what it works on, for events; null for nothing
     */
    synchronized <R> TaskFuture<R> start(
            String name, NodeOptions options, Tree input, Codec<R> codec, NodeContext.Work<R> work) {
        String id = TaskIds.of(parentId, runner.lineage().namespace(), name, next++);
        Notes notes = runner.lineage().notes(id);
        if (!notes.writes().isEmpty()) {
            R known = codec.decode(notes.writes().getFirst().value());
            return () -> known;
        }
        if (runner.control().draining()) {
            throw new Signal.Drained();
        }
        Running<R> call = new Running<>();
        running.add(call);
        Thread.ofVirtual().name("call-" + name).start(() -> {
            places.acquireUninterruptibly();
            try {
                call.end(runner.call(name, id, notes, options, input, codec, work));
            } finally {
                places.release();
                call.ended.countDown();
            }
        });
        return call;
    }

    /** Waits for the calls that nobody has waited for; the first failure among them is thrown. */
    void settle() throws Exception {
        List<Running<?>> all;
        synchronized (this) {
            all = List.copyOf(running);
        }
        for (Running<?> call : all) {
            if (!call.awaited) {
                call.await();
            }
        }
    }

    /** Waits until none runs any more, whatever became of them. */
    void join() {
        List<Running<?>> all;
        synchronized (this) {
            all = List.copyOf(running);
        }
        boolean interrupted = false;
        for (Running<?> call : all) {
            while (true) {
                try {
                    call.ended.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What came of a call: a result, or what it threw. */
    record Outcome<R>(@Nullable R result, @Nullable Throwable thrown) {}

    /** What storage keeps of a call that has finished. */
    static PendingWrite result(String id, Tree result) {
        return new PendingWrite(id, 0, Reserved.RETURN, result);
    }

    private static final class Running<R> implements TaskFuture<R> {
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile @Nullable Outcome<R> outcome;
        private volatile boolean awaited;

        void end(Outcome<R> how) {
            outcome = how;
        }

        @Override
        @SuppressWarnings("NullAway") // a call without an exception has the result that its work gave, null included
        public R await() throws Exception {
            awaited = true;
            ended.await();
            Outcome<R> how = outcome;
            if (how == null) {
                throw new IllegalStateException("Call: died without an outcome");
            }
            switch (how.thrown()) {
                case null -> {
                    return how.result();
                }
                case Exception e -> throw e;
                case Error e -> throw e;
                case Throwable t -> throw new IllegalStateException(t);
            }
        }
    }
}
