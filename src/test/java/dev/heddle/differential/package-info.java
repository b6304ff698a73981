/**
 * Replays what LangGraph did: random graphs and calls, recorded by {@code src/test/python/differential}, whose README
 * describes the format. Begin with {@link dev.heddle.differential.Player}. Only {@link
 * dev.heddle.differential.ScriptedGraph}, {@link dev.heddle.differential.Player} and {@link
 * dev.heddle.differential.Recorder} know the engine.
 */
@NullMarked
package dev.heddle.differential;

import org.jspecify.annotations.NullMarked;
