package dev.heddle.graph.types;

import dev.heddle.tree.Codec;
import dev.heddle.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What surrounds a task: which run it belongs to, long-term memory, and ways to speak, to ask and to call while it works.
 * Safe for concurrent use, but for {@link #interrupt} and {@link #call}, which go by the order of their calls.
 */
public interface NodeContext {

    /**
     * What this one hands on to, for a context that is wrapped around the engine's: calls and subgraphs need to find that
     * one.
     */
    default NodeContext delegate() {
        return this;
    }

    /** The run's settings: thread, run, deadline, what the caller configured. */
    RunConfig config();

    /** The node that runs. */
    String node();

    /** The superstep, from 0; it goes on counting over the runs of a thread. */
    long step();

    /** Same for the same work after a crash, different for any other: a key for side effects. */
    String taskId();

    /** Supersteps that may still be done, this one included, before the recursion limit is met. */
    long remainingSteps();

    /** Whether this is the last superstep that the recursion limit allows. */
    boolean isLastStep();

    /** Which execution this is. */
    Execution execution();

    /** Time until the run's deadline, negative when it has passed; empty when there is none. */
    Optional<Duration> timeLeft();

    /** Long-term memory; the graph's own in-memory one where none was given. */
    Store store();

    /** Sends a {@link StreamEvent.Custom} event to whoever reads the run. */
    void emit(Tree data);

    /** Shows a message, or a piece of one, in the stream mode for messages. */
    void emit(MessageView message);

    /** A sign of life, see {@link TimeoutPolicy#idle}. */
    void heartbeat();

    /** Whether the run was asked to stop at the next superstep: a long node may come to an end sooner. */
    boolean drainRequested();

    /**
     * Asks, and gives the answer. The first time it does not return: the task stops, the run ends {@link
     * RunResult.Interrupted}, and when it is resumed <b>the node runs again from its beginning</b>; then this call gives
     * the answer. Several calls in one node are answered in their order.
     */
    Tree interrupt(Tree question);

    /**
     * Asks for an answer of a type; see {@link #interrupt(Tree)}.
     *
     * @throws dev.heddle.tree.CodecException if the answer has another shape
     */
    default <T> T interrupt(Tree question, Codec<T> answer) {
        return answer.decode(interrupt(question));
    }

    /**
     * Starts a call whose result is stored: when the node runs again, after an interrupt or a failure, calls that have
     * finished give their results without doing their work again. They are told apart by their order, so the code around
     * them must do the same each time.
     *
     * @param name shown in streams
     * @param result how the result is kept
     * @param work what to do; it runs on a virtual thread of its own, with a context of its own
     */
    <R> TaskFuture<R> call(String name, Codec<R> result, Work<R> work);

    /** What a call does. */
    @FunctionalInterface
    interface Work<R> {
        /** Does it. */
        R run(NodeContext context) throws Exception;
    }

    /**
     * Which execution of a task this is.
     *
     * @param checkpointId the checkpoint on which it runs; empty without a checkpointer
     * @param namespace the namespace of the task: what its subgraphs' namespaces begin with
     * @param attempt how often the node was begun in this run, from 1
     * @param firstAttemptAt when the first of these attempts began
     */
    record Execution(String checkpointId, String namespace, int attempt, Instant firstAttemptAt) {}
}
