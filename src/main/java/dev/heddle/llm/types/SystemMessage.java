package dev.heddle.llm.types;

import org.jspecify.annotations.Nullable;

/** Standing instructions to the model. */
public record SystemMessage(@Nullable String id, String text) implements Message {

    /** Such a message, without an id yet. */
    public static SystemMessage of(String text) {
        return new SystemMessage(null, text);
    }

    @Override
    public SystemMessage withId(String id) {
        return new SystemMessage(id, text);
    }
}
