package dev.heddle.agent.message;

import dev.heddle.llm.types.AiMessage;
import dev.heddle.llm.types.HumanMessage;
import dev.heddle.llm.types.Message;
import dev.heddle.llm.types.SystemMessage;
import dev.heddle.llm.types.Tier;
import dev.heddle.llm.types.TokenCounter;
import dev.heddle.llm.types.ToolCall;
import dev.heddle.llm.types.ToolMessage;
import dev.heddle.llm.types.ToolSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Cuts a conversation down to what one model call sees. The history in the state stays whole.
 *
 * <p>What remains: the system message; then as many of the latest messages as fit into 80 % of the tier's window,
 * beginning with a human one, no tool call without its results and no result without its call. When even the latest turn
 * is too long, its human message stays and its oldest rounds of calls and results go; when the latest round alone is too
 * long, its results are shortened, and at last the question. Calls that never got a result (the run was cut off) get one
 * that says so, because providers refuse them otherwise. Pure.
 */
public final class ContextWindow {
    /** Share of the window that the question may fill; the rest is for the answer. */
    static final double SHARE = 0.8;

    /** Stands where a text was shortened. */
    static final String CUT = "\n[cut to fit the model's window]\n";

    private static final int LEAST_CHARACTERS = 16;

    private final TokenCounter counter;
    private final int budget;

    private ContextWindow(TokenCounter counter, int budget) {
        this.counter = counter;
        this.budget = budget;
    }

    /**
     * What a model of this tier shall see.
     *
     * @param system standing instructions; comes first, never cut
     * @param history the conversation, oldest first; its last human message is always part of the result
     * @param tools what is offered beside the conversation and takes its share of the window
     */
    public static List<Message> fit(
            SystemMessage system, List<Message> history, List<ToolSpec> tools, Tier tier, TokenCounter counter) {
        List<SystemMessage> fixed = new ArrayList<>(List.of(system));
        tools.forEach(tool -> fixed.add(SystemMessage.of(tool.toString())));
        int budget = (int) (tier.windowTokens() * SHARE) - counter.count(fixed);
        List<Message> result = new ArrayList<>(List.of(system));
        result.addAll(new ContextWindow(counter, budget).latest(repaired(history)));
        return List.copyOf(result);
    }

    private List<Message> latest(List<Message> history) {
        int start = earliest(history, 0, HumanMessage.class, budget);
        return start < history.size() ? history.subList(start, history.size()) : latestTurn(history);
    }

    /** Where the longest tail begins that fits and starts with a message of this kind; the size when there is none. */
    private int earliest(List<Message> history, int least, Class<? extends Message> kind, int room) {
        int start = history.size();
        int tokens = 0;
        for (int from = history.size() - 1; from >= least; from--) {
            tokens += count(history.get(from));
            if (tokens > room) {
                break;
            }
            if (kind.isInstance(history.get(from))) {
                start = from;
            }
        }
        return start;
    }

    /** The latest turn is too long for the budget: its question, and of its rounds what fits. */
    private List<Message> latestTurn(List<Message> history) {
        int human = last(history, HumanMessage.class);
        if (human < 0) {
            return List.of();
        }
        Message question = shortened(history.get(human), budget);
        int room = budget - count(question);
        int start = earliest(history, human + 1, AiMessage.class, room);
        List<Message> result = new ArrayList<>(List.of(question));
        if (start < history.size()) {
            result.addAll(history.subList(start, history.size()));
        } else {
            int round = last(history, AiMessage.class);
            if (round > human) {
                result.addAll(shortenedRound(history.subList(round, history.size()), room));
            }
        }
        return result;
    }

    /** A call with its results, each shortened to an equal share; nothing when even that has no room. */
    private List<Message> shortenedRound(List<Message> round, int room) {
        Message call = round.getFirst();
        int share = round.size() > 1 ? (room - count(call)) / (round.size() - 1) : 0;
        List<Message> result = new ArrayList<>(List.of(call));
        for (Message message : round.subList(1, round.size())) {
            result.add(shortened(message, share));
        }
        return counter.count(result) <= room ? result : List.of();
    }

    /** The message with its middle cut out until it fits, down to a few characters. */
    private Message shortened(Message message, int room) {
        Message result = message;
        int keep = message.text().length() / 2;
        while (count(result) > room && keep >= LEAST_CHARACTERS) {
            String text = message.text();
            String shorter = text.substring(0, edge(text, keep / 2))
                    + CUT
                    + text.substring(edge(text, text.length() - keep / 2));
            result = switch (message) {
                case HumanMessage human -> new HumanMessage(human.id(), shorter);
                case ToolMessage tool ->
                    new ToolMessage(tool.id(), tool.toolCallId(), tool.name(), shorter, tool.failed());
                case Message other -> other;
            };
            keep /= 2;
        }
        return result;
    }

    /** The same place, or one before it when it lies between the halves of one character. */
    private static int edge(String text, int at) {
        boolean between = at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at));
        return between ? at - 1 : at;
    }

    private static int last(List<Message> history, Class<? extends Message> kind) {
        int at = history.size() - 1;
        while (at >= 0 && !kind.isInstance(history.get(at))) {
            at--;
        }
        return at;
    }

    private int count(Message message) {
        return counter.count(List.of(message));
    }

    /** The same conversation where every call has its result right behind it. */
    private static List<Message> repaired(List<Message> history) {
        Set<String> answered = new HashSet<>();
        history.forEach(message -> {
            if (message instanceof ToolMessage tool) {
                answered.add(tool.toolCallId());
            }
        });
        List<Message> result = new ArrayList<>();
        for (Message message : history) {
            result.add(message);
            if (message instanceof AiMessage ai) {
                for (ToolCall call : ai.toolCalls()) {
                    if (!answered.contains(call.id())) {
                        result.add(new ToolMessage(
                                "missing-" + call.id(),
                                call.id(),
                                call.name(),
                                "Not executed: the run was cut off.",
                                true));
                    }
                }
            }
        }
        return result;
    }
}
