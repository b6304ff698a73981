package dev.heddle.graph.pregel;

import dev.heddle.graph.checkpoint.Checkpoint;
import dev.heddle.graph.checkpoint.Checkpoint.Source;
import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.pregel.PregelGraph.ChannelSpec;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
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
    private static final String NAMESPACE = "";

    private final PregelGraph graph;
    private final Services services;
    private final RunConfig config;
    private final Events events;
    private final Cancellation cancellation;
    private final Values values;
    /** Versions of channels that this version of the graph does not know: kept for the one that does. */
    private final Map<String, Long> strangers = new HashMap<>();

    private List<PendingWrite> storedWrites = List.of();
    private String checkpointId = "";
    private long step = -1;
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
        GraphException.Cancelled cancelled = new GraphException.Cancelled(step);
        cancelled.addSuppressed(cause);
        return cancelled;
    }

    private void drive(Tree.@Nullable Fields input) {
        load();
        stop = step + config.recursionLimit() + 1;
        if (input != null) {
            begin(input);
        } else if (checkpointId.isEmpty()) {
            throw new GraphException.BadInput(
                    "Run: nothing to go on with, expected input or a thread that has run before, got neither. Give input.");
        }
        boolean more = true;
        while (more) {
            if (cancellation.requested()) {
                throw new GraphException.Cancelled(step);
            }
            if (step > stop) {
                throw new GraphException.RecursionLimit(config.recursionLimit());
            }
            more = superstep();
        }
    }

    private boolean superstep() {
        // Without checkpoints the run and the step tell tasks apart.
        String place = services.checkpointer() == null ? config.runId() + "#" + step : checkpointId;
        List<Task> tasks = PregelAlgorithm.plan(values, place, NAMESPACE);
        if (tasks.isEmpty()) {
            return false;
        }
        Instant deadline = config.deadline();
        if (deadline != null && !services.clock().instant().isBefore(deadline)) {
            throw new GraphException.DeadlineExceeded(step);
        }
        recall(tasks);
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
                throw new GraphException.Cancelled(step);
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

    /** Gives tasks what they wrote before the run was broken off. */
    private void recall(List<Task> tasks) {
        if (storedWrites.isEmpty()) {
            return;
        }
        for (Task task : tasks) {
            List<Task.Write> writes = Writes.fromStore(graph, task.id(), storedWrites);
            if (writes != null) {
                task.writes = writes;
                task.stored = true;
            }
        }
    }

    /** Runs on a task's worker. */
    private void perform(Task task, boolean alone) {
        try {
            State state = task.send == null ? values : new Writes.Argument(task.send.argument());
            TaskContext context = new TaskContext(config, task, step, stop - step, services, events);
            List<Task.Write> first = visible(task) ? List.of() : Writes.ofInput(graph, input());
            task.writes = Writes.of(values, task, first, task.node.node().run(state, context));
            // A lone task's writes are in the next checkpoint; writing them twice would buy nothing.
            Checkpointer checkpointer = services.checkpointer();
            if (!alone && checkpointer != null) {
                checkpointer.putWrites(
                        new Checkpoint.Address(config.threadId(), NAMESPACE, checkpointId),
                        task.id(),
                        Writes.toStore(graph, task));
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
                    messages(key, write.value()).forEach(message -> events.message(task.node.name(), step, message));
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
            return new GraphException.Cancelled(step);
        }
        return new GraphException.NodeFailed(task.node.name(), step, failure);
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
        storedWrites = List.of();
        save(Source.INPUT);
    }

    private void load() {
        Checkpointer checkpointer = services.checkpointer();
        if (checkpointer == null) {
            return;
        }
        if (config.threadId().isEmpty()) {
            throw new GraphException.BadInput(
                    "Run: no thread, expected a thread id because the graph has a checkpointer, got none. Use "
                            + "RunConfig.thread(…).");
        }
        Optional<SavedCheckpoint> latest = checkpointer.latest(config.threadId(), NAMESPACE);
        latest.ifPresent(saved -> {
            Checkpoint checkpoint = saved.checkpoint();
            checkpoint.channelVersions().forEach((name, version) -> {
                int channel = graph.channelNumber(name);
                if (channel >= 0) {
                    values.restore(
                            channel, version, Optional.ofNullable(saved.values().get(name)));
                } else {
                    strangers.put(name, version);
                }
            });
            checkpoint.updatedChannels().forEach(name -> {
                int channel = graph.channelNumber(name);
                if (channel >= 0) {
                    values.updated.set(channel);
                }
            });
            checkpoint.versionsSeen().forEach((name, versions) -> {
                int node = graph.nodeNumber(name);
                if (node >= 0) {
                    values.seen[node] =
                            versions.values().stream().mapToLong(v -> v).max().orElse(0);
                }
            });
            storedWrites = saved.writes();
            checkpointId = checkpoint.id();
            step = saved.metadata().step() + 1;
        });
    }

    /** Stores what has changed since the last checkpoint, then counts the step. */
    private void save(Source source) {
        Checkpointer checkpointer = services.checkpointer();
        if (checkpointer != null) {
            Map<String, Tree> changed = new HashMap<>();
            Set<String> emptied = new HashSet<>();
            values.dirty.stream().forEach(channel -> {
                Tree value = values.channels[channel].checkpoint();
                if (value == null) {
                    emptied.add(graph.channels().get(channel).name());
                } else {
                    changed.put(graph.channels().get(channel).name(), value);
                }
            });
            Checkpoint checkpoint = checkpoint(services.ids().next(checkpointId));
            Checkpoint.Metadata metadata =
                    new Checkpoint.Metadata(source, step, config.runId(), graph.version(), Map.of());
            checkpointer.put(new NewCheckpoint(
                    config.threadId(),
                    NAMESPACE,
                    checkpointId.isEmpty() ? null : checkpointId,
                    checkpoint,
                    metadata,
                    changed,
                    emptied));
            checkpointId = checkpoint.id();
            storedWrites = List.of();
            if (events.wants(StreamMode.CHECKPOINTS)) {
                events.send(new StreamEvent.CheckpointSaved(Events.ROOT, checkpointId, step));
            }
        }
        values.dirty.clear();
        step++;
    }

    private Checkpoint checkpoint(String id) {
        List<ChannelSpec<?>> channels = graph.channels();
        SortedMap<String, Long> versions = new TreeMap<>(strangers);
        for (int i = 0; i < channels.size(); i++) {
            if (values.versions[i] > 0) {
                versions.put(channels.get(i).name(), values.versions[i]);
            }
        }
        SortedMap<String, SortedMap<String, Long>> seen = new TreeMap<>();
        for (int node = 0; node < values.seen.length; node++) {
            if (values.seen[node] > 0) {
                SortedMap<String, Long> trigger = new TreeMap<>();
                trigger.put(channels.get(graph.triggerOf(node)).name(), values.seen[node]);
                seen.put(graph.nodes().get(node).name(), trigger);
            }
        }
        SortedSet<String> updated = new TreeSet<>();
        values.updated.stream()
                .forEach(channel -> updated.add(channels.get(channel).name()));
        return new Checkpoint(id, services.clock().instant(), versions, seen, updated);
    }
}
