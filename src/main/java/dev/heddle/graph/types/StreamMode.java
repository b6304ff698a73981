package dev.heddle.graph.types;

/** What a run tells while it goes on. Only what was asked for is built. */
public enum StreamMode {
    /** The whole state after each superstep that wrote to it. */
    VALUES,
    /** What each node returned. */
    UPDATES,
    /** Messages, and the tokens of those that are being written. */
    MESSAGES,
    /** Start and end of each task. */
    TASKS,
    /** Each checkpoint as it is stored. */
    CHECKPOINTS,
    /** What nodes send by {@link NodeContext#emit}. */
    CUSTOM,
    /** Checkpoints and tasks, with step and time. */
    DEBUG
}
