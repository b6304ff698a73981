package dev.heddle.graph.types;

/** Where a branch or a command leads: a node by name ({@code __end__} for nowhere), or a {@link Send}. */
public sealed interface Destination permits Destination.To, Send {

    /** A node that shall run on the state. */
    static Destination to(String node) {
        return new To(node);
    }

    /** A node by name. */
    record To(String node) implements Destination {}
}
