package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import org.jspecify.annotations.Nullable;

/**
 * Starts a node in the next superstep with an argument in place of the state; one task for each send.
 *
 * @param node the node
 * @param argument all that the node will see, usually key -> value
 * @param timeout how long that task may take, in place of the node's own; null for the node's own
 */
public record Send(String node, Tree argument, @Nullable TimeoutPolicy timeout) implements Destination, NodeResult {

    /** With the node's own timeout. */
    public Send(String node, Tree argument) {
        this(node, argument, null);
    }

    /** A send whose argument is one key. The key need not be one of the graph's. */
    public static <T> Send to(String node, Key<T> key, T value) {
        return new Send(node, Tree.fields(key.name(), key.codec().encode(value)));
    }

    /** The same with this timeout. */
    public Send within(TimeoutPolicy timeout) {
        return new Send(node, argument, timeout);
    }
}
