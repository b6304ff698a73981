package dev.heddle.graph.state;

import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.NodeResult;
import dev.heddle.graph.types.State;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Tree;

/** A node that runs a graph: it gets what it takes of the state, and what it puts out is written. */
final class SubgraphNode implements Node {
    private final CompiledGraph graph;

    SubgraphNode(CompiledGraph graph) {
        this.graph = graph;
    }

    @Override
    public NodeResult run(State state, NodeContext context) {
        Update input = state.tree() instanceof Tree.Fields fields ? Update.of(fields) : Update.NONE;
        State output = graph.call(input, context);
        return output.tree() instanceof Tree.Fields fields ? Update.of(fields) : Update.NONE;
    }
}
