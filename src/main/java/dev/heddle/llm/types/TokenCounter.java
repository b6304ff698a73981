package dev.heddle.llm.types;

import java.util.List;

/** Estimates how many tokens a model will count. */
@FunctionalInterface
public interface TokenCounter {

    /** A rule of thumb: four characters a token and four tokens of wrapping a message. */
    TokenCounter BY_LENGTH = messages -> {
        int tokens = 0;
        for (Message message : messages) {
            int characters = message.text().length();
            if (message instanceof AiMessage ai) {
                for (ToolCall call : ai.toolCalls()) {
                    characters +=
                            call.name().length() + call.arguments().toString().length();
                }
            }
            tokens += 4 + (characters + 3) / 4;
        }
        return tokens;
    };

    /** The tokens of these messages together; at least 0. */
    int count(List<? extends Message> messages);
}
