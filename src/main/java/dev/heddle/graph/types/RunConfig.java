package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one run. Immutable.
 *
 * @param at the thread, {@code [A-Za-z0-9._-]{1,128}}, needed with a checkpointer, else empty; and, to go back, the
 *     checkpoint from which to go on
 * @param runId names the run in checkpoints and events; empty for none
 * @param limits how much of what
 * @param durability when what is done reaches storage
 * @param stops where to stop in place of where the graph says; null for where the graph says
 * @param configurable what the caller sets for the nodes; opaque to the engine
 * @param metadata scalars that are kept with each checkpoint and can be searched by
 */
public record RunConfig(
        CheckpointRef at,
        String runId,
        Limits limits,
        Durability durability,
        @Nullable Stops stops,
        Tree.Fields configurable,
        Tree.Fields metadata) {
    public RunConfig {
        for (String name : metadata.fields().keySet()) {
            if (name.startsWith("__") || RESERVED.contains(name)) {
                throw new GraphException.BadInput("RunConfig metadata '" + name + "': reserved name, expected none of "
                        + RESERVED + " and no leading '__', got this one. Choose another.");
            }
        }
        for (Tree value : metadata.fields().values()) {
            if (value instanceof Tree.Items || value instanceof Tree.Fields) {
                throw new GraphException.BadInput("RunConfig metadata: not a scalar, expected text, numbers or flags, got a "
                        + Tree.kind(value) + ". Keep it in the state instead.");
            }
        }
    }

    /** LangGraph's default of the environment variable {@code LANGGRAPH_DEFAULT_RECURSION_LIMIT}. */
    public static final int DEFAULT_RECURSION_LIMIT = 10_007;

    private static final Set<String> RESERVED = Set.of("source", "step", "run_id");

    /** No thread, no deadline, default limits. */
    public static final RunConfig DEFAULT = thread("");

    /**
     * Limits of a run.
     *
     * @param recursionLimit most supersteps of this run, at least 1
     * @param maxConcurrency most tasks at once in one graph, and most calls at once in one task, at least 1
     * @param deadline when nobody waits any more; null for never
     */
    public record Limits(
            int recursionLimit,
            int maxConcurrency,
            @Nullable Instant deadline) {
        public Limits {
            atLeastOne("recursionLimit", recursionLimit);
            atLeastOne("maxConcurrency", maxConcurrency);
        }

        private static void atLeastOne(String name, int value) {
            if (value < 1) {
                throw new GraphException.BadInput("RunConfig '" + name + "': too small, expected at least 1, got "
                        + value + ". Leave it at its default.");
            }
        }
    }

    /**
     * Nodes at which a run stops. {@code "*"} stands for all.
     *
     * @param before stops before they run
     * @param after stops after they have run
     */
    public record Stops(Set<String> before, Set<String> after) {
        /** Nowhere. */
        public static final Stops NONE = new Stops(Set.of(), Set.of());

        public Stops {
            before = Set.copyOf(before);
            after = Set.copyOf(after);
        }
    }

    /** Default settings for a thread. */
    public static RunConfig thread(String threadId) {
        return at(new CheckpointRef(threadId, "", ""));
    }

    /** Default settings for a thread, beginning at one of its checkpoints. */
    public static RunConfig at(CheckpointRef ref) {
        return new RunConfig(
                ref,
                "",
                new Limits(DEFAULT_RECURSION_LIMIT, Integer.MAX_VALUE, null),
                Durability.SYNC,
                null,
                Tree.EMPTY,
                Tree.EMPTY);
    }

    /** The thread. */
    public String threadId() {
        return at.threadId();
    }

    /** Most supersteps of this run. */
    public int recursionLimit() {
        return limits.recursionLimit();
    }

    /** Most tasks at once. */
    public int maxConcurrency() {
        return limits.maxConcurrency();
    }

    /** When nobody waits any more; null for never. */
    public @Nullable Instant deadline() {
        return limits.deadline();
    }

    /** The same with this run id. */
    public RunConfig withRunId(String runId) {
        return new RunConfig(at, runId, limits, durability, stops, configurable, metadata);
    }

    /** The same with this recursion limit. */
    public RunConfig withRecursionLimit(int recursionLimit) {
        return with(new Limits(recursionLimit, maxConcurrency(), deadline()));
    }

    /** The same with at most so many tasks at once. */
    public RunConfig withMaxConcurrency(int maxConcurrency) {
        return with(new Limits(recursionLimit(), maxConcurrency, deadline()));
    }

    /** The same with this deadline. */
    public RunConfig withDeadline(Instant deadline) {
        return with(new Limits(recursionLimit(), maxConcurrency(), deadline));
    }

    /** The same with these settings for the nodes. */
    public RunConfig withConfigurable(Tree.Fields configurable) {
        return new RunConfig(at, runId, limits, durability, stops, configurable, metadata);
    }

    /** The same with this durability. */
    public RunConfig with(Durability durability) {
        return new RunConfig(at, runId, limits, durability, stops, configurable, metadata);
    }

    /** The same, stopping here and nowhere else. */
    public RunConfig with(Stops stops) {
        return new RunConfig(at, runId, limits, durability, stops, configurable, metadata);
    }

    /** The same, keeping these scalars with each checkpoint. */
    public RunConfig withMetadata(Tree.Fields metadata) {
        return new RunConfig(at, runId, limits, durability, stops, configurable, metadata);
    }

    private RunConfig with(Limits limits) {
        return new RunConfig(at, runId, limits, durability, stops, configurable, metadata);
    }
}
