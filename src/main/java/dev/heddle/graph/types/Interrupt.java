package dev.heddle.graph.types;

import dev.heddle.tree.Tree;

/**
 * A question with which a task has stopped, see {@link NodeContext#interrupt}.
 *
 * @param id 32 hexadecimal digits; the same while the task waits at the same checkpoint. All questions of one task share it
 * @param value the question
 */
public record Interrupt(String id, Tree value) {}
