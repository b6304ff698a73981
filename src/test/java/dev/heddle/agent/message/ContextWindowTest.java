package dev.heddle.agent.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.llm.types.AiMessage;
import dev.heddle.llm.types.HumanMessage;
import dev.heddle.llm.types.Message;
import dev.heddle.llm.types.SystemMessage;
import dev.heddle.llm.types.Tier;
import dev.heddle.llm.types.TokenCounter;
import dev.heddle.llm.types.ToolCall;
import dev.heddle.llm.types.ToolMessage;
import dev.heddle.llm.types.ToolSpec;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ContextWindowTest {
    private static final SystemMessage SYSTEM = SystemMessage.of("system");
    /** Every message counts 100 tokens, the system message too. */
    private static final TokenCounter HUNDRED_EACH = messages -> 100 * messages.size();
    /** Room for 8 messages of 100 tokens, one of them the system message. */
    private static final Tier THOUSAND = new Tier("T", 1000);

    @Test
    void aShortConversationIsSeenWhole() {
        List<Message> history = List.of(human(1), ai(1), human(2));

        assertThat(fit(history)).containsExactly(SYSTEM, human(1), ai(1), human(2));
    }

    @Test
    void aLongConversationLosesItsOldestTurnsAndStartsOnAHuman() {
        List<Message> history = new ArrayList<>();
        for (int turn = 1; turn <= 10; turn++) {
            history.add(human(turn));
            history.add(ai(turn));
        }
        history.add(human(11));

        // 7 places are left: ai(8) would fit, but a conversation does not start with an answer.
        assertThat(fit(history))
                .containsExactly(SYSTEM, human(8), ai(8), human(9), ai(9), human(10), ai(10), human(11));
    }

    @Test
    void aTurnTooLongForTheWindowKeepsItsQuestionAndItsLatestRounds() {
        List<Message> history = new ArrayList<>(List.of(human(1), ai(1), human(2)));
        for (int round = 1; round <= 5; round++) {
            history.add(call("c" + round));
            history.add(result("c" + round));
        }

        assertThat(fit(history))
                .containsExactly(
                        SYSTEM, human(2), call("c3"), result("c3"), call("c4"), result("c4"), call("c5"), result("c5"));
    }

    @Test
    void aCallThatNeverGotAResultGetsOneThatSaysSo() {
        List<Message> seen = fit(List.of(human(1), call("lost"), human(2)));

        assertThat(seen).hasSize(5);
        assertThat(seen.get(3)).isInstanceOfSatisfying(ToolMessage.class, missing -> {
            assertThat(missing.toolCallId()).isEqualTo("lost");
            assertThat(missing.failed()).isTrue();
        });
        assertThat(seen.get(4)).isEqualTo(human(2));
    }

    @Test
    void whenTheLatestRoundAloneIsTooLongItsResultsAreShortenedNotDropped() {
        List<Message> history = new ArrayList<>(List.of(human(1)));
        List<ToolCall> calls = new ArrayList<>();
        List<Message> results = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            calls.add(new ToolCall("c" + i, "search", Tree.EMPTY));
            results.add(new ToolMessage("t" + i, "c" + i, "search", "begin" + "x".repeat(1_990) + "end", false));
        }
        history.add(new AiMessage("ai", "", calls));
        history.addAll(results);

        List<Message> seen = ContextWindow.fit(SYSTEM, history, List.of(), new Tier("T", 4096), TokenCounter.BY_LENGTH);

        assertThat(seen).hasSize(10);
        assertThat(seen.subList(3, 10))
                .allMatch(message -> message.text().startsWith("begin"))
                .allMatch(message -> message.text().endsWith("end"))
                .allMatch(message -> message.text().contains(ContextWindow.CUT));
        assertThat(TokenCounter.BY_LENGTH.count(seen)).isLessThanOrEqualTo(4096 * 8 / 10);
    }

    @Test
    void aQuestionLongerThanTheWindowIsShortenedForTheCall() {
        Message question = new HumanMessage("h", "begin" + "界".repeat(32_000) + "end");

        List<Message> seen =
                ContextWindow.fit(SYSTEM, List.of(question), List.of(), new Tier("T", 4096), TokenCounter.BY_LENGTH);

        assertThat(seen.get(1).text()).startsWith("begin").endsWith("end").contains(ContextWindow.CUT);
        assertThat(TokenCounter.BY_LENGTH.count(seen)).isLessThanOrEqualTo(4096 * 8 / 10);
    }

    @Test
    void toolsTakeTheirShareOfTheWindow() {
        List<Message> history = List.of(human(1), ai(1), human(2), ai(2), human(3));
        ToolSpec tool = new ToolSpec("search", "finds things", Tree.EMPTY);

        assertThat(ContextWindow.fit(SYSTEM, history, List.of(tool, tool, tool), THOUSAND, HUNDRED_EACH))
                .containsExactly(SYSTEM, human(2), ai(2), human(3));
    }

    @Test
    void inAnyConversationOfAnySizesTheEstimateStaysWithinTheBudget() {
        Random random = new Random(11);
        for (int round = 0; round < 500; round++) {
            List<Message> history = new ArrayList<>();
            for (int turn = 0; turn <= random.nextInt(4); turn++) {
                history.add(new HumanMessage("h" + turn, "q".repeat(random.nextInt(20_000))));
                List<ToolCall> calls = new ArrayList<>();
                List<Message> results = new ArrayList<>();
                for (int call = 0; call < random.nextInt(9); call++) {
                    String id = turn + "-" + call;
                    calls.add(new ToolCall(id, "search", Tree.EMPTY));
                    results.add(new ToolMessage("t" + id, id, "search", "é".repeat(random.nextInt(2_000)), false));
                }
                history.add(new AiMessage("a" + turn, "", calls));
                history.addAll(results);
            }
            Tier tier = new Tier("T", 1024 + random.nextInt(8_000));

            List<Message> seen = ContextWindow.fit(SYSTEM, history, List.of(), tier, TokenCounter.BY_LENGTH);

            assertThat(TokenCounter.BY_LENGTH.count(seen)).isLessThanOrEqualTo((int) (tier.windowTokens() * 0.8));
            assertThat(seen.get(1)).isInstanceOf(HumanMessage.class);
        }
    }

    @Test
    void inAnyConversationCallsAndResultsStayTogetherTheBudgetHoldsAndTheQuestionIsThere() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            List<Message> history = randomHistory(random);
            Tier tier = new Tier("T", 512 + random.nextInt(4000));
            List<Message> seen = ContextWindow.fit(SYSTEM, history, List.of(), tier, HUNDRED_EACH);

            assertThat(seen.getFirst()).isEqualTo(SYSTEM);
            assertThat(seen.get(1)).isInstanceOf(HumanMessage.class);
            assertThat(seen).contains(lastHuman(history));
            assertThat(100 * seen.size()).isLessThanOrEqualTo((int) (tier.windowTokens() * 0.8));
            Set<String> open = new HashSet<>();
            for (Message message : seen) {
                if (message instanceof ToolMessage tool) {
                    assertThat(open.remove(tool.toolCallId())).isTrue();
                } else {
                    assertThat(open).isEmpty();
                }
                if (message instanceof AiMessage ai) {
                    ai.toolCalls().forEach(call -> open.add(call.id()));
                }
            }
            assertThat(open).isEmpty();
        }
    }

    private static List<Message> randomHistory(Random random) {
        List<Message> history = new ArrayList<>();
        int turns = 1 + random.nextInt(12);
        for (int turn = 0; turn < turns; turn++) {
            history.add(human(turn));
            int rounds = random.nextInt(4);
            for (int round = 0; round < rounds; round++) {
                String id = turn + "-" + round;
                history.add(call(id));
                history.add(result(id));
            }
            if (turn < turns - 1) {
                history.add(ai(turn));
            }
        }
        return history;
    }

    private static List<Message> fit(List<Message> history) {
        return ContextWindow.fit(SYSTEM, history, List.of(), THOUSAND, HUNDRED_EACH);
    }

    private static Message lastHuman(List<Message> history) {
        return history.stream().filter(HumanMessage.class::isInstance).toList().getLast();
    }

    private static HumanMessage human(int turn) {
        return new HumanMessage("h" + turn, "question " + turn);
    }

    private static AiMessage ai(int turn) {
        return new AiMessage("a" + turn, "answer " + turn, List.of());
    }

    private static AiMessage call(String id) {
        return new AiMessage("ai-" + id, "", List.of(new ToolCall(id, "calculator", Tree.EMPTY)));
    }

    private static ToolMessage result(String id) {
        return new ToolMessage("tool-" + id, id, "calculator", "42", false);
    }
}
