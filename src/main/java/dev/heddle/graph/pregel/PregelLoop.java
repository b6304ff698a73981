package dev.heddle.graph.pregel;

import dev.heddle.graph.checkpoint.Checkpoint.Source;
import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.MessageView;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.State;
import dev.heddle.graph.types.Store;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.tree.Tree;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Drives one run of a graph, superstep by superstep, on the calling worker (a virtual thread, so that hand-overs to tasks
 * cost little).
 *
 * <pre>
 *   load the latest checkpoint
 *   input?  apply it ---------------------------> checkpoint (input)
 *   repeat  plan tasks -> none? done
 *           run those whose writes are not stored yet, in parallel
 *           one failed? keep what the others wrote, throw
 *           apply all writes, in a fixed order --> checkpoint (loop)
 * </pre>
 *
 * <p>Made for one run and not reusable. Source: LangGraph {@code libs/langgraph/langgraph/pregel/_loop.py}.
 */
public final class PregelLoop {
    private final PregelGraph graph;
    private final Services services;
    private final RunConfig config;
    private final Events events;
    private final Cancellation cancellation;
    private final Values values;
    private final Lineage lineage;

    private long stop;

    /**
     * What a run needs from outside.
     *
     * @param checkpointer keeps the thread; null for a run that leaves nothing behind
     * @param store long-term memory
     * @param ids makes checkpoint ids
     * @param clock stamps checkpoints
     */
    public record Services(@Nullable Checkpointer checkpointer, Store store, CheckpointIds ids, Clock clock) {}

    /**
     * A run with these settings.
     *
     * @param sink takes the events of these modes, one at a time
     * @param cancellation gives the run up from outside
     */
    public PregelLoop(
            PregelGraph graph,
            Services services,
            RunConfig config,
            Set<StreamMode> modes,
            Consumer<StreamEvent> sink,
            Cancellation cancellation) {
        this.cancellation = cancellation;
        this.graph = graph;
        this.services = services;
        this.config = config;
        this.events = new Events(modes, sink);
        this.values = new Values(graph);
        this.lineage = new Lineage(graph, services, config, values);
    }

    /**
     * Runs to the end.
     *
     * @param input key -> value; null goes on where the thread stands
     * @throws GraphException if it cannot start or go on; what was done before is kept
     */
    public RunResult run(Tree.@Nullable Fields input) {
        try {
            cancellation.covering(() -> drive(input));
        } catch (RuntimeException e) {
            // What an interrupt breaks, in storage for example, is no failure of its own.
            throw cancellation.requested() && !(e instanceof GraphException.Cancelled) ? cancelled(e) : e;
        }
        return new RunResult.Completed(values);
    }

    private GraphException.Cancelled cancelled(RuntimeException cause) {
        GraphException.Cancelled cancelled = new GraphException.Cancelled(lineage.step());
        cancelled.addSuppressed(cause);
        return cancelled;
    }

    private void drive(Tree.@Nullable Fields input) {
        lineage.load();
        stop = lineage.step() + config.recursionLimit() + 1;
        if (input != null) {
            begin(input);
        } else if (lineage.isNew()) {
            throw new GraphException.BadInput(
                    "Run: nothing to go on with, expected input or a thread that has run before, got neither. Give input.");
        }
        boolean more = true;
        while (more) {
            if (cancellation.requested()) {
                throw new GraphException.Cancelled(lineage.step());
            }
            if (lineage.step() > stop) {
                throw new GraphException.RecursionLimit(config.recursionLimit());
            }
            more = superstep();
        }
    }

    private boolean superstep() {
        List<Task> tasks = lineage.plan();
        if (tasks.isEmpty()) {
            return false;
        }
        Instant deadline = config.deadline();
        if (deadline != null && !services.clock().instant().isBefore(deadline)) {
            throw new GraphException.DeadlineExceeded(lineage.step());
        }
        long step = lineage.step();
        List<Task> open = tasks.stream().filter(task -> !task.stored).toList();
        if (!open.isEmpty()) {
            boolean alone = tasks.size() == 1;
            if (events.wants(StreamMode.TASKS)) {
                open.stream()
                        .filter(PregelLoop::visible)
                        .forEach(task -> events.send(
                                new StreamEvent.TaskStarted(Events.ROOT, task.id(), task.node.name(), step)));
            }
            PregelRunner.run(open, config.maxConcurrency(), cancellation, task -> perform(task, alone));
            if (cancellation.requested()) {
                throw new GraphException.Cancelled(lineage.step());
            }
        }
        for (Task task : tasks) {
            if (task.failure != null) {
                throw failed(task, task.failure);
            }
        }
        PregelAlgorithm.apply(values, List.of(), tasks);
        if (events.wants(StreamMode.VALUES)) {
            events.send(new StreamEvent.Values(Events.ROOT, step, values.keys()));
        }
        save(Source.LOOP);
        return true;
    }

    private static boolean visible(Task task) {
        return !task.node.name().equals(PregelGraph.START);
    }

    /** Runs on a task's worker. */
    private void perform(Task task, boolean alone) {
        long step = lineage.step();
        try {
            State state = task.send == null ? values : new Writes.Argument(task.send.argument());
            TaskContext context = new TaskContext(config, task, step, stop - step, services, events);
            List<Task.Write> first = visible(task) ? List.of() : Writes.ofInput(graph, input());
            task.writes = Writes.of(values, task, first, task.node.node().run(state, context));
            // A lone task's writes are in the next checkpoint; writing them twice would buy nothing.
            if (!alone) {
                lineage.keep(task);
            }
            show(task);
        } catch (Throwable t) { // kept and thrown by the driver, whatever it is
            task.failure = t;
            if (t instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
        if (events.wants(StreamMode.TASKS) && visible(task)) {
            Throwable failure = task.failure;
            String error = failure == null ? null : failure.getClass().getSimpleName();
            events.send(new StreamEvent.TaskEnded(Events.ROOT, task.id(), task.node.name(), step, error));
        }
    }

    private void show(Task task) {
        if (!visible(task)) {
            return;
        }
        if (events.wants(StreamMode.UPDATES)) {
            events.send(new StreamEvent.NodeUpdate(Events.ROOT, task.node.name(), Writes.toShow(graph, task)));
        }
        if (events.wants(StreamMode.MESSAGES)) {
            for (Task.Write write : task.writes) {
                Key<?> key = graph.channels().get(write.channel()).key();
                if (key != null) {
                    messages(key, write.value())
                            .forEach(message -> events.message(task.node.name(), lineage.step(), message));
                }
            }
        }
    }

    @SuppressWarnings("unchecked") // a write's value was made for the key of its channel
    private static <T> List<MessageView> messages(Key<T> key, Object value) {
        return key.messagesIn((T) value);
    }

    private RuntimeException failed(Task task, Throwable failure) {
        if (failure instanceof InterruptedException) {
            return new GraphException.Cancelled(lineage.step());
        }
        return new GraphException.NodeFailed(task.node.name(), lineage.step(), failure);
    }

    private Tree.Fields input() {
        return values.channels[PregelGraph.INPUT]
                .get()
                .map(Tree.Fields.class::cast)
                .orElse(Tree.EMPTY);
    }

    /** Takes new input: what was still to be done is dropped, and counts as seen. */
    private void begin(Tree.Fields input) {
        List<Task> dropped = PregelAlgorithm.dropped(values);
        Task.Write write = new Task.Write(PregelGraph.INPUT, Writes.checked(graph, input));
        PregelAlgorithm.apply(values, List.of(write), dropped);
        save(Source.INPUT);
    }

    private void save(Source source) {
        long step = lineage.step();
        if (lineage.save(source) && events.wants(StreamMode.CHECKPOINTS)) {
            events.send(new StreamEvent.CheckpointSaved(Events.ROOT, lineage.checkpointId(), step));
        }
    }
}
