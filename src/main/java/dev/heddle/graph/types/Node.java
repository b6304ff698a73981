package dev.heddle.graph.types;

/**
 * A step of a graph. It reads the state, does its work and returns what shall be written. It runs on a virtual thread and
 * may block; interruption means that the run is given up. The same node may run in many runs at once.
 */
@FunctionalInterface
public interface Node {

    /**
     * Does the work.
     *
     * @throws Exception if it fails; the run ends with {@link GraphException.NodeFailed}, what other tasks of the superstep
     *     have written is kept
     */
    NodeResult run(State state, NodeContext context) throws Exception;
}
