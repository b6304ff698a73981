/**
 * Runs graphs in supersteps: plan the tasks, execute them in parallel, apply their writes in a fixed order, store a
 * checkpoint. {@link dev.heddle.graph.pregel.PregelAlgorithm} decides, {@link dev.heddle.graph.pregel.PregelLoop} drives,
 * {@link dev.heddle.graph.pregel.PregelRunner} executes. Knows no builder: it gets a {@link
 * dev.heddle.graph.pregel.PregelGraph}.
 *
 * <p>Read {@link dev.heddle.graph.pregel.PregelLoop} first.
 */
@NullMarked
package dev.heddle.graph.pregel;

import org.jspecify.annotations.NullMarked;
