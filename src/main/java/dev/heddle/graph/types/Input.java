package dev.heddle.graph.types;

/**
 * What a run begins with: an {@link Update} is new input, a {@link Command} answers an interrupt or steers a thread that
 * exists, {@link #CONTINUE} goes on where the thread stands. LangGraph: a value, a {@code Command}, {@code None}.
 */
public sealed interface Input permits Update, Command, Input.Continue {
    /** Goes on where the thread stands. */
    Input CONTINUE = new Continue();

    /** Nothing new. Use {@link #CONTINUE}. */
    record Continue() implements Input {}
}
