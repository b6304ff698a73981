package dev.heddle.graph.state;

import dev.heddle.graph.pregel.PregelGraph;
import dev.heddle.graph.pregel.PregelGraph.BranchSpec;
import dev.heddle.graph.pregel.PregelGraph.Definition;
import dev.heddle.graph.pregel.PregelGraph.NodeSpec;
import dev.heddle.graph.pregel.PregelGraph.Settings;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.Update;
import java.util.ArrayList;
import java.util.HashSet;
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
        return (chosen == null ? all : chosen).stream().map(Key::name).toList();
    }

    private List<NodeSpec> nodes() {
        Map<String, NodeSpec> specs = new TreeMap<>();
        graph.nodes.forEach((node, built) -> specs.put(
                node,
                new NodeSpec(
                        node,
                        built.node(),
                        graph.edges.getOrDefault(node, List.of()),
                        graph.branches.getOrDefault(node, List.of()),
                        built.options().orElse(graph.defaults),
                        built.subgraph() == null ? null : built.subgraph().pregel())));
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
        graph.edges.forEach((from, targets) -> {
            known("an edge", from);
            targets.forEach(to -> known("an edge", to));
        });
        graph.branches.forEach((from, branches) -> {
            known("a branch", from);
            branches.forEach(this::checkWays);
        });
        graph.joins.forEach(join -> {
            join.members().forEach(from -> known("a join", from));
            known("a join", join.to());
        });
        checkStops(options.stops().before());
        checkStops(options.stops().after());
        graph.nodes.values().forEach(node -> node.options().destinations().forEach(to -> known("destinations", to)));
        if (graph.joins.stream().anyMatch(join -> join.to().equals(StateGraph.END))) {
            throw new GraphException.InvalidGraph(
                    "Graph '" + name + "': join to END, expected a node as its target, got END. A run ends by itself.");
        }
    }

    private void checkWays(BranchSpec branch) {
        Map<String, String> ways = branch.ways();
        if (ways != null) {
            ways.values().forEach(to -> known("the ways of branch '" + branch.name() + "'", to));
        }
    }

    private void checkStops(Set<String> nodes) {
        for (String node : nodes) {
            if (!node.equals(PregelGraph.ALL) && !graph.nodes.containsKey(node)) {
                throw unknown("a list of nodes to stop at", node);
            }
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

    /** The declared number, and a hash of the structure: names of keys and their kinds, nodes and ways. */
    private String version(List<NodeSpec> nodes) {
        StringBuilder structure = new StringBuilder();
        graph.keys.values().forEach(key -> structure
                .append(key.name())
                .append(':')
                .append(key.kind().getClass().getSimpleName())
                .append('\n'));
        nodes.forEach(node -> {
            structure
                    .append(node.name())
                    .append(node.edges())
                    .append(node.options().deferred());
            node.branches().forEach(branch -> structure.append(branch.name()).append(branch.ways()));
            PregelGraph subgraph = node.subgraph();
            structure.append(subgraph == null ? "" : subgraph.version()).append('\n');
        });
        graph.joins.forEach(
                join -> structure.append(join.members()).append(join.to()).append('\n'));
        return options.version() + "-%08x".formatted(structure.toString().hashCode());
    }
}
