package dev.heddle.graph.state;

import dev.heddle.graph.pregel.PregelGraph;
import dev.heddle.graph.pregel.PregelGraph.BranchSpec;
import dev.heddle.graph.pregel.PregelGraph.Definition;
import dev.heddle.graph.pregel.PregelGraph.JoinSpec;
import dev.heddle.graph.pregel.PregelGraph.NodeSpec;
import dev.heddle.graph.pregel.PregelGraph.Settings;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.Update;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Checks a graph under construction and makes one of it that can run. */
final class Compilation {
    private final StateGraph graph;
    private final String name;
    private final CompileOptions options;

    Compilation(StateGraph graph, String name, CompileOptions options) {
        this.graph = graph;
        this.name = name;
        this.options = options;
    }

    CompiledGraph run() {
        check();
        List<Key<?>> keys = new ArrayList<>(graph.keys.values());
        List<NodeSpec> nodes = nodes();
        return CompiledGraph.of(new PregelGraph(new Definition(
                name,
                version(nodes),
                keys,
                new HashSet<>(names(graph.input, keys)),
                names(graph.output, keys),
                nodes,
                graph.joins,
                new Settings(options.persistence(), options.stops(), options.stepTimeout(), options.validators()))));
    }

    private static List<String> names(@Nullable List<Key<?>> chosen, List<Key<?>> all) {
        List<String> names = new ArrayList<>();
        for (Key<?> key : chosen == null ? all : chosen) {
            names.add(key.name());
        }
        return names;
    }

    private List<NodeSpec> nodes() {
        Map<String, NodeSpec> specs = new TreeMap<>();
        for (Map.Entry<String, StateGraph.BuiltNode> entry : graph.nodes.entrySet()) {
            String node = entry.getKey();
            StateGraph.BuiltNode built = entry.getValue();
            specs.put(
                    node,
                    new NodeSpec(
                            node,
                            built.node(),
                            graph.edges.getOrDefault(node, List.of()),
                            graph.branches.getOrDefault(node, List.of()),
                            built.options().orElse(graph.defaults),
                            built.subgraph() == null ? null : built.subgraph().pregel()));
        }
        specs.put(
                StateGraph.START,
                new NodeSpec(
                        StateGraph.START,
                        (state, context) -> Update.NONE,
                        graph.edges.getOrDefault(StateGraph.START, List.of()),
                        graph.branches.getOrDefault(StateGraph.START, List.of()),
                        NodeOptions.NONE.hide(),
                        null));
        return List.copyOf(specs.values());
    }

    private void check() {
        if (!graph.edges.containsKey(StateGraph.START) && !graph.branches.containsKey(StateGraph.START)) {
            throw new GraphException.InvalidGraph(
                    "Graph '" + name + "': no way in, expected an edge from START, got none. Add edge(START, …).");
        }
        for (Map.Entry<String, List<String>> edge : graph.edges.entrySet()) {
            known("an edge", edge.getKey());
            known("an edge", edge.getValue());
        }
        for (Map.Entry<String, List<BranchSpec>> branch : graph.branches.entrySet()) {
            known("a branch", branch.getKey());
            for (BranchSpec spec : branch.getValue()) {
                checkWays(spec);
            }
        }
        for (JoinSpec join : graph.joins) {
            known("a join", join.members());
            known("a join", join.to());
            if (join.to().equals(StateGraph.END)) {
                throw new GraphException.InvalidGraph("Graph '" + name
                        + "': join to END, expected a node as its target, got END. A run ends by itself.");
            }
        }
        checkStops(options.stops().before());
        checkStops(options.stops().after());
        for (StateGraph.BuiltNode node : graph.nodes.values()) {
            known("destinations", node.options().destinations());
        }
    }

    private void checkWays(BranchSpec branch) {
        Map<String, String> ways = branch.ways();
        if (ways != null) {
            known("the ways of branch '" + branch.name() + "'", ways.values());
        }
    }

    private void checkStops(Set<String> nodes) {
        for (String node : nodes) {
            if (!node.equals(PregelGraph.ALL) && !graph.nodes.containsKey(node)) {
                throw unknown("a list of nodes to stop at", node);
            }
        }
    }

    private void known(String where, Iterable<String> nodes) {
        for (String node : nodes) {
            known(where, node);
        }
    }

    private void known(String where, String node) {
        if (!graph.nodes.containsKey(node) && !node.equals(StateGraph.START) && !node.equals(StateGraph.END)) {
            throw unknown(where, node);
        }
    }

    private GraphException.InvalidGraph unknown(String where, String node) {
        return new GraphException.InvalidGraph("Graph '" + name + "': unknown node in " + where + ", expected one of "
                + graph.nodes.keySet() + ", got '" + node + "'. Add the node or correct the name.");
    }

    /**
     * The declared number, and a hash of what decides how checkpoints are read and what runs: keys with kind and schema,
     * input, output, nodes with what they read, and the ways between them. The order of declarations does not count.
     */
    private String version(List<NodeSpec> nodes) {
        List<String> facts = new ArrayList<>();
        for (Key<?> key : graph.keys.values()) {
            facts.add("key " + key.name() + " " + key.kind().getClass().getSimpleName() + " "
                    + key.codec().schema());
        }
        facts.add("input " + sorted(graph.input));
        facts.add("output " + sorted(graph.output));
        for (NodeSpec node : nodes) {
            PregelGraph subgraph = node.subgraph();
            facts.add("node " + node.name() + " "
                    + node.edges().stream().sorted().toList() + " "
                    + node.options().deferred() + " " + sorted(node.options().reads()) + " "
                    + (subgraph == null ? "" : subgraph.version()));
            for (BranchSpec branch : node.branches()) {
                facts.add("branch " + node.name() + " " + branch.name() + " "
                        + (branch.ways() == null ? "" : new TreeMap<>(branch.ways())));
            }
        }
        for (JoinSpec join : graph.joins) {
            facts.add("join " + join.members() + " " + join.to());
        }
        facts.sort(null);
        return options.version() + "-" + HexFormat.of().toHexDigits(hash(facts));
    }

    private static List<String> sorted(@Nullable List<Key<?>> keys) {
        return keys == null
                ? List.of("*")
                : keys.stream().map(Key::name).sorted().toList();
    }

    /** FNV-1a over all characters, with a separator after each fact. */
    private static long hash(List<String> facts) {
        long hash = 0xCBF29CE484222325L;
        for (String fact : facts) {
            for (int i = 0; i <= fact.length(); i++) {
                hash = (hash ^ (i < fact.length() ? fact.charAt(i) : '\n')) * 0x100000001B3L;
            }
        }
        return hash;
    }
}
