package dev.heddle.llm.provider;

/**
 * Takes a leading {@code <think>…</think>} out of a text that comes in pieces.
 *
 * <p>Ollama keeps thinking in a field of its own, except where it was told {@code think:false} and the model thinks
 * nevertheless, and in versions that know no thinking. Only the very beginning of an answer counts: the tag anywhere else is
 * text.
 *
 * <pre>
 *   START --"&lt;think&gt;"--> THINKING --"&lt;/think&gt;"--> GAP --not a space--> TEXT
 *     \--------------------anything else-------------------------------/
 * </pre>
 */
final class ThinkingFilter {
    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    private enum State {
        START,
        THINKING,
        GAP,
        TEXT
    }

    private State state = State.START;
    private String held = "";

    /** What of the text so far can be shown now and was not yet; may be empty. */
    String next(String piece) {
        held += piece;
        if (state == State.START) {
            String begin = held.stripLeading();
            if (begin.startsWith(OPEN)) {
                state = State.THINKING;
                held = begin.substring(OPEN.length());
            } else if (!OPEN.startsWith(begin)) {
                state = State.TEXT;
            }
        }
        if (state == State.THINKING) {
            int end = held.indexOf(CLOSE);
            if (end >= 0) {
                state = State.GAP;
                held = held.substring(end + CLOSE.length());
            } else {
                held = held.substring(Math.max(0, held.length() - CLOSE.length() + 1));
            }
        }
        if (state == State.GAP) {
            held = held.stripLeading();
            if (!held.isEmpty()) {
                state = State.TEXT;
            }
        }
        return state == State.TEXT ? take() : "";
    }

    /** What was held back in case it was a tag, when no more comes. */
    String rest() {
        return state == State.START ? take() : "";
    }

    private String take() {
        String text = held;
        held = "";
        return text;
    }
}
