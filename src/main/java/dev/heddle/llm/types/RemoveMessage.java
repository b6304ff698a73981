package dev.heddle.llm.types;

/**
 * Not a message but the order to remove one; {@code add_messages} obeys it and never keeps it.
 *
 * @param id the message to remove, or {@link #ALL}
 */
public record RemoveMessage(String id) implements Message {
    /** The id that stands for every message so far. */
    public static final String ALL = "__remove_all__";

    @Override
    public String text() {
        return "";
    }

    @Override
    public RemoveMessage withId(String id) {
        return new RemoveMessage(id);
    }
}
