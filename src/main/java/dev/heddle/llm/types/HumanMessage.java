package dev.heddle.llm.types;

import org.jspecify.annotations.Nullable;

/** What a person said. */
public record HumanMessage(@Nullable String id, String text) implements Message {

    /** Such a message, without an id yet. */
    public static HumanMessage of(String text) {
        return new HumanMessage(null, text);
    }

    @Override
    public HumanMessage withId(String id) {
        return new HumanMessage(id, text);
    }
}
