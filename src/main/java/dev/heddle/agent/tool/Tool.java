package dev.heddle.agent.tool;

import dev.heddle.graph.types.NodeContext;
import dev.heddle.llm.types.ToolSpec;

/**
 * Something a model may call. Safe for concurrent use; runs on a virtual thread, may block, and must give up when it is
 * interrupted: its time is up then, or its run was given up. What it does after that is in nobody's charge any more.
 */
public interface Tool {

    /** How a model sees it. */
    ToolSpec spec();

    /**
     * Does it.
     *
     * @return what the model is told; a long text is cut by the caller
     * @throws ToolException with words for the model, if it cannot be done
     * @throws Exception if it went wrong otherwise; the model is told the kind of failure and no more
     */
    String call(Arguments arguments, NodeContext context) throws Exception;
}
