package dev.heddle.agent;

import static dev.heddle.testing.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.agent.tool.Arguments;
import dev.heddle.agent.tool.BuiltInTools;
import dev.heddle.agent.tool.Tool;
import dev.heddle.agent.tool.ToolNode;
import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.State;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Update;
import dev.heddle.llm.gateway.Price;
import dev.heddle.llm.gateway.TierGateway;
import dev.heddle.llm.types.HumanMessage;
import dev.heddle.llm.types.LlmException;
import dev.heddle.llm.types.Message;
import dev.heddle.llm.types.Tier;
import dev.heddle.llm.types.TokenCounter;
import dev.heddle.llm.types.ToolCall;
import dev.heddle.llm.types.ToolMessage;
import dev.heddle.llm.types.ToolSpec;
import dev.heddle.testing.ScriptedModel;
import dev.heddle.tree.Tree;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class AssistantGraphTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T10:00:00Z"), ZoneOffset.UTC);
    private static final Tier SIMPLE = new Tier("SIMPLE", 4000);
    private static final Tier MODERATE = new Tier("MODERATE", 4000);
    private static final Tier COMPLEX = new Tier("COMPLEX", 8000);

    private final ScriptedModel model = new ScriptedModel();
    private final InMemoryCheckpointer checkpointer = new InMemoryCheckpointer();
    private final InMemoryStore store = new InMemoryStore(CLOCK);

    @Test
    void aPlainQuestionIsRoutedAndAnswered() {
        model.says("SIMPLE").says("Hello there.");

        State state = ask("hello");

        assertThat(texts(state)).containsExactly("hello", "Hello there.");
        assertThat(state.get(AssistantGraph.TIER)).isEqualTo("SIMPLE");
        assertThat(state.get(AssistantGraph.TASK_ID)).isEqualTo("run-1");
        assertThat(model.requests())
                .extracting(request -> request.tier().name())
                .containsExactly("SIMPLE", "SIMPLE");
        assertThat(model.requests().getFirst().tools()).isEmpty();
        assertThat(model.requests().getFirst().options().thinking()).isFalse();
        assertThat(model.requests().getLast().tools())
                .extracting(ToolSpec::name)
                .containsExactly("calculator", "current_time", "remember", "recall");
    }

    @Test
    void aWordThatIsNoTierCountsAsModerate() {
        model.says("I think it is easy").says("ok");
        assertThat(ask("hm").get(AssistantGraph.TIER)).isEqualTo("MODERATE");

        model.says("  complex. ").says("ok");
        assertThat(ask("hm").get(AssistantGraph.TIER)).isEqualTo("COMPLEX");
    }

    @Test
    void theCallsOfOneAnswerRunAtTheSameTimeAndTheirResultsGoBackInOrder() {
        CyclicBarrier both = new CyclicBarrier(2);
        Tool meeting = tool("meet", arguments -> {
            both.await(20, TimeUnit.SECONDS);
            return "met";
        });
        model.says("MODERATE")
                .calls(call("c1", "meet", "x", "1"), call("c2", "meet", "x", "2"))
                .says("Both met.");

        State state = ask(graph(10, meeting), "meet twice");

        assertThat(state.get(AssistantGraph.MESSAGES).subList(2, 4))
                .extracting(message -> ((ToolMessage) message).toolCallId())
                .containsExactly("c1", "c2");
        assertThat(texts(state).getLast()).isEqualTo("Both met.");
        assertThat(state.get(AssistantGraph.TOOL_CALLS_REMAINING)).isEqualTo(8);
    }

    @Test
    void whatGoesWrongInAToolIsToldToTheModel() {
        CountDownLatch never = new CountDownLatch(1);
        Tool broken = tool("broken", arguments -> {
            throw new IllegalStateException("secret detail");
        });
        Tool slow = tool("slow", arguments -> {
            never.await();
            return "never";
        });
        model.says("MODERATE")
                .calls(
                        call("c1", "launch_rocket", "when", "now"),
                        call("c2", "broken", "x", ""),
                        call("c3", "slow", "x", ""),
                        call("c4", "calculator", "expresion", "1+1"),
                        new ToolCall("c5", "calculator", Tree.of("{oops")))
                .says("I see.");

        List<Message> messages = ask(graph(10, broken, slow, BuiltInTools.calculator()), "do it all")
                .get(AssistantGraph.MESSAGES);

        assertThat(messages.subList(2, 7)).allSatisfy(message -> assertThat(((ToolMessage) message).failed())
                .isTrue());
        assertThat(messages.subList(2, 7).stream().map(Message::text).toList())
                .containsExactly(
                        "There is no such tool. Tools: broken, slow, calculator.",
                        "The tool failed: IllegalStateException.",
                        "The tool did not answer within 0 seconds.",
                        "Argument 'expression' is missing, expected a text.",
                        "The arguments are no JSON object. Call it again with an object.");
    }

    @Test
    void longToolOutputIsCutWithANote() {
        model.says("MODERATE").calls(call("c1", "flood", "x", "")).says("Much.");

        ToolMessage result = (ToolMessage) ask(graph(10, tool("flood", arguments -> "x".repeat(5_000))), "flood")
                .get(AssistantGraph.MESSAGES)
                .get(2);

        assertThat(result.text()).hasSize(2_000).endsWith("[cut: 5000 characters, the first 2000 at most are shown]");
    }

    @Test
    void theLoopEndsAtTheToolCallBudgetWithAnAnswerThatSaysSo() {
        model.says("MODERATE");
        for (int i = 0; i < 4; i++) {
            model.calls(call("c" + i, "calculator", "expression", "1+" + i));
        }

        State state = ask(graph(3, BuiltInTools.calculator()), "loop");

        assertThat(texts(state).getLast()).contains("limit of 3 tool calls");
        assertThat(state.get(AssistantGraph.TOOL_CALLS_REMAINING)).isZero();
        assertThat(model.requests()).hasSize(5);
    }

    @Test
    void theBudgetIsFreshInEachRun() {
        CompiledGraph graph = graph(1, BuiltInTools.calculator());
        for (int turn = 0; turn < 2; turn++) {
            model.says("MODERATE")
                    .calls(call("c" + turn, "calculator", "expression", "6*7"))
                    .says("42");
            assertThat(texts(ask(graph, "6*7?")).getLast()).isEqualTo("42");
        }
    }

    @Test
    void anEmptyAnswerBecomesAnHonestOne() {
        model.says("SIMPLE").says("");

        assertThat(texts(ask("hello")).getLast()).startsWith("The model gave an empty answer.");
    }

    @Test
    void anAnswerThatWasCutOffSaysSoInStateAndStream() {
        model.says("SIMPLE").cutOff("Half an ans");
        List<String> shown = new ArrayList<>();
        try (GraphStream stream = graph(10).stream(input("hello"), config(), Set.of(StreamMode.MESSAGES))) {
            while (stream.hasNext()) {
                shown.add(((StreamEvent.MessageChunk) stream.next()).message().text());
            }
            assertThat(texts(stream.result().state()).getLast())
                    .isEqualTo(String.join("", shown))
                    .startsWith("Half an ans")
                    .contains("cut off here");
        }
    }

    @Test
    void costAddsUpOverTheThreadAndIsShownPerTurn() {
        for (int turn = 1; turn <= 2; turn++) {
            model.says("SIMPLE").says("ok");
            State state = ask("hello");
            // Two calls of 100 tokens in at 1 $ and 10 out at 5 $ a million each.
            assertThat(state.get(AssistantGraph.TURN_COST_USD)).isEqualByComparingTo("0.0003");
            assertThat(state.get(AssistantGraph.COST_USD))
                    .isEqualByComparingTo(new BigDecimal("0.0003").multiply(BigDecimal.valueOf(turn)));
        }
    }

    @Test
    void theNextTurnKnowsTheFirstAndOnlyTheCallIsTrimmedNotTheState() {
        Tier tiny = new Tier("SIMPLE", 700);
        CompiledGraph graph = AssistantGraph.compile(
                        new TierGateway(List.of(route(tiny))), List.of(tiny), tools(), 10, TokenCounter.BY_LENGTH)
                .with(checkpointer, store);
        for (int turn = 0; turn < 6; turn++) {
            model.says("SIMPLE").says("answer " + "x".repeat(200));
            ask(graph, "question " + turn + " " + "y".repeat(200));
        }

        List<Message> seen = model.requests().getLast().messages();
        assertThat(seen).hasSizeLessThan(12).anyMatch(message -> message.text().startsWith("answer"));
        assertThat(seen.get(1)).isInstanceOf(HumanMessage.class);
        model.says("SIMPLE").says("done");
        assertThat(ask(graph, "last").get(AssistantGraph.MESSAGES)).hasSize(14);
    }

    @Test
    void whenTheModelIsDownTheQuestionIsKeptAndTheNextTurnWorks() {
        model.says("SIMPLE").fails(new LlmException.Unavailable("scripted", "down", null));
        assertThatExceptionOfType(GraphException.NodeFailed.class)
                .isThrownBy(() -> ask("first"))
                .withCauseInstanceOf(LlmException.Unavailable.class);

        model.says("SIMPLE").says("back again");

        assertThat(texts(ask("second"))).containsExactly("first", "second", "back again");
    }

    @Test
    void theRoutersWordsAreNotShownButEveryWordOfTheAnswerIs() {
        model.says("SIMPLE").says("One two three.");
        List<String> shown = new ArrayList<>();
        List<String> nodes = new ArrayList<>();

        try (GraphStream stream =
                graph(10).stream(input("hello"), config(), Set.of(StreamMode.MESSAGES, StreamMode.TASKS))) {
            while (stream.hasNext()) {
                switch (stream.next()) {
                    case StreamEvent.MessageChunk chunk ->
                        shown.add(chunk.message().text());
                    case StreamEvent.TaskStarted started -> nodes.add(started.node());
                    default -> {}
                }
            }
        }

        assertThat(shown).containsExactly("One ", "two ", "three.");
        assertThat(nodes).containsExactly("router", "planner", "critic");
    }

    @Test
    void rememberAndRecallOutliveTheThread() {
        model.says("MODERATE")
                .calls(new ToolCall("c1", "remember", Tree.fields("key", Tree.of("name"), "value", Tree.of("Ada"))))
                .says("Noted.");
        ask("remember my name");
        model.says("MODERATE").calls(call("c2", "recall", "key", "")).says("Ada.");

        State state = graph(10, BuiltInTools.all(CLOCK).toArray(Tool[]::new))
                .invoke(input("who am I"), RunConfig.thread("another").withRunId("run-2"))
                .state();

        assertThat(((ToolMessage) state.get(AssistantGraph.MESSAGES).get(2)).text())
                .isEqualTo("name: Ada");
    }

    private State ask(String question) {
        return ask(graph(10, BuiltInTools.all(CLOCK).toArray(Tool[]::new)), question);
    }

    private static State ask(CompiledGraph graph, String question) {
        return graph.invoke(input(question), config()).state();
    }

    private static Update input(String question) {
        return Update.of(AssistantGraph.MESSAGES, List.of(HumanMessage.of(question)));
    }

    private static RunConfig config() {
        return RunConfig.thread("thread").withRunId("run-1");
    }

    private CompiledGraph graph(int budget, Tool... tools) {
        TierGateway gateway = new TierGateway(List.of(route(SIMPLE), route(MODERATE), route(COMPLEX)));
        return AssistantGraph.compile(
                        gateway, List.of(SIMPLE, MODERATE, COMPLEX), tools(tools), budget, TokenCounter.BY_LENGTH)
                .with(checkpointer, store);
    }

    private TierGateway.Route route(Tier tier) {
        return new TierGateway.Route(tier, model, new Price(BigDecimal.ONE, BigDecimal.valueOf(5)));
    }

    private static ToolNode tools(Tool... tools) {
        return new ToolNode(List.of(tools), AssistantGraph.MESSAGES, Duration.ofMillis(500));
    }

    private static List<String> texts(State state) {
        return state.get(AssistantGraph.MESSAGES).stream().map(Message::text).toList();
    }

    private interface Work {
        String call(Tree.Fields arguments) throws Exception;
    }

    private static Tool tool(String name, Work work) {
        return new Tool() {
            @Override
            public ToolSpec spec() {
                return new ToolSpec(name, "does " + name, Tree.EMPTY);
            }

            @Override
            public String call(Arguments arguments, NodeContext context) throws Exception {
                return work.call(arguments.fields());
            }
        };
    }
}
