package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.util.Map;

/**
 * What is told about a checkpoint.
 *
 * @param source what made it
 * @param step -1 for the first input, then one more each
 * @param runId the run that made it; empty for none
 * @param graphVersion the graph that made it; empty when unknown
 * @param parents namespace -> checkpoint id of the enclosing graphs
 * @param extra what the caller added, see {@link RunConfig#metadata()}, and what the engine keeps under names that begin
 *     with {@code __}
 */
public record CheckpointMetadata(
        Source source, long step, String runId, String graphVersion, Map<String, String> parents, Tree.Fields extra) {
    public CheckpointMetadata {
        parents = Map.copyOf(parents);
    }

    /** Without extras. */
    public CheckpointMetadata(
            Source source, long step, String runId, String graphVersion, Map<String, String> parents) {
        this(source, step, runId, graphVersion, parents, Tree.EMPTY);
    }

    /** The same with these extras. */
    public CheckpointMetadata with(Tree.Fields extra) {
        return extra.equals(this.extra)
                ? this
                : new CheckpointMetadata(source, step, runId, graphVersion, parents, extra);
    }

    /** What made a checkpoint. */
    public enum Source {
        /** Input of a run, before its first superstep. */
        INPUT,
        /** A superstep. */
        LOOP,
        /** An edit from outside. */
        UPDATE,
        /** A copy from which another branch goes on. */
        FORK
    }
}
