package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one run.
 *
 * @param threadId the conversation, {@code [A-Za-z0-9._-]{1,128}}; needed with a checkpointer, else empty
 * @param runId names the run in checkpoints and events; empty for none
 * @param recursionLimit most supersteps of this run, at least 1
 * @param maxConcurrency most tasks at once, at least 1
 * @param deadline when nobody waits any more; null for never
 * @param configurable what the caller sets for the nodes; opaque to the engine
 */
public record RunConfig(
        String threadId,
        String runId,
        int recursionLimit,
        int maxConcurrency,
        @Nullable Instant deadline,
        Tree.Fields configurable) {
    /** LangGraph's default of the environment variable {@code LANGGRAPH_DEFAULT_RECURSION_LIMIT}. */
    public static final int DEFAULT_RECURSION_LIMIT = 10_007;

    /** No thread, no deadline, default limits. */
    public static final RunConfig DEFAULT =
            new RunConfig("", "", DEFAULT_RECURSION_LIMIT, Integer.MAX_VALUE, null, Tree.EMPTY);

    public RunConfig {
        atLeastOne("recursionLimit", recursionLimit);
        atLeastOne("maxConcurrency", maxConcurrency);
    }

    /** Default settings for a thread. */
    public static RunConfig thread(String threadId) {
        return new RunConfig(threadId, "", DEFAULT_RECURSION_LIMIT, Integer.MAX_VALUE, null, Tree.EMPTY);
    }

    /** The same with this run id. */
    public RunConfig withRunId(String runId) {
        return new RunConfig(threadId, runId, recursionLimit, maxConcurrency, deadline, configurable);
    }

    /** The same with this recursion limit. */
    public RunConfig withRecursionLimit(int recursionLimit) {
        return new RunConfig(threadId, runId, recursionLimit, maxConcurrency, deadline, configurable);
    }

    /** The same with at most so many tasks at once. */
    public RunConfig withMaxConcurrency(int maxConcurrency) {
        return new RunConfig(threadId, runId, recursionLimit, maxConcurrency, deadline, configurable);
    }

    /** The same with this deadline. */
    public RunConfig withDeadline(Instant deadline) {
        return new RunConfig(threadId, runId, recursionLimit, maxConcurrency, deadline, configurable);
    }

    /** The same with these settings for the nodes. */
    public RunConfig withConfigurable(Tree.Fields configurable) {
        return new RunConfig(threadId, runId, recursionLimit, maxConcurrency, deadline, configurable);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new GraphException.BadInput("RunConfig '" + name + "': too small, expected at least 1, got " + value
                    + ". Leave it at its default.");
        }
    }
}
