package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.time.Duration;
import java.util.Optional;

/** What surrounds a task: which run it belongs to, long-term memory, and a way to speak while it works. */
public interface NodeContext {

    /** The run's settings: thread, run, deadline, what the caller configured. */
    RunConfig config();

    /** The node that runs. */
    String node();

    /** The superstep, from 0; it goes on counting over the runs of a thread. */
    long step();

    /** Same for the same work after a crash, different for any other: a key for side effects. */
    String taskId();

    /** Supersteps that may still be done after this one before the recursion limit is met. */
    long remainingSteps();

    /** Time until the run's deadline, negative when it has passed; empty when there is none. */
    Optional<Duration> timeLeft();

    /** Long-term memory; the graph's own in-memory one where none was given. */
    Store store();

    /** Sends a {@link StreamEvent.Custom} event to whoever reads the run. */
    void emit(Tree data);

    /** Shows a message, or a piece of one, in the stream mode for messages. */
    void emit(MessageView message);
}
