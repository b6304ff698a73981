/**
 * The agent service without HTTP: who may run what on which thread, and what becomes of it.
 *
 * <p>Read {@link dev.heddle.run.Runs} first.
 */
@NullMarked
package dev.heddle.run;

import org.jspecify.annotations.NullMarked;
