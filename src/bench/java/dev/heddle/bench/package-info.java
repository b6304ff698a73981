/**
 * The benchmark: the same work with Heddle, with LangGraph for Python and with langgraph4j. Development only; run by
 * {@code make bench}. Read {@link dev.heddle.bench.Suite} first.
 */
@NullMarked
package dev.heddle.bench;

import org.jspecify.annotations.NullMarked;
