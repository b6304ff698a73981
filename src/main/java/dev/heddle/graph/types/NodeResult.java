package dev.heddle.graph.types;

import java.util.List;

/**
 * What a node returns: an {@link Update}, a {@link Command} that also says where to go, a {@link Send}, or several of
 * them, applied in their order.
 */
public sealed interface NodeResult permits Update, Command, Send, NodeResult.Several {

    /** Several results as one. A command to the parent graph among them is all that counts. */
    static NodeResult of(NodeResult... results) {
        return new Several(List.of(results));
    }

    /** Results in their order. */
    record Several(List<NodeResult> results) implements NodeResult {
        public Several {
            results = List.copyOf(results);
        }
    }
}
