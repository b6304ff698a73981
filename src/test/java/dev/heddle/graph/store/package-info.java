/** Proves the in-memory store. Read {@link dev.heddle.graph.store.InMemoryStoreTest} first. */
@NullMarked
package dev.heddle.graph.store;

import org.jspecify.annotations.NullMarked;
