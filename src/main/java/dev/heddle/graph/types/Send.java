package dev.heddle.graph.types;

import dev.heddle.tree.Tree;

/**
 * Starts a node in the next superstep with an argument in place of the state; one task for each send.
 *
 * @param node the node
 * @param argument key -> value: all that the node will see
 */
public record Send(String node, Tree.Fields argument) implements Destination {

    /** A send whose argument is one key. The key need not be one of the graph's. */
    public static <T> Send to(String node, Key<T> key, T value) {
        return new Send(node, Tree.fields(key.name(), key.codec().encode(value)));
    }
}
