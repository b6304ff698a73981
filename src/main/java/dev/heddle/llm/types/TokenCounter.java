package dev.heddle.llm.types;

import java.util.List;

/** Estimates how many tokens a model will count. */
@FunctionalInterface
public interface TokenCounter {

    /**
     * A rule of thumb: four ASCII characters or one other character a token, and four tokens of wrapping a message. Too
     * high for most texts, which is the safe side.
     */
    TokenCounter BY_LENGTH = messages -> {
        int tokens = 0;
        for (Message message : messages) {
            tokens += 4 + ofText(message.text());
            if (message instanceof AiMessage ai) {
                for (ToolCall call : ai.toolCalls()) {
                    tokens += ofText(call.name()) + ofText(call.arguments().toString());
                }
            }
        }
        return tokens;
    };

    /** The tokens of these messages together; at least 0. */
    int count(List<? extends Message> messages);

    private static int ofText(String text) {
        int ascii = (int) text.chars().filter(c -> c < 0x80).count();
        return (ascii + 3) / 4 + text.length() - ascii;
    }
}
