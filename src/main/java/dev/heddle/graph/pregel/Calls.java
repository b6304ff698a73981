package dev.heddle.graph.pregel;

import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Interrupt;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.TaskFuture;
import dev.heddle.tree.Codec;
import dev.heddle.tree.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one attempt of a task: each a task of its own, whose result is stored when it has one. What the attempt
 * before has finished is not done again.
 */
final class Calls {
    private final TaskRun runner;
    private final String parentId;
    private final @Nullable Calls before;
    private final Map<String, Running<?>> running = new LinkedHashMap<>();
    private final Semaphore places;
    private volatile boolean abandoned;
    private int next;

    /**
     * Those of an attempt.
     *
     * @param before those of the attempt before; null for the first
     */
    Calls(TaskRun runner, String parentId, int maxConcurrency, @Nullable Calls before) {
        this.runner = runner;
        this.before = before;
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
        runner.callStarts(name, id, input);
        Notes notes = runner.lineage().notes(id);
        if (!notes.writes().isEmpty()) {
            R known = codec.decode(notes.writes().getFirst().value());
            return () -> known;
        }
        Running<R> finished = before == null ? null : before.finished(id);
        if (finished != null) {
            running.put(id, finished);
            return finished;
        }
        if (abandoned) {
            throw new GraphException.Cancelled(runner.lineage().step());
        }
        if (runner.control().draining()) {
            throw new Signal.Drained();
        }
        Running<R> call = new Running<>();
        running.put(id, call);
        call.worker = Thread.ofVirtual().name("call-" + name).start(() -> {
            places.acquireUninterruptibly();
            try {
                if (abandoned || runner.control().broken()) {
                    call.end(new Outcome<>(null, new Signal.Drained())); // it has not begun
                    return;
                }
                call.end(runner.call(this, name, id, notes, options, input, codec, work));
            } finally {
                places.release();
                call.ended.countDown();
            }
        });
        return call;
    }

    @SuppressWarnings("unchecked") // the same place of the same task: the same call
    private synchronized <R> @Nullable Running<R> finished(String id) {
        Running<?> call = running.get(id);
        Outcome<?> outcome = call == null ? null : call.outcome;
        if (outcome != null && outcome.thrown() == null) {
            return (Running<R>) call;
        }
        return before == null ? null : before.finished(id);
    }

    /** Waits for the calls that nobody has waited for; the first failure among them is thrown. */
    void settle() throws Exception {
        for (Running<?> call : all()) {
            if (!call.awaited) {
                call.await();
            }
        }
    }

    /** What the task waits for when one of its calls asks: the questions of all that ask, in the order of the calls. */
    Signal.Interrupted asked(Signal.Interrupted first) {
        join();
        Map<String, Interrupt> questions = new LinkedHashMap<>();
        for (Running<?> call : all()) {
            Outcome<?> outcome = call.outcome;
            if (outcome != null && outcome.thrown() instanceof Signal.Interrupted other) {
                other.interrupts().forEach(question -> questions.put(question.id(), question));
            }
        }
        first.interrupts().forEach(question -> questions.put(question.id(), question));
        return new Signal.Interrupted(List.copyOf(questions.values()));
    }

    private synchronized List<Running<?>> all() {
        return List.copyOf(running.values());
    }

    /** The attempt is out of time: its calls are interrupted and left behind, and what they still give is dropped. */
    void abandon() {
        abandoned = true;
        for (Running<?> call : all()) {
            Thread worker = call.worker;
            if (worker != null) {
                worker.interrupt();
            }
        }
    }

    /** Whether what calls give is dropped. */
    boolean abandoned() {
        return abandoned;
    }

    /** Waits until none runs any more, whatever became of them. */
    void join() {
        boolean interrupted = false;
        for (Running<?> call : all()) {
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
        private volatile @Nullable Thread worker;
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
