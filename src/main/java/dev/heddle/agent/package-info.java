/**
 * Our graphs: their keys, nodes and prompts.
 *
 * <p>Read {@link dev.heddle.agent.AssistantGraph} first.
 */
@NullMarked
package dev.heddle.agent;

import org.jspecify.annotations.NullMarked;
