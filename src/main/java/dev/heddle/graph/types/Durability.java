package dev.heddle.graph.types;

/** When what a run does reaches storage. */
public enum Durability {
    /** Before the next superstep begins: a crash loses at most the superstep under way. */
    SYNC,
    /** While the next superstep runs, in order; a failure to store ends the run at the latest at its end. */
    ASYNC,
    /** Once, when the run ends or stops; a crash loses the run. */
    EXIT
}
