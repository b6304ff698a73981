/**
 * What is kept of a thread so that it can go on: {@link dev.heddle.graph.checkpoint.Checkpoint} and the port {@link
 * dev.heddle.graph.checkpoint.Checkpointer} with an in-memory one. Knows no graph: channels are names with trees.
 *
 * <p>Read {@link dev.heddle.graph.checkpoint.Checkpointer} first.
 */
@NullMarked
package dev.heddle.graph.checkpoint;

import org.jspecify.annotations.NullMarked;
