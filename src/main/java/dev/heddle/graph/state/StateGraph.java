package dev.heddle.graph.state;

import dev.heddle.graph.pregel.PregelGraph;
import dev.heddle.graph.pregel.PregelGraph.NodeSpec;
import dev.heddle.graph.types.Destination;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.State;
import dev.heddle.graph.types.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

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

    private final List<Key<?>> keys;
    private final Map<String, Node> nodes = new TreeMap<>();
    private final Map<String, List<String>> edges = new HashMap<>();
    private final Map<String, List<Function<State, List<Destination>>>> branches = new HashMap<>();

    private StateGraph(List<Key<?>> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * A graph over these keys.
     *
     * @throws GraphException.InvalidGraph if two keys share a name or a name is reserved
     */
    public static StateGraph of(Key<?>... keys) {
        Set<String> names = new HashSet<>();
        for (Key<?> key : keys) {
            checkName("Key", key.name());
            if (!names.add(key.name())) {
                throw new GraphException.InvalidGraph("Key '" + key.name()
                        + "': declared twice, expected one declaration for a name, got 2. Use one constant for both.");
            }
        }
        return new StateGraph(List.of(keys));
    }

    /**
     * Adds a node.
     *
     * @throws GraphException.InvalidGraph if the name is taken, reserved, empty or holds {@code |} or {@code :}
     */
    public StateGraph node(String name, Node node) {
        checkName("Node", name);
        if (nodes.putIfAbsent(name, node) != null) {
            throw new GraphException.InvalidGraph(
                    "Node '" + name + "': declared twice, expected one node for a name, got 2. Rename one.");
        }
        return this;
    }

    /** After {@code from} always comes {@code to}. Several edges into one node run it once in a superstep. */
    public StateGraph edge(String from, String to) {
        checkWay(from, to);
        edges.computeIfAbsent(from, n -> new ArrayList<>()).add(to);
        return this;
    }

    /**
     * After {@code from} comes what the function names: a node or {@link #END}. It reads the state at the beginning of the
     * superstep with that node's own writes.
     */
    public StateGraph branch(String from, Function<State, String> branch) {
        return route(from, state -> List.of(Destination.to(branch.apply(state))));
    }

    /** Like {@link #branch}, for several destinations at once, {@link dev.heddle.graph.types.Send}s among them. */
    public StateGraph route(String from, Function<State, List<Destination>> route) {
        checkWay(from, END);
        branches.computeIfAbsent(from, n -> new ArrayList<>()).add(route);
        return this;
    }

    /**
     * Makes a graph that can run.
     *
     * @param name tells it from the others in a catalogue
     * @throws GraphException.InvalidGraph if there is no way in, or an edge begins or ends at an unknown node
     */
    public CompiledGraph compile(String name) {
        if (!edges.containsKey(START) && !branches.containsKey(START)) {
            throw new GraphException.InvalidGraph(
                    "Graph '" + name + "': no way in, expected an edge from START, got none. Add edge(START, …).");
        }
        edges.forEach((from, targets) -> {
            known(name, from);
            targets.forEach(to -> known(name, to));
        });
        branches.keySet().forEach(from -> known(name, from));

        Map<String, Node> all = new TreeMap<>(nodes);
        all.put(START, (state, context) -> Update.NONE);
        List<NodeSpec> specs = all.entrySet().stream()
                .map(node -> new NodeSpec(
                        node.getKey(),
                        node.getValue(),
                        edges.getOrDefault(node.getKey(), List.of()),
                        branches.getOrDefault(node.getKey(), List.of())))
                .toList();
        return CompiledGraph.of(new PregelGraph(name, version(specs), keys, specs));
    }

    /** A hash of the structure: names of keys, nodes and edges, and where branches are. */
    private String version(List<NodeSpec> specs) {
        StringBuilder structure = new StringBuilder();
        keys.forEach(key -> structure.append(key.name()).append('\n'));
        specs.forEach(node -> structure
                .append(node.name())
                .append(node.edges())
                .append(node.branches().size())
                .append('\n'));
        return "%08x".formatted(structure.toString().hashCode());
    }

    private void known(String graph, String node) {
        if (!nodes.containsKey(node) && !node.equals(START) && !node.equals(END)) {
            throw new GraphException.InvalidGraph("Graph '" + graph + "': unknown node in an edge, expected one of "
                    + nodes.keySet() + ", got '" + node + "'. Add the node or correct the edge.");
        }
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

    private static void checkName(String what, String name) {
        if (name.isEmpty() || name.startsWith("__") || name.contains("|") || name.contains(":")) {
            throw new GraphException.InvalidGraph(what + " '" + name
                    + "': bad name, expected at least one character, no leading '__', no '|' and no ':', got this one. "
                    + "Choose another.");
        }
    }
}
