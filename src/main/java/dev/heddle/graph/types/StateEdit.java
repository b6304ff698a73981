package dev.heddle.graph.types;

import org.jspecify.annotations.Nullable;

/**
 * An edit of a thread's state from outside: it is written as if a node had returned it, so that node's ways out are taken.
 *
 * @param result what the node returned; null for nothing
 * @param asNode the node for which it stands; null where the thread tells. {@link #INPUT}, {@link #COPY} and {@code
 *     __end__} are special
 */
public record StateEdit(
        @Nullable NodeResult result, @Nullable String asNode) {
    /** As new input of a run that does not begin yet. */
    public static final String INPUT = "__input__";
    /** Copies the checkpoint beside itself. */
    public static final String COPY = "__copy__";

    /** As the node that wrote last. */
    public static StateEdit of(NodeResult result) {
        return new StateEdit(result, null);
    }

    /** As this node. */
    public static StateEdit as(String node, NodeResult result) {
        return new StateEdit(result, node);
    }

    /** As this node, which wrote nothing. */
    public static StateEdit as(String node) {
        return new StateEdit(null, node);
    }

    /** Gives up what was to run; what finished tasks wrote is applied. */
    public static StateEdit end() {
        return new StateEdit(null, "__end__");
    }
}
