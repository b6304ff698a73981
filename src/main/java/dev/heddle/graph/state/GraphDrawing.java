package dev.heddle.graph.state;

import dev.heddle.graph.pregel.PregelGraph;
import dev.heddle.tree.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A graph as it is drawn: nodes, and where each of them may lead. Immutable.
 *
 * <p>The node of a subgraph that is drawn open has the id {@code sub:node}, where {@code sub} is the node that runs the
 * subgraph.
 *
 * @param nodes {@code __start__} first, then by name, then {@code __end__} when something leads there
 * @param edges by source and target; one for each pair
 */
public record GraphDrawing(List<DrawnNode> nodes, List<DrawnEdge> edges) {
    public GraphDrawing {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }

    /**
     * A node.
     *
     * @param id unique
     * @param subgraph whether it runs a graph
     * @param metadata what was given with it; {@code "defer": true} when it is deferred, and {@code "__interrupt"}: {@code
     *     "before"}, {@code "after"} or {@code "before,after"} when runs stop there
     */
    public record DrawnNode(String id, boolean subgraph, Tree.Fields metadata) {
        /** The last part of the id: the name in its own graph. */
        public String name() {
            return id.substring(id.lastIndexOf(':') + 1);
        }

        private Tree tree() {
            Map<String, Tree> fields = new LinkedHashMap<>();
            fields.put("id", Tree.of(id));
            if (!name().equals(PregelGraph.END)) {
                fields.put("type", Tree.of("runnable"));
                fields.put(
                        "data",
                        Tree.fields(
                                "id",
                                Tree.of(List.of(
                                        Tree.of("heddle"),
                                        Tree.of("graph"),
                                        Tree.of(subgraph ? "CompiledGraph" : "Node"))),
                                "name",
                                Tree.of(id)));
            }
            if (!metadata.fields().isEmpty()) {
                fields.put("metadata", metadata);
            }
            return new Tree.Fields(fields);
        }
    }

    /**
     * A way from one node to another.
     *
     * @param label what a branch calls it; null when it has no name of its own
     * @param conditional whether a branch or a command decides; otherwise it is always taken
     */
    public record DrawnEdge(
            String source, String target, @Nullable String label, boolean conditional) {
        private Tree tree() {
            Map<String, Tree> fields = new LinkedHashMap<>();
            fields.put("source", Tree.of(source));
            fields.put("target", Tree.of(target));
            if (label != null) {
                fields.put("data", Tree.of(label));
            }
            if (conditional) {
                fields.put("conditional", Tree.of(true));
            }
            return new Tree.Fields(fields);
        }
    }

    /**
     * As LangGraph's API shows it: {@code {"nodes": [{"id", "type", "data", "metadata"?}], "edges": [{"source", "target",
     * "data"?, "conditional"?}]}}. {@code __end__} has an id only.
     */
    public Tree.Fields tree() {
        return Tree.fields(
                "nodes",
                Tree.of(nodes.stream().map(DrawnNode::tree).toList()),
                "edges",
                Tree.of(edges.stream().map(DrawnEdge::tree).toList()));
    }

    /** As text in the language of Mermaid: {@code graph TD;}, one line for each node and edge, dotted where conditional. */
    public String mermaid() {
        return new Mermaid(this).text();
    }
}
