package dev.heddle.graph.pregel;

/** Names that no node and no key may have, as LangGraph has them; they stand in checkpoints and pending writes. */
final class Reserved {
    static final String ERROR = "__error__";
    static final String INTERRUPT = "__interrupt__";
    static final String RESUME = "__resume__";
    static final String NO_WRITES = "__no_writes__";
    static final String RETURN = "__return__";
    static final String PUSH = "__pregel_push";
    static final String PULL = "__pregel_pull";
    static final String OVERWRITE = "__overwrite__";
    static final String ERROR_HANDLER = "__error_handler__";
    /** In the metadata of a checkpoint: counters of delta channels. */
    static final String COUNTERS = "__delta";
    /** In the metadata of a checkpoint of a graph with state per thread: the call that it belongs to. */
    static final String CALL = "__call";
    /** The task under which commands from outside write. */
    static final String NULL_TASK = "00000000-0000-0000-0000-000000000000";

    static final String NAMESPACE_SEPARATOR = "|";
    static final String TASK_SEPARATOR = ":";

    private Reserved() {}
}
