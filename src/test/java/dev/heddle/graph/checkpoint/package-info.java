/** Proves the in-memory checkpointer. Read {@link dev.heddle.graph.checkpoint.InMemoryCheckpointerTest} first. */
@NullMarked
package dev.heddle.graph.checkpoint;

import org.jspecify.annotations.NullMarked;
