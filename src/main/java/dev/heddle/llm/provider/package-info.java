/**
 * The vendors' models behind {@link dev.heddle.llm.types.ChatModel}, over langchain4j. Knows no graph, no policy, no price
 * and no configuration; no langchain4j type leaves this room.
 *
 * <p>Read {@link dev.heddle.llm.provider.OllamaChatModel} first.
 */
@NullMarked
package dev.heddle.llm.provider;

import org.jspecify.annotations.NullMarked;
