package dev.heddle.graph.pregel;

import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.graph.types.ErrorHandler;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Interrupt;
import dev.heddle.graph.types.NodeCache;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.NodeResult;
import dev.heddle.graph.types.RetryPolicy;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.TimeoutPolicy;
import dev.heddle.tree.Codec;
import dev.heddle.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tasks of one graph of a run, each on whatever worker calls: attempts with time limit and retries, then the
 * error handler; what came of it is stored and shown.
 *
 * <pre>
 *   attempt --ok--> writes stored, shown
 *      |--asks----> question stored, shown; the task waits
 *      |--fails---> retry? wait, attempt again
 *                   handler? error stored, handler runs in the node's place
 *                   else error stored; the run fails when its siblings have ended
 * </pre>
 */
final class TaskRun {
    private final Run run;
    private final Values values;
    private final Lineage lineage;
    private final Events events;
    private final TaskEvents show;
    private final long stop;
    private final @Nullable TaskContext caller;

    /**
     * Runs the tasks of a graph.
     *
     * @param stop the superstep at which the recursion limit is met
     * @param caller the attempt of a task whose subgraph the graph is; null for the root
     */
    TaskRun(
            Run run,
            Values values,
            Lineage lineage,
            Events events,
            TaskEvents show,
            long stop,
            @Nullable TaskContext caller) {
        this.caller = caller;
        this.run = run;
        this.values = values;
        this.lineage = lineage;
        this.events = events;
        this.show = show;
        this.stop = stop;
    }

    Run run() {
        return run;
    }

    /** Whether the graph is a subgraph of an attempt that was left behind: nothing that it does counts. */
    boolean abandoned() {
        return caller != null && caller.expired();
    }

    Control control() {
        return run.control();
    }

    Lineage lineage() {
        return lineage;
    }

    Events events() {
        return events;
    }

    /** The superstep at which the recursion limit is met. */
    long stop() {
        return stop;
    }

    /**
     * Runs a task to its end.
     *
     * @param alone whether it is the only one of its superstep: then its writes are in the next checkpoint, and writing
     *     them twice would buy nothing
     */
    void perform(Task task, boolean alone) {
        try {
            tryToPerform(task, alone);
        } catch (RuntimeException | Error e) {
            // Not the node's failure but that of storage, or of whoever takes the events.
            task.trouble = e;
        }
    }

    private void tryToPerform(Task task, boolean alone) {
        NodeOptions options = task.node.options();
        Attempts attempts = new Attempts(task.node.name(), task::id, task.notes, options.retry(), timeout(task));
        Task.Ending ending;
        ErrorHandler handler = options.onError();
        String known = task.notes.error();
        if (known != null && handler != null) {
            ending = handled(task, handler, new ErrorHandler.NodeError(task.node.name(), known, null));
        } else {
            ending = attempts.run(context -> writes(task, context));
            boolean counts = !control().broken() && task.ending == null;
            if (ending instanceof Task.Ending.Failed(Throwable failure) && handler != null && counts) {
                String text = text(failure);
                lineage.keep(task.id(), List.of(Notes.error(task.id(), text)));
                show.ended(task, ending);
                ending = handled(task, handler, new ErrorHandler.NodeError(task.node.name(), text, innermost(failure)));
            }
        }
        end(task, ending, alone);
    }

    private List<Task.Write> writes(Task task, TaskContext context) throws Exception {
        if (task.node.name().equals(PregelGraph.START)) {
            Tree input = values.channels[PregelGraph.INPUT].tree();
            return Writes.ofStart(values, task.node, input instanceof Tree.Fields fields ? fields : Tree.EMPTY);
        }
        NodeResult result;
        try {
            result = task.node.node().run(task.state, context);
        } catch (Signal.FromSubgraph e) {
            result = e.command();
        }
        if (result == null) {
            throw new GraphException.InvalidUpdate(task.node.name(), lineage.step());
        }
        return Writes.of(values, task.node, result);
    }

    private Task.Ending handled(Task task, ErrorHandler handler, ErrorHandler.NodeError error) {
        String name = Reserved.ERROR_HANDLER + task.node.name();
        String id = TaskIds.of(task.id(), lineage.namespace(), name, -1);
        show.handlerStarts(task, name, id);
        task.handlerId = id;
        Attempts attempts = new Attempts(name, () -> id, lineage.notes(id), null, null);
        return attempts.run(context -> {
            NodeResult result;
            try {
                result = handler.handle(task.state, error, context);
            } catch (Signal.FromSubgraph e) {
                result = e.command();
            }
            return Writes.ofHandler(values, task.node, result);
        });
    }

    private void end(Task task, Task.Ending ending, boolean alone) {
        if (!control().broken()) {
            Thread.interrupted(); // what a node has left behind is not for storage
        }
        if (!task.end(ending) || abandoned()) {
            return;
        }
        if (ending instanceof Task.Ending.Finished(List<Task.Write> writes)) {
            if (!alone && lineage.isStored()) {
                lineage.keep(task.id(), Writes.toStore(values.graph, task.id(), writes));
            }
            show.finished(task, writes, false);
        } else {
            endUnfinished(task, ending);
        }
        show.ended(task, ending);
    }

    private void endUnfinished(Task task, Task.Ending ending) {
        switch (ending) {
            case Task.Ending.Interrupted(List<Interrupt> interrupts) -> {
                if (!interrupts.isEmpty()) {
                    lineage.keep(task.id(), List.of(Notes.interrupts(task.id(), interrupts)));
                    show.interrupted(task, interrupts);
                }
            }
            case Task.Ending.Failed(Throwable failure) -> {
                // A handler that fails does not take the place of what it has to handle when the thread goes on.
                if (!control().cancelled() && task.handlerId == null) {
                    lineage.keep(task.id(), List.of(Notes.error(task.id(), text(failure))));
                }
            }
            case Task.Ending.Finished _, Task.Ending.Unfinished _, Task.Ending.Escaped _ -> {}
        }
    }

    /** Shows that a call begins, or that it would have, had its result not been stored. */
    void callStarts(String name, String id, Tree input) {
        show.callStarts(name, id, input);
    }

    /** Runs a call of a task. What it throws is its caller's. */
    <R> Calls.Outcome<R> call(
            Calls calls,
            String name,
            String id,
            Notes notes,
            NodeOptions options,
            Tree input,
            Codec<R> codec,
            NodeContext.Work<R> work) {
        Attempts attempts = new Attempts(name, () -> id, notes, options.retry(), options.timeout());
        NodeCache cache = run.services().cache();
        try {
            Tree known = NodeMemory.recallCall(cache, values.graph, name, options.cache(), input);
            if (known != null) {
                lineage.keep(id, List.of(Calls.result(id, known)));
                show.callKnown(name, known);
                return new Calls.Outcome<>(codec.decode(known), null);
            }
            R result = attempts.until(work::run);
            if (calls.abandoned()) {
                throw new GraphException.Cancelled(lineage.step());
            }
            Tree kept = codec.encode(result);
            lineage.keep(id, List.of(Calls.result(id, kept)));
            NodeMemory.rememberCall(cache, values.graph, name, options.cache(), input, kept);
            show.callEnded(name, id, kept);
            return new Calls.Outcome<>(result, null);
        } catch (Signal.Interrupted e) {
            lineage.keep(id, List.of(Notes.interrupts(id, e.interrupts())));
            return new Calls.Outcome<>(null, e);
        } catch (Signal e) {
            return new Calls.Outcome<>(null, e);
        } catch (Throwable t) { // thrown where the caller waits
            if (!calls.abandoned()) {
                show.callFailed(name, id, text(t));
            }
            return new Calls.Outcome<>(null, t);
        }
    }

    private static @Nullable TimeoutPolicy timeout(Task task) {
        Send send = task.send;
        return send != null && send.timeout() != null
                ? send.timeout()
                : task.node.options().timeout();
    }

    /** The failure itself: that of a subgraph is the one of its node. */
    static Throwable innermost(Throwable failure) {
        Throwable inner = failure;
        while (inner instanceof GraphException.NodeFailed && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    /** A failure in words, as storage and events tell it. */
    static String text(Throwable failure) {
        String message = failure.getMessage();
        String name = failure.getClass().getSimpleName();
        return message == null ? name : name + ": " + message;
    }

    /** What an attempt does. */
    @FunctionalInterface
    private interface Body<R> {
        R run(TaskContext context) throws Exception;
    }

    /** The attempts of one task, call or handler. */
    private final class Attempts {
        private final String name;
        private final Supplier<String> id;
        private final Notes notes;
        private final @Nullable List<RetryPolicy> retry;
        private final @Nullable TimeoutPolicy timeout;
        private @Nullable Asking asking;

        Attempts(
                String name,
                Supplier<String> id,
                Notes notes,
                @Nullable List<RetryPolicy> retry,
                @Nullable TimeoutPolicy timeout) {
            this.name = name;
            this.id = id;
            this.notes = notes;
            this.retry = retry;
            this.timeout = timeout;
        }

        Task.Ending run(Body<List<Task.Write>> body) {
            try {
                return new Task.Ending.Finished(until(body));
            } catch (Signal.Interrupted e) {
                return new Task.Ending.Interrupted(e.interrupts());
            } catch (Signal.Drained e) {
                return new Task.Ending.Unfinished();
            } catch (Signal.ToParent e) {
                return new Task.Ending.Escaped(e.command());
            } catch (CheckpointException | GraphException.DeadlineExceeded | GraphException.Cancelled e) {
                throw e; // in a subgraph too this is no failure of the node's: nobody may handle or repeat it
            } catch (Throwable t) { // kept and thrown by the driver, whatever it is
                if (t instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                return control().forced() && !control().cancelled()
                        ? new Task.Ending.Unfinished()
                        : new Task.Ending.Failed(t);
            }
        }

        /** Tries until it succeeds or no policy helps. */
        <R> R until(Body<R> body) throws Throwable {
            Instant first = retry == null ? null : run.services().clock().instant();
            TaskContext before = null;
            for (int attempt = 1; ; attempt++) {
                TaskContext context = new TaskContext(TaskRun.this, name, id, this::asking, attempt, first);
                if (before != null) {
                    context.follow(before);
                }
                try {
                    return once(context, body);
                } catch (Signal
                        | CheckpointException
                        | GraphException.DeadlineExceeded
                        | GraphException.Cancelled e) {
                    throw e;
                } catch (Throwable t) { // a policy may know better
                    Duration delay = delay(t, attempt);
                    if (delay == null) {
                        throw t;
                    }
                    control().pausing(run.services().pause(), delay);
                    if (control().draining()) {
                        // The next attempt is for whoever goes on with the thread.
                        throw new Signal.Drained();
                    }
                    before = context;
                }
            }
        }

        private synchronized Asking asking() {
            Asking made = asking;
            if (made == null) {
                made = new Asking(run.answers(), lineage, name, id.get(), notes);
                asking = made;
            }
            return made;
        }

        private <R> R once(TaskContext context, Body<R> body) throws Throwable {
            Asking earlier = asking;
            if (earlier != null) {
                earlier.beginAgain();
            }
            try {
                return control().covering(() -> settled(context, body));
            } catch (Signal.Interrupted e) {
                Calls calls = context.madeCalls();
                throw calls == null ? e : calls.asked(e);
            } finally {
                Calls calls = context.madeCalls();
                if (calls != null) {
                    if (context.expired()) {
                        calls.abandon();
                    } else {
                        calls.join();
                    }
                }
            }
        }

        /** The body, and what it has called and not waited for. */
        private <R> R settled(TaskContext context, Body<R> body) throws Exception {
            return timeout == null
                    ? whole(context, body)
                    : new TimedAttempt<R>(name, timeout, context)
                            .run(() -> control().covering(() -> whole(context, body)));
        }

        private <R> R whole(TaskContext context, Body<R> body) throws Exception {
            R result = body.run(context);
            Calls calls = context.madeCalls();
            if (calls != null) {
                calls.settle();
            }
            return result;
        }

        /** How long to wait before the next attempt; null when there shall be none. */
        private @Nullable Duration delay(Throwable failure, int attempt) {
            if (retry == null || control().cancelled()) {
                return null;
            }
            for (RetryPolicy policy : retry) {
                if (policy.retryOn().test(innermost(failure))) {
                    return attempt < policy.maxAttempts()
                            ? policy.delayAfter(attempt, run.services().random())
                            : null;
                }
            }
            return null;
        }
    }
}
