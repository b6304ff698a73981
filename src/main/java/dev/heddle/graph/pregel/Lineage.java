package dev.heddle.graph.pregel;

import dev.heddle.graph.checkpoint.Checkpoint;
import dev.heddle.graph.checkpoint.Checkpoint.Source;
import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.pregel.PregelGraph.ChannelSpec;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.tree.Tree;
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

/**
 * The thread of a run in storage: reads where it stands into {@link Values}, and writes what changed back. Without a
 * checkpointer it only counts. For the worker that drives the run, but for {@link #keep}, which tasks call.
 */
final class Lineage {
    private static final String NAMESPACE = "";

    private final PregelGraph graph;
    private final PregelLoop.Services services;
    private final RunConfig config;
    private final Values values;
    private final Optional<Checkpointer> checkpointer;

    /** Versions of channels that this version of the graph does not know: kept for the one that does. */
    private final Map<String, Long> strangers = new HashMap<>();

    private List<PendingWrite> storedWrites = List.of();
    private String checkpointId = "";
    private long step = -1;

    Lineage(PregelGraph graph, PregelLoop.Services services, RunConfig config, Values values) {
        this.graph = graph;
        this.services = services;
        this.config = config;
        this.values = values;
        this.checkpointer = Optional.ofNullable(services.checkpointer());
    }

    /** The superstep that comes next; -1 before the first input. */
    long step() {
        return step;
    }

    /** Whether there is nothing to go on with. */
    boolean isNew() {
        return checkpointId.isEmpty();
    }

    String checkpointId() {
        return checkpointId;
    }

    /** The tasks of the next superstep; those that were finished before the run was broken off have their writes. */
    List<Task> plan() {
        // Without checkpoints the run and the step tell tasks apart.
        String place = checkpointer.isEmpty() ? config.runId() + "#" + step : checkpointId;
        List<Task> tasks = PregelAlgorithm.plan(values, place, NAMESPACE);
        if (!storedWrites.isEmpty()) {
            for (Task task : tasks) {
                List<Task.Write> writes = Writes.fromStore(graph, task.id(), storedWrites);
                if (writes != null) {
                    task.writes = writes;
                    task.stored = true;
                }
            }
        }
        return tasks;
    }

    /** Stores what one task has written, before the superstep is applied. */
    void keep(Task task) {
        checkpointer.ifPresent(storage -> storage.putWrites(
                new Checkpoint.Address(config.threadId(), NAMESPACE, checkpointId),
                task.id(),
                Writes.toStore(graph, task)));
    }

    /** Reads where the thread stands. */
    void load() {
        if (checkpointer.isEmpty()) {
            return;
        }
        if (config.threadId().isEmpty()) {
            throw new GraphException.BadInput(
                    "Run: no thread, expected a thread id because the graph has a checkpointer, got none. Use "
                            + "RunConfig.thread(…).");
        }
        checkpointer.get().latest(config.threadId(), NAMESPACE).ifPresent(this::restore);
    }

    private void restore(SavedCheckpoint saved) {
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
        checkpoint.updatedChannels().stream()
                .mapToInt(graph::channelNumber)
                .filter(channel -> channel >= 0)
                .forEach(values.updated::set);
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
    }

    /**
     * Stores what has changed since the last checkpoint, then counts the step.
     *
     * @return whether something was stored
     */
    boolean save(Source source) {
        checkpointer.ifPresent(storage -> {
            NewCheckpoint checkpoint = changes(source);
            storage.put(checkpoint);
            checkpointId = checkpoint.checkpoint().id();
        });
        storedWrites = List.of();
        values.dirty.clear();
        step++;
        return checkpointer.isPresent();
    }

    private NewCheckpoint changes(Source source) {
        Map<String, Tree> changed = new HashMap<>();
        Set<String> emptied = new HashSet<>();
        values.dirty.stream().forEach(channel -> {
            String name = graph.channels().get(channel).name();
            Tree value = values.channels[channel].checkpoint();
            if (value == null) {
                emptied.add(name);
            } else {
                changed.put(name, value);
            }
        });
        return new NewCheckpoint(
                config.threadId(),
                NAMESPACE,
                isNew() ? null : checkpointId,
                checkpoint(),
                new Checkpoint.Metadata(source, step, config.runId(), graph.version(), Map.of()),
                changed,
                emptied);
    }

    private Checkpoint checkpoint() {
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
        return new Checkpoint(
                services.ids().next(checkpointId), services.clock().instant(), versions, seen, updated);
    }
}
