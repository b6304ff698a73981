package dev.heddle.agent.tool;

/** A tool cannot do what was asked. The message is for the model, so that it can do better. */
public final class ToolException extends Exception {
    private static final long serialVersionUID = 1L;

    /** {@code message} says what was expected and what came, in a sentence. */
    public ToolException(String message) {
        super(message);
    }
}
