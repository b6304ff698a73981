package dev.heddle.llm.types;

import java.time.Instant;
import java.util.function.Consumer;

/**
 * What surrounds one model call: for whom, in which run, until when, and where its text goes.
 *
 * @param principal who pays
 * @param threadId the conversation
 * @param runId the run
 * @param deadline when an answer is of no use any more
 * @param sink takes each piece of text as it comes; must not block long
 */
public record CallContext(
        Principal principal, String threadId, String runId, Instant deadline, Consumer<ChatDelta> sink) {

    /** The same surroundings with the text going elsewhere. */
    public CallContext withSink(Consumer<ChatDelta> sink) {
        return new CallContext(principal, threadId, runId, deadline, sink);
    }
}
