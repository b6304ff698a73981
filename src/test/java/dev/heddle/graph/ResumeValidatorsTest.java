package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Interrupt;
import dev.heddle.graph.types.ResumeValidator;
import dev.heddle.graph.types.ResumeValidator.Verdict;
import dev.heddle.graph.types.ResumeValidator.Wait;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.FakeClock;
import dev.heddle.testing.GuardedCheckpointer;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Validators look at a thread before it goes on. */
final class ResumeValidatorsTest {
    private static final RunConfig THREAD = RunConfig.thread("thread");
    private static final Tree NODE_ASKS = Tree.of("which way?");
    private static final Tree VALIDATOR_ASKS = Tree.of("still wanted?");
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final GuardedCheckpointer threads = new GuardedCheckpointer(new InMemoryCheckpointer());
    private final FakeClock clock = FakeClock.at(BEGIN);
    private final List<Wait> waits = new ArrayList<>();
    private final List<String> visits = new ArrayList<>();

    /** Asks until it is answered. */
    private final ResumeValidator asking =
            watching(wait -> wait.answer().isEmpty() ? new Verdict.Ask(VALIDATOR_ASKS) : Verdict.GO_ON);

    @AfterEach
    void nothingThatWasStoredWasChanged() {
        threads.verify();
    }

    @Test
    void areNotAskedForNewInput() {
        CompiledGraph graph = waitsInANode(validator(asking));
        graph.invoke(trail("in"), THREAD);
        graph.invoke(trail("again"), THREAD);

        assertThat(waits).isEmpty();
    }

    @Test
    void areToldSinceWhenTheThreadWaitsAndWhichVersionsOfTheGraphMeet() {
        waitsInANode(CompileOptions.DEFAULT.version(1)).invoke(trail("in"), THREAD);
        clock.set(BEGIN.plusSeconds(3600));
        CompiledGraph next =
                waitsInANode(CompileOptions.DEFAULT.version(2).validator("watch", watching(wait -> Verdict.GO_ON)));
        next.invoke(Input.CONTINUE, THREAD);

        assertThat(waits).singleElement().satisfies(wait -> {
            assertThat(wait.since()).isEqualTo(BEGIN);
            assertThat(wait.now()).isEqualTo(BEGIN.plusSeconds(3600));
            assertThat(wait.graphVersion()).startsWith("1-");
            assertThat(wait.currentVersion()).isEqualTo(next.version()).startsWith("2-");
            assertThat(wait.answer()).isEmpty();
        });
    }

    @Test
    void seeTheStateAsItWasLeft() {
        List<List<String>> seen = new ArrayList<>();
        CompiledGraph graph = waitsInANode(validator((state, wait) -> {
            seen.add(state.get(TRAIL));
            return Verdict.GO_ON;
        }));
        graph.invoke(trail("in"), THREAD);
        graph.invoke(Command.resume(Tree.of("left")), THREAD);

        assertThat(seen).containsExactly(List.of("in", "a"));
    }

    @Test
    void thatAgreeLetTheAnswerReachTheNode() {
        CompiledGraph graph = waitsInANode(validator(watching(wait -> Verdict.GO_ON)));
        graph.invoke(trail("in"), THREAD);

        assertThat(graph.invoke(Command.resume(Tree.of("left")), THREAD).state().get(TRAIL))
                .containsExactly("in", "a", "left");
    }

    @Test
    void thatRefuseEndTheRunAndLeaveTheThreadAsItWas() {
        CompiledGraph graph = waitsInANode(validator(watching(wait -> new Verdict.Refuse("user suspended"))));
        graph.invoke(trail("in"), THREAD);
        int before = checkpoints();

        assertThatExceptionOfType(GraphException.ResumeRefused.class)
                .isThrownBy(() -> graph.invoke(Command.resume(Tree.of("left")), THREAD))
                .withMessageContaining("validator 'check'")
                .withMessageContaining("user suspended");
        assertThatExceptionOfType(GraphException.ResumeRefused.class)
                .isThrownBy(() -> graph.invoke(Input.CONTINUE, THREAD));
        assertThat(checkpoints()).isEqualTo(before);
        assertThat(visits).containsExactly("a", "b");
        assertThat(waitsInANode(CompileOptions.DEFAULT)
                        .invoke(Command.resume(Tree.of("right")), THREAD)
                        .state()
                        .get(TRAIL))
                .containsExactly("in", "a", "right");
    }

    @Test
    void thatAskStopTheRunBeforeAnythingHappens() {
        CompiledGraph graph = waitsInANode(validator(asking));
        graph.invoke(trail("in"), THREAD);
        int before = checkpoints();

        RunResult result = graph.invoke(Command.resume(Tree.of("left")), THREAD);

        assertThat(questions(result)).containsExactly(VALIDATOR_ASKS);
        assertThat(id(result)).matches("[0-9a-f]{32}");
        assertThat(result.state().get(TRAIL)).containsExactly("in", "a");
        assertThat(checkpoints()).isEqualTo(before);
        assertThat(visits).containsExactly("a", "b");
    }

    @Test
    void askWithAnIdOfThreadAndValidatorThatStaysTheSame() {
        CompiledGraph graph = waitsInANode(validator(asking).validator("other", asking));
        graph.invoke(trail("in"), THREAD);
        graph.invoke(trail("in"), RunConfig.thread("thread2"));

        List<Interrupt> here = interrupts(graph.invoke(Input.CONTINUE, THREAD));
        List<Interrupt> there = interrupts(graph.invoke(Input.CONTINUE, RunConfig.thread("thread2")));

        assertThat(interrupts(graph.invoke(Input.CONTINUE, THREAD))).isEqualTo(here);
        assertThat(List.of(
                        here.get(0).id(),
                        here.get(1).id(),
                        there.get(0).id(),
                        there.get(1).id()))
                .doesNotHaveDuplicates();
    }

    @Test
    void areAnsweredByIdTogetherWithTheNode() {
        CompiledGraph graph = waitsInANode(validator(asking));
        String node = id(graph.invoke(trail("in"), THREAD));
        String validator = id(graph.invoke(Command.resume(Tree.of("left")), THREAD));

        RunResult end = graph.invoke(Command.resume(Map.of(validator, Tree.of(true), node, Tree.of("left"))), THREAD);

        assertThat(end.state().get(TRAIL)).containsExactly("in", "a", "left");
        assertThat(waits.getLast().answer()).contains(Tree.of(true));
    }

    @Test
    void answeredByIdAloneLetTheNodeAskAgain() {
        CompiledGraph graph = waitsInANode(validator(asking));
        RunResult first = graph.invoke(trail("in"), THREAD);
        String validator = id(graph.invoke(Input.CONTINUE, THREAD));

        RunResult again = graph.invoke(Command.resume(Map.of(validator, Tree.of(true))), THREAD);

        assertThat(interrupts(again)).isEqualTo(interrupts(first));
        assertThat(questions(again)).containsExactly(NODE_ASKS);
    }

    @Test
    void getAnAnswerWithoutIdWhenNothingElseIsOpen() {
        CompiledGraph graph = stopsBeforeB(validator(asking));
        graph.invoke(trail("in"), THREAD);
        assertThat(questions(graph.invoke(Input.CONTINUE, THREAD))).containsExactly(VALIDATOR_ASKS);

        RunResult waiting = graph.invoke(Command.resume(Tree.of("yes")), THREAD);

        assertThat(waits.getLast().answer()).contains(Tree.of("yes"));
        // The answer was the validator's: the node has none and asks.
        assertThat(questions(waiting)).containsExactly(NODE_ASKS);
        assertThat(waiting.state().get(TRAIL)).containsExactly("in", "a");
    }

    @Test
    void getNoAnswerWithoutIdWhileANodeWaits() {
        CompiledGraph graph = waitsInANode(validator(asking));
        graph.invoke(trail("in"), THREAD);

        RunResult still = graph.invoke(Command.resume(Tree.of("left")), THREAD);

        assertThat(questions(still)).containsExactly(VALIDATOR_ASKS);
        assertThat(waits).extracting(Wait::answer).containsOnly(Optional.empty());
    }

    @Test
    void getNoAnswerWithoutIdWhenSeveralAsk() {
        CompiledGraph graph = stopsBeforeB(validator(asking).validator("other", asking));
        graph.invoke(trail("in"), THREAD);

        assertThat(questions(graph.invoke(Command.resume(Tree.of("yes")), THREAD)))
                .containsExactly(VALIDATOR_ASKS, VALIDATOR_ASKS);
        assertThat(waits).extracting(Wait::answer).containsOnly(Optional.empty());
    }

    @Test
    void mayRefuseAfterAnAnswer() {
        CompiledGraph graph = stopsBeforeB(validator(watching(
                wait -> wait.answer().isEmpty() ? new Verdict.Ask(VALIDATOR_ASKS) : new Verdict.Refuse("denied"))));
        graph.invoke(trail("in"), THREAD);

        assertThatExceptionOfType(GraphException.ResumeRefused.class)
                .isThrownBy(() -> graph.invoke(Command.resume(Tree.of("no")), THREAD))
                .withMessageContaining("denied");
    }

    @Test
    void keepTheRestOfTheCommand() {
        CompiledGraph graph = stopsBeforeB(validator(asking));
        graph.invoke(trail("in"), THREAD);

        RunResult result = graph.invoke(Command.resume(Tree.of("yes")).with(trail("edited")), THREAD);

        assertThat(result.state().get(TRAIL)).containsExactly("in", "a", "edited");
    }

    @Test
    void questionsAreShownInStreamsLikeThoseOfNodes() {
        CompiledGraph graph = waitsInANode(validator(asking));
        graph.invoke(trail("in"), THREAD);
        List<StreamEvent> seen = new ArrayList<>();
        try (GraphStream events = graph.stream(Input.CONTINUE, THREAD, Set.of(StreamMode.UPDATES, StreamMode.VALUES))) {
            events.forEachRemaining(seen::add);
        }

        assertThat(seen)
                .satisfiesExactly(
                        event -> assertThat(event)
                                .isInstanceOfSatisfying(
                                        StreamEvent.Interrupted.class, stop -> assertThat(stop.interrupts())
                                                .extracting(Interrupt::value)
                                                .containsExactly(VALIDATOR_ASKS)),
                        event -> assertThat(event)
                                .isInstanceOfSatisfying(
                                        StreamEvent.Values.class, values -> assertThat(values.interrupts())
                                                .hasSize(1)));
    }

    /** a, then b, which asks which way. */
    private CompiledGraph waitsInANode(CompileOptions options) {
        return StateGraph.of(TRAIL)
                .node("a", (state, context) -> {
                    visits.add("a");
                    return trail("a");
                })
                .node("b", (state, context) -> {
                    visits.add("b");
                    return Update.of(TRAIL, List.of(context.interrupt(NODE_ASKS, Codecs.TEXT)));
                })
                .edge(START, "a")
                .edge("a", "b")
                .compile("graph", options)
                .with(clock, RandomGenerator.of("L64X128MixRandom"))
                .with(threads, new InMemoryStore(clock));
    }

    /** The same, but the first run stops before b without a question. */
    private CompiledGraph stopsBeforeB(CompileOptions options) {
        return waitsInANode(options.interruptBefore("b"));
    }

    private static CompileOptions validator(ResumeValidator validator) {
        return CompileOptions.DEFAULT.validator("check", validator);
    }

    private ResumeValidator watching(Function<Wait, Verdict> verdict) {
        return (state, wait) -> {
            waits.add(wait);
            return verdict.apply(wait);
        };
    }

    private int checkpoints() {
        return threads.history("thread", "", HistoryQuery.newest(100)).size();
    }

    private static List<Interrupt> interrupts(RunResult result) {
        return result instanceof RunResult.Interrupted waiting ? waiting.interrupts() : List.of();
    }

    private static List<Tree> questions(RunResult result) {
        return interrupts(result).stream().map(Interrupt::value).toList();
    }

    private static String id(RunResult result) {
        return interrupts(result).getFirst().id();
    }
}
