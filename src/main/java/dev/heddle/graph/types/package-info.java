/**
 * The vocabulary of graphs: what a node gets ({@link dev.heddle.graph.types.State}, {@link
 * dev.heddle.graph.types.NodeContext}), what it returns ({@link dev.heddle.graph.types.NodeResult}) and what a run tells
 * ({@link dev.heddle.graph.types.StreamEvent}). Imports no other room but {@code tree}.
 *
 * <p>Read {@link dev.heddle.graph.types.Node} first.
 */
@NullMarked
package dev.heddle.graph.types;

import org.jspecify.annotations.NullMarked;
