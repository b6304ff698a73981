/**
 * Models that need no GPU: {@link dev.heddle.local.model.StandInModel}, which speaks Ollama's wire and says canned things,
 * and {@link dev.heddle.local.model.RealOllama}, the real server with a scripted model, where it was built.
 *
 * <p>Read {@link dev.heddle.local.model.StandInModel} first.
 */
@NullMarked
package dev.heddle.local.model;

import org.jspecify.annotations.NullMarked;
