package dev.heddle.agent.message;

import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.MessageView;
import dev.heddle.llm.types.Message;
import dev.heddle.llm.types.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** The key under which a graph keeps its conversation. */
public final class Messages {
    private Messages() {}

    /**
     * A key that adds messages to a list as LangGraph's {@code add_messages} does ({@link AddMessages}). Messages without
     * an id get a random one when they are written, so that storage, stream and state agree on it.
     */
    public static Key<List<Message>> key(String name) {
        return Key.reduced(name, MessageCodec.LIST, List.of(), AddMessages::add)
                .onWrite(Messages::withIds)
                .showingMessages(
                        messages -> messages.stream().map(Messages::view).toList());
    }

    /** A key that holds one tool call: the argument of a send to a node that executes it. */
    public static Key<ToolCall> toolCallKey(String name) {
        return Key.lastValue(name, MessageCodec.TOOL_CALL);
    }

    private static List<Message> withIds(List<Message> messages) {
        List<Message> named = new ArrayList<>();
        for (Message message : messages) {
            named.add(message.id() == null ? message.withId(UUID.randomUUID().toString()) : message);
        }
        return List.copyOf(named);
    }

    private static MessageView view(Message message) {
        String id = Objects.requireNonNull(message.id(), "written messages have ids");
        return new MessageView(id, message.text(), false, MessageCodec.INSTANCE.encode(message));
    }
}
