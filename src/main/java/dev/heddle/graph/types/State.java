package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.util.Optional;

/**
 * What a node may read: the state as it was when its superstep began, or the argument of the {@link Send} that started it.
 * Valid while the node runs; safe for concurrent reads.
 */
public interface State {

    /**
     * The value of a key.
     *
     * @throws GraphException.MissingValue if nothing was ever written to it and it has no zero value
     * @throws GraphException.UnknownKey if the graph does not declare this key, or the node does not read it
     */
    default <T> T get(Key<T> key) {
        return find(key).orElseThrow(() -> new GraphException.MissingValue(key.name()));
    }

    /**
     * The value of a key, empty if there is none.
     *
     * @throws GraphException.UnknownKey if the graph does not declare this key, or the node does not read it
     */
    <T> Optional<T> find(Key<T> key);

    /** All that can be read, untyped: key -> value of every key that holds something, or the argument of the send. */
    Tree tree();
}
