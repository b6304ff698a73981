package dev.heddle.graph.types;

import java.util.List;

/** How a run ended. (Failure is a {@link GraphException}.) */
public sealed interface RunResult {

    /** The output keys of the state when it ended; valid for as long as it is kept. */
    State state();

    /** Nothing was left to do. */
    record Completed(State state) implements RunResult {}

    /**
     * The run waits: for answers, or, when there are no interrupts, because it was told to stop before or after a node.
     * {@link Command#resume} answers, {@link Input#CONTINUE} goes on.
     *
     * @param state the state with what finished tasks of the interrupted superstep wrote
     * @param interrupts the questions, in the order of the tasks that ask
     */
    record Interrupted(State state, List<Interrupt> interrupts) implements RunResult {
        public Interrupted {
            interrupts = List.copyOf(interrupts);
        }
    }

    /** The run was asked to stop between two supersteps and has more to do; {@link Input#CONTINUE} goes on. */
    record Drained(State state) implements RunResult {}
}
