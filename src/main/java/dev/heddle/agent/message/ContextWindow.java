package dev.heddle.agent.message;

import dev.heddle.llm.types.AiMessage;
import dev.heddle.llm.types.HumanMessage;
import dev.heddle.llm.types.Message;
import dev.heddle.llm.types.SystemMessage;
import dev.heddle.llm.types.Tier;
import dev.heddle.llm.types.TokenCounter;
import dev.heddle.llm.types.ToolCall;
import dev.heddle.llm.types.ToolMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Cuts a conversation down to what one model call sees. The history in the state stays whole.
 *
 * <p>What remains: the system message; then as many of the latest messages as fit into 80 % of the tier's window,
 * beginning with a human one, no tool call without its results and no result without its call. When even the latest turn
 * is too long, its human message stays and its oldest rounds of calls and results go. Calls that never got a result (the
 * run was cut off) get one that says so, because providers refuse them otherwise. Pure.
 */
public final class ContextWindow {
    /** Share of the window that the question may fill; the rest is for the answer. */
    static final double SHARE = 0.8;

    private ContextWindow() {}

    /**
     * What a model of this tier shall see.
     *
     * @param system standing instructions; comes first
     * @param history the conversation, oldest first; its last human message is always part of the result
     */
    public static List<Message> fit(SystemMessage system, List<Message> history, Tier tier, TokenCounter counter) {
        int budget = (int) (tier.windowTokens() * SHARE) - counter.count(List.of(system));
        List<Message> whole = repaired(history);
        List<Message> result = new ArrayList<>();
        result.add(system);
        result.addAll(latest(whole, budget, counter));
        return List.copyOf(result);
    }

    private static List<Message> latest(List<Message> history, int budget, TokenCounter counter) {
        int tokens = 0;
        int from = history.size();
        int start = history.size();
        while (from > 0) {
            tokens += counter.count(history.subList(from - 1, from));
            if (tokens > budget) {
                break;
            }
            from--;
            if (history.get(from) instanceof HumanMessage) {
                start = from;
            }
        }
        if (start < history.size()) {
            return history.subList(start, history.size());
        }
        return latestRounds(history, budget, counter);
    }

    /** The latest turn is too long for the budget: its question and its latest rounds. */
    private static List<Message> latestRounds(List<Message> history, int budget, TokenCounter counter) {
        int human = history.size() - 1;
        while (human > 0 && !(history.get(human) instanceof HumanMessage)) {
            human--;
        }
        if (history.isEmpty()) {
            return List.of();
        }
        int tokens = counter.count(history.subList(human, human + 1));
        int start = history.size();
        for (int from = history.size() - 1; from > human; from--) {
            tokens += counter.count(history.subList(from, from + 1));
            if (tokens > budget) {
                break;
            }
            if (history.get(from) instanceof AiMessage) {
                start = from;
            }
        }
        List<Message> result = new ArrayList<>(history.subList(human, human + 1));
        result.addAll(history.subList(start, history.size()));
        return result;
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
