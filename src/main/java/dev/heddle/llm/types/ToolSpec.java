package dev.heddle.llm.types;

import dev.heddle.tree.Tree;

/**
 * A tool as a model sees it.
 *
 * @param name {@code [a-zA-Z0-9_-]{1,64}}
 * @param description when and how to use it, for the model
 * @param parameters JSON schema of the arguments: {@code {"type":"object","properties":{…},"required":[…]}}
 */
public record ToolSpec(String name, String description, Tree.Fields parameters) {}
