package dev.heddle.graph.pregel;

import dev.heddle.graph.channel.Channel;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Send;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The decisions of a superstep, without effects outside the {@link Values} they are given: which tasks run next, and what
 * their writes make of the channels.
 *
 * <p>Source: LangGraph {@code libs/langgraph/langgraph/pregel/_algo.py}, {@code prepare_next_tasks} and {@code
 * apply_writes}.
 */
final class PregelAlgorithm {
    private PregelAlgorithm() {}

    /** Triggered tasks by the name of their node, then sent ones by their place. */
    static final Comparator<Task> UPDATE_ORDER =
            Comparator.<Task, Boolean>comparing(task -> task.send != null).thenComparingInt(task -> task.number);

    /**
     * The tasks of the next superstep; none when the run is done.
     *
     * @param checkpointId the checkpoint on which they run
     * @param namespace the graph in the thread
     */
    static List<Task> plan(Values values, String checkpointId, String namespace) {
        PregelGraph graph = values.graph;
        List<Task> tasks = new ArrayList<>();
        List<Send> sends = sends(values).get().orElse(List.of());
        for (int i = 0; i < sends.size(); i++) {
            Send send = sends.get(i);
            int node = graph.nodeNumber(send.node());
            if (node < 0) {
                throw new GraphException.BadInput(
                        "Thread: waits for node '" + send.node() + "', expected a node of graph '"
                                + graph.name() + "' version " + graph.version()
                                + ", got none. Another version wrote it: give new input, or go on with that version.");
            }
            tasks.add(new Task(checkpointId, namespace, i, graph.nodes().get(node), send));
        }
        tasks.addAll(triggered(values, checkpointId, namespace));
        return tasks;
    }

    /** The triggered tasks that new input makes pointless. Sends that are dropped with them leave nothing to mark. */
    static List<Task> dropped(Values values) {
        return triggered(values, "", "");
    }

    private static List<Task> triggered(Values values, String checkpointId, String namespace) {
        PregelGraph graph = values.graph;
        List<Task> tasks = new ArrayList<>();
        // Nodes are numbered by name, and so are their triggers: going through the channels gives name order.
        for (int channel = values.updated.nextSetBit(0);
                channel >= 0;
                channel = values.updated.nextSetBit(channel + 1)) {
            int node = graph.triggeredBy(channel);
            if (node >= 0 && values.versions[channel] > values.seen[node]) {
                tasks.add(new Task(checkpointId, namespace, node, graph.nodes().get(node), null));
            }
        }
        return tasks;
    }

    /**
     * Applies the writes of a superstep's tasks.
     *
     * @param first what comes from outside and before all tasks: the input of a run
     * @param tasks all tasks of the superstep, finished
     */
    static void apply(Values values, List<Task.Write> first, List<Task> tasks) {
        PregelGraph graph = values.graph;
        List<Task> inOrder = tasks.stream().sorted(UPDATE_ORDER).toList();
        SortedMap<Integer, List<Object>> writes = new TreeMap<>();
        List<Send> sends = new ArrayList<>();
        Stream<Task.Write> all = Stream.concat(first.stream(), inOrder.stream().flatMap(task -> task.writes.stream()));
        all.forEach(write -> {
            if (write.value() instanceof Send send) {
                sends.add(send);
            } else {
                writes.computeIfAbsent(write.channel(), c -> new ArrayList<>()).add(write.value());
            }
        });
        if (!sends.isEmpty()) {
            writes.put(PregelGraph.SENDS, List.of(sends));
        }

        // A channel that refuses must leave everything as it was, so that the step can be repeated: nothing is changed
        // before all channels have taken their writes.
        List<Channel<?>> changed = new ArrayList<>();
        writes.forEach((channel, channelWrites) ->
                changed.add(updated(graph.channels().get(channel).name(), values.channels[channel], channelWrites)));

        long version = values.nextVersion();
        values.updated.clear();
        for (Task task : inOrder) {
            if (task.send == null) {
                values.seen[task.number] = values.versions[graph.triggerOf(task.number)];
            }
        }
        int next = 0;
        for (int channel : writes.keySet()) {
            values.channels[channel] = changed.get(next++);
        }

        // Channels that forget when nobody writes to them.
        for (int channel = values.fading.nextSetBit(0); channel >= 0; channel = values.fading.nextSetBit(channel + 1)) {
            if (!writes.containsKey(channel) && values.channels[channel].pass()) {
                values.changed(channel, version);
            }
        }
        for (int channel : writes.keySet()) {
            values.changed(channel, version);
        }
    }

    /**
     * The channel as these writes leave it.
     *
     * @throws GraphException.InvalidUpdate if it refuses them, whoever of channel, reducer and codec it is
     */
    @SuppressWarnings("unchecked") // writes are made from typed updates, for the channel that was made for their key
    static <T> Channel<T> updated(String name, Channel<T> channel, List<?> writes) {
        Channel<T> copy = channel.copy();
        try {
            copy.update((List<T>) writes);
        } catch (GraphException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new GraphException.InvalidUpdate(name, e);
        }
        return copy;
    }

    @SuppressWarnings("unchecked") // the channel with this number is made for a list of sends
    private static Channel<List<Send>> sends(Values values) {
        return (Channel<List<Send>>) values.channels[PregelGraph.SENDS];
    }
}
