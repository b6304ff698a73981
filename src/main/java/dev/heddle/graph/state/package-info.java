/**
 * Builds graphs: declare keys, nodes and edges in {@link dev.heddle.graph.state.StateGraph}, compile, run the {@link
 * dev.heddle.graph.state.CompiledGraph}.
 *
 * <p>Read {@link dev.heddle.graph.state.StateGraph} first.
 */
@NullMarked
package dev.heddle.graph.state;

import org.jspecify.annotations.NullMarked;
