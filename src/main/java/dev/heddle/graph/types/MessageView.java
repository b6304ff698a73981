package dev.heddle.graph.types;

import dev.heddle.tree.Tree;

/**
 * What the {@code messages} stream mode needs to know of a message, whatever its Java type.
 *
 * @param id stable within the thread; pieces of one message share it
 * @param text the words of this message or piece
 * @param piece whether more may follow under the same id
 * @param tree the message as it is kept in the state
 */
public record MessageView(String id, String text, boolean piece, Tree tree) {}
