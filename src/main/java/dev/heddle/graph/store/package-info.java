/**
 * Long-term memory in this process, for tests and for graphs that need not survive it, and the rules that every store
 * obeys. Knows no graph.
 *
 * <p>Read {@link dev.heddle.graph.store.InMemoryStore} first.
 */
@NullMarked
package dev.heddle.graph.store;

import org.jspecify.annotations.NullMarked;
