package dev.heddle.graph.pregel;

import dev.heddle.graph.channel.Channel;
import dev.heddle.graph.channel.DeltaChannel;
import dev.heddle.graph.types.ChannelKind;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.State;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of a superstep, without effects outside the {@link Values} they are given: which tasks run next, and what
 * their writes make of the channels.
 *
 * <p>Source: LangGraph {@code libs/langgraph/langgraph/pregel/_algo.py}, {@code prepare_next_tasks} and {@code
 * apply_writes}.
 */
final class PregelAlgorithm {
    private PregelAlgorithm() {}

    /** The tasks of the next superstep: sent ones by their place, then triggered ones by name; none when the run is done. */
    static List<Task> plan(Values values, Lineage lineage) {
        PregelGraph graph = values.graph;
        List<Send> sends = sends(values);
        BitSet triggered = triggered(values);
        if (sends.isEmpty() && triggered.isEmpty()) {
            return List.of();
        }
        List<Task> tasks = new ArrayList<>(sends.size() + triggered.cardinality());
        for (int i = 0; i < sends.size(); i++) {
            Send send = sends.get(i);
            int node = graph.nodeNumber(send.node());
            if (node < 0) {
                throw new GraphException.BadInput(
                        "Thread: waits for node '" + send.node() + "', expected a node of graph '"
                                + graph.name() + "' version " + graph.version()
                                + ", got none. Another version wrote it: give new input, or go on with that version.");
            }
            tasks.add(new Task(lineage, i, graph.nodes().get(node), send, new Views.Argument(send.argument())));
        }
        for (int node = triggered.nextSetBit(0); node >= 0; node = triggered.nextSetBit(node + 1)) {
            State state = Views.read(values, graph.nodes().get(node).options());
            tasks.add(new Task(lineage, node, graph.nodes().get(node), null, state));
        }
        return tasks;
    }

    /**
     * Takes new input: what was still to be done is dropped, and counts as seen. Sends to nodes that this version of the
     * graph does not know are dropped like the others.
     */
    static void applyInput(Values values, Task.Write input, Lineage lineage) {
        List<Task> dropped = new ArrayList<>();
        BitSet triggered = triggered(values);
        for (int node = triggered.nextSetBit(0); node >= 0; node = triggered.nextSetBit(node + 1)) {
            dropped.add(new Task(lineage, node, values.graph.nodes().get(node), null, values));
        }
        boolean waited = !dropped.isEmpty() || !sends(values).isEmpty();
        values.application.run(List.of(input), dropped, waited);
    }

    /** The nodes some trigger of which holds something that they have not seen. Nodes are numbered by name. */
    private static BitSet triggered(Values values) {
        PregelGraph graph = values.graph;
        BitSet nodes = new BitSet();
        BitSet updated = values.updated;
        for (int channel = updated.nextSetBit(0); channel >= 0; channel = updated.nextSetBit(channel + 1)) {
            int slot = graph.slotOf(channel);
            if (slot >= 0 && values.versions[channel] > values.seen[slot] && !values.channels[channel].empty()) {
                nodes.set(graph.slotNode(slot));
            }
        }
        return nodes;
    }

    /**
     * Applies the writes of a superstep's tasks: triggered ones by the names of their nodes, then sent ones by their
     * place. A channel that refuses leaves everything as it was, so that the superstep can be repeated.
     *
     * @param first what comes from outside and before all tasks
     * @param tasks all tasks of the superstep, as they were planned; none when only what comes from outside is applied
     */
    static void apply(Values values, List<Task.Write> first, List<Task> tasks) {
        values.application.run(first, tasks, !tasks.isEmpty());
    }

    /** Applies edits from outside, in their order, as a superstep that nobody triggered. */
    static void applyEdits(Values values, List<Task> edits) {
        values.application.edit(edits);
    }

    /**
     * Applies writes: first everything is tried on copies, then all of it is taken over. There is one for a run, so that
     * a superstep costs what it touches and not what there is; used by the driving worker alone.
     */
    static final class Application {
        private final Values values;
        private final PregelGraph graph;
        private final @Nullable Channel<?>[] next;
        private final BitSet touched = new BitSet();
        private final BitSet consumed = new BitSet();
        private final BitSet written = new BitSet();
        private final BitSet changed = new BitSet();
        private final @Nullable List<Object>[] writes;
        private long version;

        @SuppressWarnings({"unchecked", "rawtypes"}) // an array of lists cannot be made otherwise
        Application(Values values) {
            this.values = values;
            this.graph = values.graph;
            this.next = new Channel<?>[values.channels.length];
            this.writes = new List[values.channels.length];
        }

        void run(List<Task.Write> first, List<Task> tasks, boolean passes) {
            begin();
            collect(first);
            for (Task task : tasks) {
                if (task.send == null) {
                    collect(task.writes());
                }
            }
            for (Task task : tasks) {
                if (task.send != null) {
                    collect(task.writes());
                }
            }
            for (Task task : tasks) {
                consume(task);
            }
            updateAll();
            if (passes || written.get(PregelGraph.INPUT)) {
                take(tasks);
            } else {
                // A command: no superstep has passed, what was to run still is.
                BitSet before = (BitSet) values.updated.clone();
                take(tasks);
                values.updated.or(before);
            }
            if (passes) {
                pass();
            }
        }

        void edit(List<Task> edits) {
            begin();
            edits.forEach(task -> collect(task.writes()));
            updateAll();
            take(List.of());
            pass();
            // Joins that are complete and deferred nodes that were released do not fade: they are still to run.
            for (int channel = graph.firstTrigger(); channel < values.channels.length; channel++) {
                if (!values.channels[channel].empty()) {
                    values.updated.set(channel);
                }
            }
        }

        /** Forgets the application before, which may have been refused half-way. */
        private void begin() {
            version = values.nextVersion();
            for (int channel = touched.nextSetBit(0); channel >= 0; channel = touched.nextSetBit(channel + 1)) {
                next[channel] = null;
                writes[channel] = null;
            }
            touched.clear();
            consumed.clear();
            written.clear();
            changed.clear();
        }

        private void updateAll() {
            for (int channel = written.nextSetBit(0); channel >= 0; channel = written.nextSetBit(channel + 1)) {
                update(channel);
            }
        }

        private void collect(List<Task.Write> more) {
            for (Task.Write write : more) {
                List<Object> list = writes[write.channel()];
                if (list == null) {
                    list = new ArrayList<>(2);
                    writes[write.channel()] = list;
                    touched.set(write.channel());
                    written.set(write.channel());
                }
                list.add(write.value());
            }
        }

        /** Channels that are used up by triggering a node. */
        private void consume(Task task) {
            if (task.send != null) {
                return;
            }
            for (int slot : graph.slotsOf(task.number)) {
                int channel = graph.slotChannel(slot);
                if (!graph.consumable(channel)) {
                    continue;
                }
                Channel<?> copy = copy(channel);
                if (copy.consume()) {
                    consumed.set(channel);
                }
            }
        }

        private Channel<?> copy(int channel) {
            Channel<?> copy = next[channel];
            if (copy == null) {
                copy = values.channels[channel].copy();
                next[channel] = copy;
                touched.set(channel);
            }
            return copy;
        }

        private void update(int channel) {
            List<Object> list = writes[channel];
            if (list != null && PregelAlgorithm.update(graph.channel(channel).name(), copy(channel), list)) {
                changed.set(channel);
            }
        }

        /** Nothing can be refused any more. */
        private void take(List<Task> tasks) {
            for (Task task : tasks) {
                if (task.send == null) {
                    for (int slot : graph.slotsOf(task.number)) {
                        values.saw(slot, values.versions[graph.slotChannel(slot)]);
                    }
                }
            }
            for (int channel = consumed.nextSetBit(0); channel >= 0; channel = consumed.nextSetBit(channel + 1)) {
                takeOver(channel);
                values.changed(channel, version);
            }
            values.updated.clear();
            for (int channel = changed.nextSetBit(0); channel >= 0; channel = changed.nextSetBit(channel + 1)) {
                takeOver(channel);
                remember(channel);
                values.changed(channel, version);
            }
        }

        private void takeOver(int channel) {
            Channel<?> copy = next[channel];
            if (copy != null) {
                values.channels[channel] = copy;
            }
        }

        /** What is written to a delta channel is what its checkpoint holds of it. */
        private void remember(int channel) {
            List<Object> list = writes[channel];
            if (list == null
                    || !graph.channel(channel).delta()
                    || !(values.channels[channel] instanceof DeltaChannel<?> delta)) {
                return;
            }
            List<Tree> encoded = values.changes.whole.get(channel) ? null : delta.encoded(list);
            if (encoded == null) {
                values.changes.whole.set(channel);
                values.changes.appended.remove(channel);
            } else {
                List<Tree> all = values.changes.appended.computeIfAbsent(channel, c -> new ArrayList<>());
                all.addAll(encoded);
                if (all.size() > ChannelKind.Delta.DEFAULT_SNAPSHOT_EVERY) {
                    // Nothing was stored for long (durability EXIT): the value itself is less by now.
                    values.changes.whole.set(channel);
                    values.changes.appended.remove(channel);
                }
            }
        }

        /** Channels that forget when nobody writes to them; and those that wait for the end, when this would be it. */
        private void pass() {
            BitSet fading = values.fading;
            for (int channel = fading.nextSetBit(0); channel >= 0; channel = fading.nextSetBit(channel + 1)) {
                if (!values.updated.get(channel) && values.channels[channel].pass()) {
                    values.changed(channel, version);
                }
            }
            if (graph.awaitingFinish().length == 0 || leadsOn()) {
                return;
            }
            for (int channel : graph.awaitingFinish()) {
                if (values.channels[channel].finish()) {
                    values.changed(channel, version);
                }
            }
        }

        private boolean leadsOn() {
            return values.updated.get(PregelGraph.INPUT) || values.updated.nextSetBit(graph.firstTrigger()) >= 0;
        }
    }

    /**
     * Writes to a channel.
     *
     * @return whether that changed anything
     * @throws GraphException.InvalidUpdate if it is refused, whoever of channel, reducer and codec refuses it
     */
    static boolean update(String name, Channel<?> channel, List<?> writes) {
        try {
            return channel.update(writes);
        } catch (GraphException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new GraphException.InvalidUpdate(name, e);
        }
    }

    @SuppressWarnings("unchecked") // the channel with this number is made for a list of sends
    private static List<Send> sends(Values values) {
        Channel<List<Send>> channel = (Channel<List<Send>>) values.channels[PregelGraph.SENDS];
        List<Send> sends = channel.empty() ? null : channel.peek();
        return sends == null ? List.of() : sends;
    }
}
