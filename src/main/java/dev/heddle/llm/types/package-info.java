/**
 * The vocabulary of model calls: the port {@link dev.heddle.llm.types.ChatModel} and what goes in and out of it. Knows no
 * vendor, no HTTP and no graph.
 *
 * <p>Read {@link dev.heddle.llm.types.ChatModel} first.
 */
@NullMarked
package dev.heddle.llm.types;

import org.jspecify.annotations.NullMarked;
