package dev.heddle.graph.state;

import dev.heddle.graph.pregel.PregelGraph;
import dev.heddle.graph.pregel.PregelGraph.JoinSpec;
import dev.heddle.graph.pregel.PregelGraph.NodeSpec;
import dev.heddle.graph.state.GraphDrawing.DrawnEdge;
import dev.heddle.graph.state.GraphDrawing.DrawnNode;
import dev.heddle.graph.types.RunConfig.Stops;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Draws a graph from what was declared, without running anything. A branch that names no ways may lead anywhere and is
 * drawn so; a node from which nothing leads on leads to the end; what leads through a hidden node is drawn past it.
 *
 * <p>Source of the form: LangGraph {@code libs/langgraph/langgraph/pregel/_draw.py}.
 */
final class Drawing {
    private final PregelGraph graph;
    private final int xray;
    private final Map<String, DrawnNode> nodes = new LinkedHashMap<>();
    private final Ways ways = new Ways();

    /** Edges by source and target. Of several ways between two nodes the unconditional one is drawn, else all labels. */
    private static final class Ways {
        private final Map<String, Map<String, DrawnEdge>> bySource = new TreeMap<>();

        void add(DrawnEdge edge) {
            bySource.computeIfAbsent(edge.source(), source -> new TreeMap<>()).merge(edge.target(), edge, Ways::both);
        }

        private static DrawnEdge both(DrawnEdge one, DrawnEdge other) {
            if (!one.conditional() || !other.conditional()) {
                return new DrawnEdge(one.source(), one.target(), null, false);
            }
            String first = one.label();
            String second = other.label();
            String label =
                    first == null || second == null ? null : first.equals(second) ? first : first + ", " + second;
            return new DrawnEdge(one.source(), one.target(), label, true);
        }

        boolean anyFrom(String source) {
            return bySource.containsKey(source);
        }

        boolean anyTo(String target) {
            return all().stream().anyMatch(edge -> edge.target().equals(target));
        }

        List<DrawnEdge> all() {
            return bySource.values().stream()
                    .flatMap(to -> to.values().stream())
                    .toList();
        }

        void clear() {
            bySource.clear();
        }
    }

    /**
     * A drawing of a graph.
     *
     * @param xray how many levels of subgraphs are drawn open; negative for all
     */
    Drawing(PregelGraph graph, int xray) {
        this.graph = graph;
        this.xray = xray;
    }

    GraphDrawing draw() {
        List<NodeSpec> specs = graph.definition().nodes();
        nodes.put(PregelGraph.START, new DrawnNode(PregelGraph.START, false, Tree.EMPTY));
        specs.stream()
                .filter(spec -> !spec.name().equals(PregelGraph.START))
                .forEach(spec ->
                        nodes.put(spec.name(), new DrawnNode(spec.name(), spec.subgraph() != null, metadata(spec))));
        specs.forEach(this::waysOut);
        specs.stream()
                .filter(spec -> !ways.anyFrom(spec.name()))
                .forEach(spec -> ways.add(new DrawnEdge(spec.name(), PregelGraph.END, null, false)));
        specs.stream()
                .filter(spec -> spec.options().hidden() && !spec.name().equals(PregelGraph.START))
                .forEach(spec -> drawPast(spec.name()));
        if (xray != 0) {
            specs.forEach(this::open);
        }
        if (ways.anyTo(PregelGraph.END)) {
            nodes.put(PregelGraph.END, new DrawnNode(PregelGraph.END, false, Tree.EMPTY));
        }
        return new GraphDrawing(List.copyOf(nodes.values()), ways.all());
    }

    private Tree.Fields metadata(NodeSpec spec) {
        Map<String, Tree> fields = new LinkedHashMap<>(spec.options().metadata().fields());
        if (spec.options().deferred()) {
            fields.put("defer", Tree.of(true));
        }
        Stops stops = graph.definition().settings().stops();
        List<String> where = new ArrayList<>();
        if (named(stops.before(), spec.name())) {
            where.add("before");
        }
        if (named(stops.after(), spec.name())) {
            where.add("after");
        }
        if (!where.isEmpty()) {
            fields.put("__interrupt", Tree.of(String.join(",", where)));
        }
        return new Tree.Fields(fields);
    }

    private static boolean named(Set<String> stops, String node) {
        return stops.contains(node) || stops.contains(PregelGraph.ALL);
    }

    private void waysOut(NodeSpec spec) {
        String from = spec.name();
        // An edge to the end says nothing where something else follows.
        spec.edges().stream()
                .filter(to -> !to.equals(PregelGraph.END))
                .forEach(to -> ways.add(new DrawnEdge(from, to, null, false)));
        for (JoinSpec join : graph.definition().joins()) {
            if (join.members().contains(from)) {
                ways.add(new DrawnEdge(from, join.to(), null, false));
            }
        }
        spec.branches().forEach(branch -> waysOut(from, branch.ways()));
        spec.options().destinations().forEach(to -> ways.add(new DrawnEdge(from, to, null, true)));
    }

    private void waysOut(String from, @Nullable Map<String, String> labelled) {
        if (labelled == null) {
            nodes.keySet().stream()
                    .filter(to -> !to.equals(PregelGraph.START))
                    .forEach(to -> ways.add(new DrawnEdge(from, to, null, true)));
            ways.add(new DrawnEdge(from, PregelGraph.END, null, true));
        } else {
            labelled.forEach((label, to) -> ways.add(new DrawnEdge(from, to, label.equals(to) ? null : label, true)));
        }
    }

    /** Takes a node out and joins what led to it with where it led. */
    private void drawPast(String hidden) {
        List<DrawnEdge> all = ways.all();
        List<DrawnEdge> onwards = all.stream()
                .filter(edge -> edge.source().equals(hidden) && !edge.target().equals(hidden))
                .toList();
        nodes.remove(hidden);
        ways.clear();
        for (DrawnEdge edge : all) {
            if (edge.source().equals(hidden)) {
                continue;
            }
            if (!edge.target().equals(hidden)) {
                ways.add(edge);
                continue;
            }
            for (DrawnEdge onward : onwards) {
                ways.add(new DrawnEdge(
                        edge.source(),
                        onward.target(),
                        edge.label() == null ? onward.label() : edge.label(),
                        edge.conditional() || onward.conditional()));
            }
        }
    }

    /** Draws a subgraph in place of its node, without its own start and end where one node takes their part. */
    private void open(NodeSpec spec) {
        PregelGraph subgraph = spec.subgraph();
        if (subgraph == null || !nodes.containsKey(spec.name())) {
            return;
        }
        GraphDrawing inner = new Drawing(subgraph, xray - 1).draw();
        String first = standIn(inner, PregelGraph.START, DrawnEdge::source, DrawnEdge::target);
        String last = standIn(inner, PregelGraph.END, DrawnEdge::target, DrawnEdge::source);
        if (inner.nodes().stream().noneMatch(node -> node.id().equals(PregelGraph.END))) {
            return; // nothing to go on from
        }
        String prefix = spec.name() + ":";
        Map<String, String> trimmed = new HashMap<>();
        trimmed.put(PregelGraph.START, first);
        trimmed.put(PregelGraph.END, last);
        replace(spec.name(), inner, trimmed);
        List<DrawnEdge> all = ways.all();
        ways.clear();
        for (DrawnEdge edge : all) {
            ways.add(new DrawnEdge(
                    edge.source().equals(spec.name()) ? prefix + last : edge.source(),
                    edge.target().equals(spec.name()) ? prefix + first : edge.target(),
                    edge.label(),
                    edge.conditional()));
        }
        inner.edges().stream()
                .filter(edge ->
                        first.equals(PregelGraph.START) || !edge.source().equals(PregelGraph.START))
                .filter(edge -> last.equals(PregelGraph.END) || !edge.target().equals(PregelGraph.END))
                .forEach(edge -> ways.add(new DrawnEdge(
                        prefix + edge.source(), prefix + edge.target(), edge.label(), edge.conditional())));
    }

    private void replace(String name, GraphDrawing inner, Map<String, String> trimmed) {
        Map<String, DrawnNode> all = new LinkedHashMap<>(nodes);
        nodes.clear();
        all.forEach((id, node) -> {
            if (!id.equals(name)) {
                nodes.put(id, node);
                return;
            }
            for (DrawnNode part : inner.nodes()) {
                if (trimmed.getOrDefault(part.id(), part.id()).equals(part.id())) {
                    String partId = name + ":" + part.id();
                    nodes.put(partId, new DrawnNode(partId, part.subgraph(), part.metadata()));
                }
            }
        });
    }

    /**
     * The one node that can stand for a subgraph's start (or end), because nothing else leads out of that (into that) and
     * nothing else leads into the node (out of it); the start (or end) itself when there is no such node.
     */
    private static String standIn(
            GraphDrawing drawing, String border, Function<DrawnEdge, String> own, Function<DrawnEdge, String> other) {
        List<String> beyond = drawing.edges().stream()
                .filter(edge -> own.apply(edge).equals(border))
                .map(other)
                .toList();
        if (beyond.size() != 1 || beyond.getFirst().startsWith("__")) {
            return border;
        }
        String node = beyond.getFirst();
        boolean alone = drawing.edges().stream()
                .allMatch(edge ->
                        own.apply(edge).equals(border) || !other.apply(edge).equals(node));
        return alone ? node : border;
    }
}
