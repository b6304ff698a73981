package dev.heddle.llm.types;

import dev.heddle.tree.Tree;

/**
 * A model's wish to have a tool called.
 *
 * @param id ties the result to the call; unique in its message (providers mint missing or doubled ones)
 * @param name the tool, which need not exist
 * @param arguments a {@link Tree.Fields} when the model wrote a JSON object, else its raw words as {@link Tree.Text}
 */
public record ToolCall(String id, String name, Tree arguments) {}
