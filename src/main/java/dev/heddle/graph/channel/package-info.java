/**
 * Where values live during a run: one {@link dev.heddle.graph.channel.Channel} per key, of the kind that the key declares.
 * Knows no nodes and no supersteps beyond "a step has passed".
 *
 * <p>Read {@link dev.heddle.graph.channel.Channel} first.
 */
@NullMarked
package dev.heddle.graph.channel;

import org.jspecify.annotations.NullMarked;
