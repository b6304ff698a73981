/**
 * Long-term memory and the cache of nodes in this process, for tests and for graphs that need not survive it, and the
 * rules that every store obeys: names, filters, vectors, order. Knows no graph.
 *
 * <p>Read {@link dev.heddle.graph.store.InMemoryStore} first.
 */
@NullMarked
package dev.heddle.graph.store;

import org.jspecify.annotations.NullMarked;
