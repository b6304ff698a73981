package dev.heddle.llm.types;

/**
 * Something that answers a conversation: a vendor's model, or a policy around one.
 *
 * <p>{@link #chat} blocks its worker (a virtual thread) until the whole answer is there. Meanwhile each piece of text goes
 * to {@link CallContext#sink()}, in order, on the calling worker or another one but never two at a time. Implementations
 * are safe for any number of concurrent calls.
 *
 * <p>Interrupting the worker cancels the call: the request to the vendor is closed and {@link LlmException.Cancelled} is
 * thrown, with the interrupt flag set again. No delta is delivered after {@code chat} has returned or thrown.
 */
public interface ChatModel {

    /**
     * Asks the model once.
     *
     * @return the whole answer; its message carries the id that all of its deltas carried
     * @throws LlmException if there is no complete answer; the subtype says why and whether to try again
     */
    ChatReply chat(ChatRequest request, CallContext context);
}
