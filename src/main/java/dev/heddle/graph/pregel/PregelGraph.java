package dev.heddle.graph.pregel;

import dev.heddle.graph.channel.Channel;
import dev.heddle.graph.types.ChannelKind;
import dev.heddle.graph.types.Destination;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.State;
import dev.heddle.tree.Codec;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A graph as the loop sees it: numbered channels, and nodes that are triggered by some of them. Immutable; shared by all
 * runs.
 *
 * <p>Channels: first {@link #INPUT} (the input of a run) and {@link #SENDS} (sends of the superstep that has ended), then
 * one for each key, then {@code branch:to:<node>} for each node, written by whoever leads there.
 */
public final class PregelGraph {
    /** Node and channel name of the input; also where edges begin. */
    public static final String START = "__start__";
    /** Where edges end. */
    public static final String END = "__end__";

    static final int INPUT = 0;
    static final int SENDS = 1;
    private static final int FIRST_KEY = 2;

    private static final Codec<Tree.Fields> FIELDS = Codecs.codec(
            Tree.fields("type", Tree.of("object")), fields -> fields, tree -> Codecs.fields(tree, "Input"));

    private static final Codec<List<Send>> SEND_LIST = Codecs.list(Codecs.codec(
            Tree.fields("type", Tree.of("object")),
            send -> Tree.fields("node", Tree.of(send.node()), "argument", send.argument()),
            tree -> new Send(
                    Codecs.text(Codecs.fields(tree, "Send").get("node"), "Send node"),
                    Codecs.fields(Codecs.fields(tree, "Send").get("argument"), "Send argument"))));

    private final String name;
    private final String version;
    private final List<Key<?>> keys;
    private final List<NodeSpec> nodes;
    private final List<ChannelSpec<?>> channels = new ArrayList<>();
    private final Map<String, Integer> channelNumbers = new HashMap<>();
    private final Map<String, Integer> nodeNumbers = new HashMap<>();

    /**
     * A graph.
     *
     * @param nodes in the order of their names; {@link #START} among them
     */
    public PregelGraph(String name, String version, List<Key<?>> keys, List<NodeSpec> nodes) {
        this.name = name;
        this.version = version;
        this.keys = List.copyOf(keys);
        this.nodes = List.copyOf(nodes);
        channels.add(new ChannelSpec<>(START, FIELDS, new ChannelKind.Ephemeral<>(true), null));
        channels.add(new ChannelSpec<>("__pregel_tasks", SEND_LIST, new ChannelKind.Ephemeral<>(true), null));
        for (Key<?> key : keys) {
            channels.add(ChannelSpec.of(key));
        }
        for (NodeSpec node : nodes) {
            channels.add(new ChannelSpec<>(
                    "branch:to:" + node.name(), Codecs.TREE, new ChannelKind.Ephemeral<>(false), null));
        }
        for (int i = 0; i < channels.size(); i++) {
            channelNumbers.put(channels.get(i).name(), i);
        }
        for (int i = 0; i < nodes.size(); i++) {
            nodeNumbers.put(nodes.get(i).name(), i);
        }
    }

    /**
     * A node with what leads out of it.
     *
     * @param name unique
     * @param node what it does
     * @param edges nodes that always follow
     * @param branches functions that say what else follows
     */
    public record NodeSpec(
            String name, Node node, List<String> edges, List<Function<State, List<Destination>>> branches) {
        public NodeSpec {
            edges = List.copyOf(edges);
            branches = List.copyOf(branches);
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
    }

    /** The graph's name. */
    public String name() {
        return name;
    }

    /** Changes whenever the graph does; stamped on checkpoints. */
    public String version() {
        return version;
    }

    /** The declared keys, in the order of their declaration. */
    public List<Key<?>> keys() {
        return keys;
    }

    List<NodeSpec> nodes() {
        return nodes;
    }

    List<ChannelSpec<?>> channels() {
        return channels;
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

    /** The number of the channel that triggers a node: its input for the start, else its branch channel. */
    int triggerOf(int node) {
        return nodes.get(node).name().equals(START) ? INPUT : FIRST_KEY + keys.size() + node;
    }

    /** The node that a channel triggers, or -1. */
    int triggeredBy(int channel) {
        if (channel == INPUT) {
            return nodeNumber(START);
        }
        int node = channel - FIRST_KEY - keys.size();
        return node < 0 ? -1 : node;
    }

    boolean isKey(int channel) {
        return channel >= FIRST_KEY && channel < FIRST_KEY + keys.size();
    }
}
