/**
 * Tools: what a model may call, and the node that calls them. Knows no model.
 *
 * <p>Read {@link dev.heddle.agent.tool.ToolNode} first.
 */
@NullMarked
package dev.heddle.agent.tool;

import org.jspecify.annotations.NullMarked;
