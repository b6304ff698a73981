package dev.heddle.graph.pregel;

import dev.heddle.graph.channel.Channel;
import dev.heddle.graph.types.ChannelKind;
import dev.heddle.graph.types.Destination;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.Persistence;
import dev.heddle.graph.types.ResumeValidator;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.State;
import dev.heddle.tree.Codec;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A graph as the loop sees it: numbered channels, and nodes that are triggered by some of them. Immutable; shared by all
 * runs.
 *
 * <pre>
 *   channel  0                 __start__          the input of a run; triggers the start
 *            1                 __pregel_tasks     sends of the superstep that has ended
 *            2 …               the keys
 *            then per node     branch:to:&lt;node&gt;   written by whoever leads there
 *            then per join     join:&lt;a+b&gt;:&lt;node&gt;  written by each member
 *   slot     per node, per join: a (channel, node) pair of which the one triggers the other
 * </pre>
 */
public final class PregelGraph {
    /** Node and channel name of the input; also where edges begin. */
    public static final String START = "__start__";
    /** Where edges end. Also the key of what an entrypoint returns. */
    public static final String END = "__end__";
    /** Every node, in the lists of nodes at which to stop. */
    public static final String ALL = "*";

    static final int INPUT = 0;
    static final int SENDS = 1;
    private static final int FIRST_KEY = 2;
    private static final int MOST_NAME_SETS = 256;

    private static final Codec<Tree.Fields> FIELDS = Codecs.codec(
            Tree.fields("type", Tree.of("object")), fields -> fields, tree -> Codecs.fields(tree, "Input"));

    private final Definition definition;
    private final List<ChannelSpec<?>> channels = new ArrayList<>();
    private final Map<String, Integer> channelNumbers = new HashMap<>();
    private final Map<String, Integer> nodeNumbers = new HashMap<>();
    private final int firstTrigger;
    private final int firstJoin;
    private final int[] slotNodes;
    private final int[][] slotsOfNode;
    private final int[][] joinsOfNode;
    private final int[][] edgesOfNode;
    private final BitSet inputs;
    private final BitSet outputs;
    private final int returned;
    private final int[] awaitingFinish;
    private final int[] deltas;
    private final boolean untracked;
    private final BitSet awaitsFinish = new BitSet();
    private final Map<BitSet, Set<String>> names = new ConcurrentHashMap<>();

    /**
     * What a graph is made of.
     *
     * @param version changes whenever the graph does; stamped on checkpoints
     * @param keys all of them, private ones included
     * @param input names of the keys that input may write
     * @param output names of the keys that a result shows, in their order
     * @param nodes in the order of their names; {@link #START} among them
     */
    public record Definition(
            String name,
            String version,
            List<Key<?>> keys,
            Set<String> input,
            List<String> output,
            List<NodeSpec> nodes,
            List<JoinSpec> joins,
            Settings settings) {
        public Definition {
            keys = List.copyOf(keys);
            input = Set.copyOf(input);
            output = List.copyOf(output);
            nodes = List.copyOf(nodes);
            joins = List.copyOf(joins);
        }
    }

    /**
     * How a graph runs.
     *
     * @param persistence where it keeps its state as a subgraph
     * @param stops where its runs stop when they do not say otherwise
     * @param stepTimeout how long a superstep may take; null for no limit
     * @param validators who is asked before a thread goes on, by name
     */
    public record Settings(
            Persistence persistence,
            RunConfig.Stops stops,
            @Nullable Duration stepTimeout,
            Map<String, ResumeValidator> validators) {
        public Settings {
            validators = Collections.unmodifiableMap(new LinkedHashMap<>(validators));
        }
    }

    /**
     * A node with what leads out of it.
     *
     * @param name unique
     * @param node what it does
     * @param edges nodes that always follow
     * @param branches functions that say what else follows
     * @param options how it is run, complete
     * @param subgraph the graph that it runs; null when it is a function
     */
    public record NodeSpec(
            String name,
            Node node,
            List<String> edges,
            List<BranchSpec> branches,
            NodeOptions options,
            @Nullable PregelGraph subgraph) {
        public NodeSpec {
            edges = List.copyOf(edges);
            branches = List.copyOf(branches);
        }

        boolean visible() {
            return !options.hidden();
        }
    }

    /**
     * A function that says what follows a node.
     *
     * @param name unique for the node
     * @param route reads the state with the node's own writes
     * @param ways result -> node; null when results are nodes
     */
    public record BranchSpec(
            String name,
            Function<State, List<Destination>> route,
            @Nullable Map<String, String> ways) {}

    /** A node that runs when each of the members has run since it last did. */
    public record JoinSpec(List<String> members, String to) {
        public JoinSpec {
            members = List.copyOf(members);
        }

        String channel() {
            return "join:" + String.join("+", members) + ":" + to;
        }
    }

    /** A channel to make for each run. {@code key} is null for the engine's own. */
    record ChannelSpec<T>(
            String name,
            Codec<T> codec,
            ChannelKind<T> kind,
            @Nullable Key<T> key) {
        static <T> ChannelSpec<T> of(Key<T> key) {
            return new ChannelSpec<>(key.name(), key.codec(), key.kind(), key);
        }

        Channel<T> create() {
            return Channel.create(name, codec, kind);
        }

        boolean tracked() {
            return !(kind instanceof ChannelKind.Untracked);
        }

        boolean delta() {
            return kind instanceof ChannelKind.Delta;
        }
    }

    /** A graph of this definition, which has been checked. */
    public PregelGraph(Definition definition) {
        this.definition = definition;
        List<NodeSpec> nodes = definition.nodes();
        channels.add(new ChannelSpec<>(START, FIELDS, new ChannelKind.Ephemeral<>(true), null));
        channels.add(new ChannelSpec<>(
                "__pregel_tasks", Codecs.list(Sends.CODEC), new ChannelKind.Topic<Send>(false, false), null));
        for (Key<?> key : definition.keys()) {
            channels.add(ChannelSpec.of(key));
        }
        firstTrigger = channels.size();
        for (NodeSpec node : nodes) {
            ChannelKind<Tree> kind = node.options().deferred()
                    ? new ChannelKind.LastValueAfterFinish<>()
                    : new ChannelKind.Ephemeral<>(false);
            channels.add(new ChannelSpec<>("branch:to:" + node.name(), Codecs.TREE, kind, null));
            nodeNumbers.put(node.name(), nodeNumbers.size());
        }
        firstJoin = channels.size();
        for (JoinSpec join : definition.joins()) {
            boolean deferred = nodes.get(nodeNumber(join.to())).options().deferred();
            channels.add(new ChannelSpec<>(
                    join.channel(),
                    Codecs.TREE,
                    new ChannelKind.NamedBarrier(Set.copyOf(join.members()), deferred),
                    null));
        }
        for (int i = 0; i < channels.size(); i++) {
            channelNumbers.put(channels.get(i).name(), i);
        }
        slotNodes = new int[nodes.size() + definition.joins().size()];
        slotsOfNode = new int[nodes.size()][];
        joinsOfNode = new int[nodes.size()][];
        edgesOfNode = new int[nodes.size()][];
        number(nodes);
        returned = channelNumber(END);
        inputs = keys(definition.input());
        outputs = keys(definition.output());
        BitSet deltaChannels = new BitSet();
        boolean someUntracked = false;
        for (int channel = 0; channel < channels.size(); channel++) {
            ChannelSpec<?> spec = channels.get(channel);
            awaitsFinish.set(channel, spec.create().awaitsFinish());
            deltaChannels.set(channel, spec.delta());
            someUntracked |= !spec.tracked();
        }
        awaitingFinish = ints(awaitsFinish);
        deltas = ints(deltaChannels);
        untracked = someUntracked;
    }

    private void number(List<NodeSpec> nodes) {
        for (int node = 0; node < nodes.size(); node++) {
            BitSet slots = new BitSet();
            BitSet joins = new BitSet();
            List<String> ways = nodes.get(node).edges();
            slots.set(node);
            slotNodes[node] = node;
            for (int join = 0; join < definition.joins().size(); join++) {
                JoinSpec spec = definition.joins().get(join);
                if (spec.to().equals(nodes.get(node).name())) {
                    slots.set(nodes.size() + join);
                    slotNodes[nodes.size() + join] = node;
                }
                if (spec.members().contains(nodes.get(node).name())) {
                    joins.set(firstJoin + join);
                }
            }
            slotsOfNode[node] = ints(slots);
            joinsOfNode[node] = ints(joins);
            int[] edges = new int[ways.size()];
            int count = 0;
            for (String to : ways) {
                if (!to.equals(END)) {
                    edges[count++] = firstTrigger + nodeNumber(to);
                }
            }
            edgesOfNode[node] = Arrays.copyOf(edges, count);
        }
    }

    private static int[] ints(BitSet numbers) {
        int[] ints = new int[numbers.cardinality()];
        int place = 0;
        for (int number = numbers.nextSetBit(0); number >= 0; number = numbers.nextSetBit(number + 1)) {
            ints[place++] = number;
        }
        return ints;
    }

    private BitSet keys(Collection<String> names) {
        BitSet set = new BitSet();
        for (String name : names) {
            set.set(channelNumber(name));
        }
        return set;
    }

    /** What it is made of. */
    public Definition definition() {
        return definition;
    }

    /** The graph's name. */
    public String name() {
        return definition.name();
    }

    /** Changes whenever the graph does; stamped on checkpoints. */
    public String version() {
        return definition.version();
    }

    Settings settings() {
        return definition.settings();
    }

    List<NodeSpec> nodes() {
        return definition.nodes();
    }

    List<ChannelSpec<?>> channels() {
        return channels;
    }

    ChannelSpec<?> channel(int number) {
        return channels.get(number);
    }

    /** The names of channels; one object for what comes up again and again, because checkpoints keep it. */
    Set<String> names(BitSet numbers) {
        Set<String> known = names.get(numbers);
        if (known == null) {
            Set<String> gathered = new HashSet<>();
            for (int channel = numbers.nextSetBit(0); channel >= 0; channel = numbers.nextSetBit(channel + 1)) {
                gathered.add(channels.get(channel).name());
            }
            known = Set.copyOf(gathered);
            if (names.size() < MOST_NAME_SETS) {
                names.put((BitSet) numbers.clone(), known);
            }
        }
        return known;
    }

    /** The number of a channel by name, or -1. */
    int channelNumber(String channel) {
        return channelNumbers.getOrDefault(channel, -1);
    }

    /** The number of a key's channel. */
    int channelOf(Key<?> key) {
        int number = channelNumber(key.name());
        if (number < FIRST_KEY || channels.get(number).key() != key) {
            throw new GraphException.UnknownKey(key.name());
        }
        return number;
    }

    /** The number of a node by name, or -1. */
    int nodeNumber(String node) {
        return nodeNumbers.getOrDefault(node, -1);
    }

    int slots() {
        return slotNodes.length;
    }

    int slotNode(int slot) {
        return slotNodes[slot];
    }

    /** The channel of a slot. */
    int slotChannel(int slot) {
        boolean start = slot < nodes().size() && nodes().get(slot).name().equals(START);
        return start ? INPUT : firstTrigger + slot;
    }

    /** The slots of all channels that trigger a node. */
    int[] slotsOf(int node) {
        return slotsOfNode[node];
    }

    /** The slot of a channel that triggers a node, or -1. */
    int slotOf(int channel) {
        return channel == INPUT ? nodeNumber(START) : channel < firstTrigger ? -1 : channel - firstTrigger;
    }

    /** The channel by which to lead to a node. */
    int triggerOf(int node) {
        return firstTrigger + node;
    }

    /** The channels by which a node's edges lead on. */
    int[] edgesOf(int node) {
        return edgesOfNode[node];
    }

    /** The joins of which a node is a member. */
    int[] joinsOf(int node) {
        return joinsOfNode[node];
    }

    boolean isKey(int channel) {
        return channel >= FIRST_KEY && channel < firstTrigger;
    }

    /** The first channel that triggers nodes and is no input. */
    int firstTrigger() {
        return firstTrigger;
    }

    /** The channels that are stored as what was written to them. */
    int[] deltas() {
        return deltas;
    }

    /** Whether some key is kept out of storage. */
    boolean hasUntracked() {
        return untracked;
    }

    /** Whether triggering a node uses up a channel. */
    boolean consumable(int channel) {
        return channel >= firstJoin || awaitsFinish.get(channel);
    }

    boolean isInput(int channel) {
        return inputs.get(channel);
    }

    /** The channel of what an entrypoint returns; -1 for other graphs. */
    int returned() {
        return returned;
    }

    BitSet outputs() {
        return outputs;
    }

    int[] awaitingFinish() {
        return awaitingFinish;
    }
}
