package dev.heddle.graph.state;

import dev.heddle.graph.pregel.PregelGraph;
import dev.heddle.graph.pregel.PregelGraph.BranchSpec;
import dev.heddle.graph.pregel.PregelGraph.JoinSpec;
import dev.heddle.graph.types.Destination;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A graph under construction: keys, nodes, and the ways between them.
 *
 * <pre>{@code
 * CompiledGraph graph = StateGraph.of(QUESTION, ANSWER)
 *         .node("think", (state, context) -> Update.of(ANSWER, think(state.get(QUESTION))))
 *         .edge(START, "think")
 *         .branch("think", state -> good(state.get(ANSWER)) ? END : "think")
 *         .compile("thinker");
 * }</pre>
 *
 * <p>Not safe for concurrent use. What it compiles is independent of it.
 */
public final class StateGraph {
    /** Where a run begins; the source of the first edges. */
    public static final String START = PregelGraph.START;
    /** Where a way ends. */
    public static final String END = PregelGraph.END;

    final Map<String, Key<?>> keys = new LinkedHashMap<>();
    final Map<String, BuiltNode> nodes = new TreeMap<>();
    final Map<String, List<String>> edges = new LinkedHashMap<>();
    final Map<String, List<BranchSpec>> branches = new LinkedHashMap<>();
    final List<JoinSpec> joins = new ArrayList<>();
    NodeOptions defaults = NodeOptions.NONE;

    @Nullable
    List<Key<?>> input;

    @Nullable
    List<Key<?>> output;

    /** A node as it was added; {@code subgraph} is null for a function. */
    record BuiltNode(
            Node node, NodeOptions options, @Nullable CompiledGraph subgraph) {}

    private StateGraph() {}

    /**
     * A graph over these keys.
     *
     * @throws GraphException.InvalidGraph if two keys share a name or a name is reserved
     */
    public static StateGraph of(Key<?>... keys) {
        StateGraph graph = new StateGraph();
        for (Key<?> key : keys) {
            checkName("Key", key.name());
            if (graph.keys.putIfAbsent(key.name(), key) != null) {
                throw twice("Key", key.name(), "Use one constant for both.");
            }
        }
        return graph;
    }

    /** Only these keys are taken from input; others in it are dropped. A key that is new to the graph is added to it. */
    public StateGraph input(Key<?>... keys) {
        input = List.of(keys);
        declare(input);
        return this;
    }

    /** Only these keys are in results. A key that is new to the graph is added to it. */
    public StateGraph output(Key<?>... keys) {
        output = List.of(keys);
        declare(output);
        return this;
    }

    /** Keys that nodes share but that are neither input nor, unless named there, output. */
    public StateGraph privateKeys(Key<?>... keys) {
        if (input == null) {
            input = List.copyOf(this.keys.values());
        }
        if (output == null) {
            output = List.copyOf(this.keys.values());
        }
        declare(List.of(keys));
        return this;
    }

    private void declare(List<Key<?>> more) {
        for (Key<?> key : more) {
            checkName("Key", key.name());
            Key<?> known = keys.putIfAbsent(key.name(), key);
            if (known != null && known != key) {
                throw twice("Key", key.name(), "Use one constant for both.");
            }
        }
    }

    /** What nodes do unless they say otherwise: retry, timeout, cache and error handler. */
    public StateGraph defaults(NodeOptions defaults) {
        this.defaults = defaults;
        return this;
    }

    /**
     * Adds a node.
     *
     * @throws GraphException.InvalidGraph if the name is taken, reserved, empty or holds {@code |} or {@code :}
     */
    public StateGraph node(String name, Node node) {
        return node(name, node, NodeOptions.NONE);
    }

    /** Adds a node that is run in a special way. */
    public StateGraph node(String name, Node node, NodeOptions options) {
        return add(name, new BuiltNode(node, options, null));
    }

    /** Adds a graph as a node: it gets the keys that both share by name, and what it puts out is the node's update. */
    public StateGraph node(String name, CompiledGraph subgraph) {
        return node(name, subgraph, NodeOptions.NONE);
    }

    /** Adds a graph as a node that is run in a special way. */
    public StateGraph node(String name, CompiledGraph subgraph, NodeOptions options) {
        return add(name, new BuiltNode(new SubgraphNode(subgraph), options, subgraph));
    }

    private StateGraph add(String name, BuiltNode node) {
        checkName("Node", name);
        if (nodes.putIfAbsent(name, node) != null) {
            throw twice("Node", name, "Rename one.");
        }
        List<Key<?>> reads = node.options().reads();
        if (reads != null) {
            if (reads.stream().anyMatch(key -> !keys.containsKey(key.name()))) {
                privateKeys(reads.toArray(Key<?>[]::new));
            } else {
                declare(reads);
            }
        }
        return this;
    }

    /** Adds nodes that follow one another; the first follows {@code from}. */
    public StateGraph sequence(String from, SequencedMap<String, Node> inOrder) {
        String last = from;
        for (Map.Entry<String, Node> next : inOrder.entrySet()) {
            node(next.getKey(), next.getValue()).edge(last, next.getKey());
            last = next.getKey();
        }
        return this;
    }

    /** After {@code from} always comes {@code to}. Several edges into one node run it once in a superstep. */
    public StateGraph edge(String from, String to) {
        checkWay(from, to);
        List<String> targets = edges.computeIfAbsent(from, n -> new ArrayList<>());
        if (!targets.contains(to)) {
            targets.add(to);
        }
        return this;
    }

    /** {@code to} comes when each of {@code all} has run since it last came. */
    public StateGraph join(List<String> all, String to) {
        if (all.isEmpty() || all.contains(START)) {
            throw new GraphException.InvalidGraph(
                    "Join to '" + to + "': bad members, expected one node or more and not " + "START, got " + all
                            + ". Use edge(START, …) for the start.");
        }
        all.forEach(from -> checkWay(from, to));
        joins.add(new JoinSpec(all, to));
        return this;
    }

    /**
     * After {@code from} comes what the function names: a node or {@link #END}. It reads the state at the beginning of the
     * superstep with that node's own writes.
     */
    public StateGraph branch(String from, Function<State, String> branch) {
        return route(from, state -> one(branch.apply(state)));
    }

    /**
     * Like {@link #branch(String, Function)}, where the function gives a label.
     *
     * @param ways label -> node or {@link #END}; a label that is not there fails the run
     */
    public StateGraph branch(String from, Function<State, String> branch, Map<String, String> ways) {
        return route(from, nextName(from), state -> one(branch.apply(state)), ways);
    }

    /** Like {@link #branch}, for several destinations at once, {@link dev.heddle.graph.types.Send}s among them. */
    public StateGraph route(String from, Function<State, List<Destination>> route) {
        return route(from, nextName(from), route, null);
    }

    /**
     * Like {@link #route(String, Function)}, with a name.
     *
     * @param name unique for the node; shown in drawings and errors
     * @param ways label -> node or {@link #END}; null where the function names nodes
     */
    public StateGraph route(
            String from, String name, Function<State, List<Destination>> route, @Nullable Map<String, String> ways) {
        checkWay(from, END);
        if (ways != null) {
            ways.values().forEach(to -> checkWay(from, to));
        }
        List<BranchSpec> known = branches.computeIfAbsent(from, n -> new ArrayList<>());
        if (known.stream().anyMatch(branch -> branch.name().equals(name))) {
            throw twice("Branch", name, "Rename one.");
        }
        known.add(new BranchSpec(name, route, ways == null ? null : new LinkedHashMap<>(ways)));
        return this;
    }

    @SuppressWarnings("NullAway") // null is what the engine looks for and reports
    private static List<Destination> one(@Nullable String node) {
        List<Destination> destinations = new ArrayList<>();
        destinations.add(node == null ? null : Destination.to(node));
        return destinations;
    }

    private String nextName(String from) {
        return "branch" + (branches.getOrDefault(from, List.of()).size() + 1);
    }

    /**
     * Makes a graph that can run.
     *
     * @param name tells it from the others in a catalogue
     * @throws GraphException.InvalidGraph if there is no way in, or an edge begins or ends at an unknown node
     */
    public CompiledGraph compile(String name) {
        return compile(name, CompileOptions.DEFAULT);
    }

    /** Makes a graph that runs in a special way. */
    public CompiledGraph compile(String name, CompileOptions options) {
        return new Compilation(this, name, options).run();
    }

    private static void checkWay(String from, String to) {
        if (from.equals(END)) {
            throw new GraphException.InvalidGraph(
                    "Edge: END as its source, expected a node or START, got END. Nothing follows the end.");
        }
        if (to.equals(START)) {
            throw new GraphException.InvalidGraph(
                    "Edge: START as its target, expected a node or END, got START. Name the first node instead.");
        }
    }

    static void checkName(String what, String name) {
        if (name.isEmpty() || name.startsWith("__") || name.contains("|") || name.contains(":")) {
            throw new GraphException.InvalidGraph(what + " '" + name
                    + "': bad name, expected at least one character, no leading '__', no '|' and no ':', got this one. "
                    + "Choose another.");
        }
    }

    private static GraphException.InvalidGraph twice(String what, String name, String remedy) {
        return new GraphException.InvalidGraph(
                what + " '" + name + "': declared twice, expected one for a name, got 2. " + remedy);
    }
}
