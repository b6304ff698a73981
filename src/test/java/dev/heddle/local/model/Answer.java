package dev.heddle.local.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What the stand-in will say to one request.
 *
 * @param chunks text, one line of the stream each
 * @param calls tool calls, sent after the text, one line each
 * @param ending how the reply ends
 * @param hold label to wait for after the second chunk; empty for none
 */
record Answer(List<String> chunks, List<Call> calls, Ending ending, String hold) {
    Answer {
        chunks = List.copyOf(chunks);
        calls = List.copyOf(calls);
    }

    /** A tool call. */
    record Call(String name, ObjectNode arguments) {}

    /** How a reply ends: as it should, or as a real server was seen to fail. */
    enum Ending {
        /** {@code done:true}, {@code done_reason:"stop"}. */
        STOP,
        /** Cut at {@code num_predict}: {@code done_reason:"length"}. */
        LENGTH,
        /** The stream ends cleanly and nobody ever says {@code done:true}. */
        STUTTER,
        /** The runner dies: the last line is an error, after status 200. */
        RUNNER_DIED,
        /** The connection is cut in mid-stream. */
        CUT,
        /** Not one byte comes until the server closes. */
        SILENT,
        /** 500 at once. */
        SERVER_ERROR,
        /** 503 at once. */
        BUSY
    }

    /** Text said in words, each with the space behind it. */
    static Answer text(String text) {
        return new Answer(words(text), List.of(), Ending.STOP, "");
    }

    static List<String> words(String text) {
        return List.of(text.split("(?<=\\s)"));
    }

    Answer ending(Ending ending) {
        return new Answer(chunks, calls, ending, hold);
    }

    Answer holding(String label) {
        return new Answer(chunks, calls, ending, label);
    }

    /** As Ollama does with {@code num_predict}: at most so many tokens; 0 or less for any number. */
    Answer atMost(int tokens) {
        return tokens <= 0 || chunks.size() <= tokens
                ? this
                : new Answer(chunks.subList(0, tokens), List.of(), Ending.LENGTH, hold);
    }
}
