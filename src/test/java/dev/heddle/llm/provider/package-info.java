/**
 * Proves the providers against a scripted server and the recorded wire of a real Ollama.
 *
 * <p>Read {@link dev.heddle.llm.provider.ScriptedOllama} first.
 */
@NullMarked
package dev.heddle.llm.provider;

import org.jspecify.annotations.NullMarked;
