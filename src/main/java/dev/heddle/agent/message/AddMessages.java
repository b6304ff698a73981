package dev.heddle.agent.message;

import dev.heddle.llm.types.Message;
import dev.heddle.llm.types.RemoveMessage;
import dev.heddle.tree.SharedList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * The {@code add_messages} reducer: a message with a known id replaces the one that is there, in its place; others are
 * appended; a {@link RemoveMessage} removes.
 *
 * <p>So remove and add again replaces in place, add and remove leaves nothing, and of two additions with one id the last
 * counts, in the place of the first. Source: LangGraph {@code libs/langgraph/langgraph/graph/message.py}.
 */
final class AddMessages {
    /** One object, so that the ids of a conversation are looked up and not gathered again with every update. */
    private static final Function<Message, String> ID = AddMessages::id;

    private AddMessages() {}

    /**
     * The list after an update. Every message on either side has an id.
     *
     * @throws IllegalArgumentException if a message is to be removed that is not there
     */
    static List<Message> add(List<Message> left, List<Message> right) {
        if (right.isEmpty()) {
            return left;
        }
        SharedList<Message> shared = SharedList.copyOf(left);
        return onlyAppends(shared, right) ? shared.append(right) : merged(left, right);
    }

    /** Whether every message is new: the usual case, which costs what is added. */
    private static boolean onlyAppends(SharedList<Message> left, List<Message> right) {
        Set<String> ids = new HashSet<>();
        for (Message message : right) {
            String id = id(message);
            if (message instanceof RemoveMessage || left.find(ID, id) >= 0 || !ids.add(id)) {
                return false;
            }
        }
        return true;
    }

    private static List<Message> merged(List<Message> left, List<Message> right) {
        int all = lastRemoveAll(right);
        List<Message> base = all < 0 ? left : List.of();
        List<Message> update = all < 0 ? right : right.subList(all + 1, right.size());

        List<Message> merged = new ArrayList<>(base.size() + update.size());
        merged.addAll(base);
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < merged.size(); i++) {
            places.put(id(merged.get(i)), i);
        }
        Set<String> removed = new HashSet<>();
        for (Message message : update) {
            String id = id(message);
            Integer place = places.get(id);
            if (message instanceof RemoveMessage) {
                if (place == null) {
                    throw new IllegalArgumentException(
                            "Messages: attempt to remove a message that is not there, expected the id of one that is, got '"
                                    + id + "'. Read the state for the ids.");
                }
                removed.add(id);
            } else if (place == null) {
                places.put(id, merged.size());
                merged.add(message);
            } else {
                merged.set(place, message);
                removed.remove(id);
            }
        }
        if (!removed.isEmpty()) {
            merged.removeIf(message -> removed.contains(id(message)));
        }
        return SharedList.copyOf(merged);
    }

    private static int lastRemoveAll(List<Message> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i) instanceof RemoveMessage(String id) && id.equals(RemoveMessage.ALL)) {
                return i;
            }
        }
        return -1;
    }

    private static String id(Message message) {
        return Objects.requireNonNull(message.id(), "messages get their ids when they are written");
    }
}
