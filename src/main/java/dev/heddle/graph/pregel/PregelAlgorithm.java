package dev.heddle.graph.pregel;

import dev.heddle.graph.channel.Channel;
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
        // Nodes are numbered by name, and so are their triggers: going through the channels gives name order.
        for (int channel = values.updated.nextSetBit(0);
                channel >= 0;
                channel = values.updated.nextSetBit(channel + 1)) {
            int node = graph.triggeredBy(channel);
            if (node >= 0 && values.versions[channel] > values.seen[node]) {
                tasks.add(new Task(checkpointId, namespace, node, graph.nodes().get(node), null));
            }
        }
        List<Send> sends = sends(values).get().orElse(List.of());
        for (int i = 0; i < sends.size(); i++) {
            Send send = sends.get(i);
            tasks.add(new Task(checkpointId, namespace, i, graph.nodes().get(graph.nodeNumber(send.node())), send));
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
        long version = values.nextVersion();
        values.updated.clear();

        // What was seen is seen, whatever it leads to.
        for (Task task : inOrder) {
            if (task.send == null) {
                values.seen[task.number] = values.versions[graph.triggerOf(task.number)];
            }
        }

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

        // A channel that refuses must leave all of them as they were, so that the step can be shown and repeated.
        List<Channel<?>> changed = new ArrayList<>();
        writes.forEach((channel, channelWrites) -> changed.add(updated(values.channels[channel], channelWrites)));
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

    /** The channel as these writes leave it. */
    @SuppressWarnings("unchecked") // writes are made from typed updates, for the channel that was made for their key
    static <T> Channel<T> updated(Channel<T> channel, List<?> writes) {
        Channel<T> copy = channel.copy();
        copy.update((List<T>) writes);
        return copy;
    }

    @SuppressWarnings("unchecked") // the channel with this number is made for a list of sends
    private static Channel<List<Send>> sends(Values values) {
        return (Channel<List<Send>>) values.channels[PregelGraph.SENDS];
    }
}
