package dev.heddle.graph.types;

/** How a run ended. (Failure is a {@link GraphException}.) */
public sealed interface RunResult {

    /** The state when it ended; valid for as long as it is kept. */
    State state();

    /** Nothing was left to do. */
    record Completed(State state) implements RunResult {}
}
