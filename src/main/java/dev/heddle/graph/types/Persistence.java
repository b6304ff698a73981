package dev.heddle.graph.types;

/** Where a graph keeps its state when it runs as a subgraph. LangGraph: the {@code checkpointer} of a subgraph. */
public enum Persistence {
    /** In the thread of the graph that holds it, for as long as one task: each call begins afresh. */
    INHERIT,
    /** Nowhere: after an interrupt or a failure it begins again. */
    NONE,
    /** In the thread of the graph that holds it, for good: each call goes on where the last one ended. */
    PER_THREAD
}
