package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.END;
import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Threads.marks;
import static dev.heddle.testing.Threads.question;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.Destination;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Interrupt;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.RetryPolicy;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunConfig.Stops;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.StateSnapshot;
import dev.heddle.graph.types.StateSnapshot.TaskSnapshot;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.Threads;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs that wait for a person, and how they go on. The behaviour is that of LangGraph 1.2. */
final class InterruptTest {
    private static final RunConfig THREAD = RunConfig.thread("t");
    private static final String UNKNOWN_ID = "0123456789abcdef0123456789abcdef";

    @RegisterExtension
    final Threads threads = new Threads();

    /** Asks one question and leaves the answer. */
    private Node asks(String name) {
        return (state, context) -> {
            threads.note(name);
            return trail(name + ":" + ask(context, name + "?"));
        };
    }

    private static String ask(NodeContext context, String question) {
        return context.interrupt(Tree.of(question), Codecs.TEXT);
    }

    /** START -> a asks -> b. */
    private CompiledGraph asking() {
        return threads.keep(StateGraph.of(TRAIL)
                .node("a", asks("a"))
                .node("b", threads.leaves("b"))
                .edge(START, "a")
                .edge("a", "b")
                .compile("asking"));
    }

    /** START -> a and b, which both ask, and quick, which does not. */
    private CompiledGraph twoAsking() {
        return threads.keep(StateGraph.of(TRAIL)
                .node("a", asks("a"))
                .node("b", asks("b"))
                .node("quick", threads.leaves("quick"))
                .edge(START, "a")
                .edge(START, "b")
                .edge(START, "quick")
                .compile("two"));
    }

    private static List<Interrupt> interrupts(RunResult result) {
        return ((RunResult.Interrupted) result).interrupts();
    }

    private static Command answer(String text) {
        return Command.resume(Tree.of(text));
    }

    @Nested
    final class Asking {
        @Test
        void suspendsTheTaskAndTheAnswerRunsTheNodeAgainFromItsBeginning() {
            CompiledGraph graph = asking();

            RunResult waits = graph.invoke(Update.NONE, THREAD);
            assertThat(question(waits)).isEqualTo(Tree.of("a?"));
            assertThat(threads.ran()).containsExactly("a");

            RunResult end = graph.invoke(answer("yes"), THREAD);
            assertThat(end).isInstanceOf(RunResult.Completed.class);
            assertThat(marks(end)).containsExactly("a:yes", "b");
            assertThat(threads.ran()).containsExactly("a", "b");
        }

        @Test
        void twiceInOneNodeRunsItThreeTimesAndAnswersGoByTheOrderOfCalls() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        threads.note("a");
                        String first = ask(context, "first?");
                        String second = ask(context, "second?");
                        return trail(first, second);
                    })
                    .edge(START, "a")
                    .compile("twice"));

            assertThat(question(graph.invoke(Update.NONE, THREAD))).isEqualTo(Tree.of("first?"));
            assertThat(question(graph.invoke(answer("1"), THREAD))).isEqualTo(Tree.of("second?"));
            assertThat(marks(graph.invoke(answer("2"), THREAD))).containsExactly("1", "2");
            assertThat(threads.ran()).containsExactly("a", "a", "a");
        }

        @Test
        void isNotRetried() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", asks("a"), NodeOptions.NONE.retry(RetryPolicy.DEFAULT.on(failure -> true)))
                    .edge(START, "a")
                    .compile("retried"));

            assertThat(graph.invoke(Update.NONE, THREAD)).isInstanceOf(RunResult.Interrupted.class);
            assertThat(threads.ran()).containsExactly("a");
        }

        @Test
        void isNotHandledAsAnError() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", asks("a"), NodeOptions.NONE.onError((state, error, context) -> trail("handled")))
                    .edge(START, "a")
                    .compile("handled"));

            assertThat(graph.invoke(Update.NONE, THREAD)).isInstanceOf(RunResult.Interrupted.class);
            assertThat(marks(graph.invoke(answer("yes"), THREAD))).containsExactly("a:yes");
        }

        @Test
        void isNotCaughtByANodeThatCatchesExceptions() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        try {
                            return trail(ask(context, "?"));
                        } catch (RuntimeException e) {
                            return trail("caught");
                        }
                    })
                    .edge(START, "a")
                    .compile("catching"));

            assertThat(graph.invoke(Update.NONE, THREAD)).isInstanceOf(RunResult.Interrupted.class);
        }

        @Test
        void answersOfOneTaskAreKeptWhenItFailsAfterThem() {
            AtomicBoolean broken = new AtomicBoolean(true);
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        String answer = ask(context, "?");
                        if (broken.get()) {
                            throw new IllegalStateException("broken");
                        }
                        return trail(answer);
                    })
                    .edge(START, "a")
                    .compile("fails"));
            graph.invoke(Update.NONE, THREAD);
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> graph.invoke(answer("yes"), THREAD));
            broken.set(false);

            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("yes");
        }
    }

    @Nested
    final class Ids {
        @Test
        void are32HexadecimalDigits() {
            assertThat(interrupts(asking().invoke(Update.NONE, THREAD))
                            .getFirst()
                            .id())
                    .matches("[0-9a-f]{32}");
        }

        @Test
        void areSharedByAllQuestionsOfATask() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", (state, context) -> trail(ask(context, "1"), ask(context, "2")))
                    .edge(START, "a")
                    .compile("twice"));

            assertThat(interrupts(graph.invoke(Update.NONE, THREAD)).getFirst().id())
                    .isEqualTo(interrupts(graph.invoke(answer("x"), THREAD))
                            .getFirst()
                            .id());
        }

        @Test
        void differFromTaskToTask() {
            assertThat(interrupts(twoAsking().invoke(Update.NONE, THREAD)))
                    .extracting(Interrupt::id)
                    .doesNotHaveDuplicates()
                    .hasSize(2);
        }

        @Test
        void staySameWhileTheQuestionIsAskedAgainAtTheSameCheckpoint() {
            CompiledGraph graph = asking();

            assertThat(interrupts(graph.invoke(Update.NONE, THREAD)))
                    .isEqualTo(interrupts(graph.invoke(Input.CONTINUE, THREAD)))
                    .isEqualTo(graph.state("t").interrupts());
        }

        @Test
        void areNewAfterAForkAndAfterNewInput() {
            CompiledGraph graph = asking();
            String first =
                    interrupts(graph.invoke(Update.NONE, THREAD)).getFirst().id();
            RunConfig back = RunConfig.at(graph.state("t").ref());
            String forked =
                    interrupts(graph.invoke(Input.CONTINUE, back)).getFirst().id();
            String again =
                    interrupts(graph.invoke(Update.NONE, THREAD)).getFirst().id();

            assertThat(List.of(first, forked, again)).doesNotHaveDuplicates();
        }
    }

    @Nested
    final class Siblings {
        @Test
        void finishAndAreKeptAndTheirWritesAreShownButNotApplied() {
            CompiledGraph graph = twoAsking();

            RunResult waits = graph.invoke(Update.NONE, THREAD);

            assertThat(marks(waits)).containsExactly("quick");
            assertThat(threads.steps("t")).containsExactly(-1L, 0L);
            assertThat(threads.head("t").values()).doesNotContainKey("trail");
            assertThat(graph.state("t").next()).containsExactly("a", "b");
        }

        /** The reference lists questions in the order of completion. */
        @Test
        void thatAskTooAreListedInTheOrderOfTheirTasks() {
            assertThat(interrupts(twoAsking().invoke(Update.NONE, THREAD)))
                    .extracting(Interrupt::value)
                    .containsExactly(Tree.of("a?"), Tree.of("b?"));
        }

        @Test
        void areNotRepeatedWhenTheAnswersCome() {
            CompiledGraph graph = twoAsking();
            List<Interrupt> open = interrupts(graph.invoke(Update.NONE, THREAD));
            threads.ran();

            RunResult end = graph.invoke(
                    Command.resume(
                            Map.of(open.get(0).id(), Tree.of("1"), open.get(1).id(), Tree.of("2"))),
                    THREAD);

            assertThat(marks(end)).containsExactly("a:1", "b:2", "quick");
            assertThat(threads.ran()).containsExactlyInAnyOrder("a", "b");
        }
    }

    @Nested
    final class Answers {
        static List<Tree> ordinaryValues() {
            return List.of(
                    Tree.of(false),
                    Tree.of(0),
                    Tree.of(""),
                    Tree.of(List.of()),
                    Tree.of(List.of(Tree.of("x"))),
                    Tree.NULL,
                    Tree.fields("no id", Tree.of(1)),
                    Tree.fields(UNKNOWN_ID, Tree.of(1), "no id", Tree.of(1)));
        }

        @ParameterizedTest
        @MethodSource("ordinaryValues")
        void ofAnyKindAreOneValue(Tree value) {
            List<Tree> got = new ArrayList<>();
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        got.add(context.interrupt(Tree.of("?")));
                        return Update.NONE;
                    })
                    .edge(START, "a")
                    .compile("any"));
            graph.invoke(Update.NONE, THREAD);

            assertThat(graph.invoke(Command.resume(value), THREAD)).isInstanceOf(RunResult.Completed.class);
            assertThat(got).containsExactly(value);
        }

        @Test
        void withoutAnIdGoToTheFirstWhoAsksAndOnce() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", asks("a"))
                    .node("b", asks("b"))
                    .edge(START, "a")
                    .edge("a", "b")
                    .compile("chain"));
            graph.invoke(Update.NONE, THREAD);

            RunResult second = graph.invoke(answer("1"), THREAD);
            assertThat(question(second)).isEqualTo(Tree.of("b?"));
            assertThat(marks(second)).containsExactly("a:1");
        }

        @Test
        void byIdGoToTheirTasks() {
            CompiledGraph graph = twoAsking();
            List<Interrupt> open = interrupts(graph.invoke(Update.NONE, THREAD));

            RunResult end = graph.invoke(
                    Command.resume(
                            Map.of(open.get(1).id(), Tree.of("2"), open.get(0).id(), Tree.of("1"))),
                    THREAD);
            assertThat(marks(end)).containsExactly("a:1", "b:2", "quick");
        }

        @Test
        void byUnknownIdsAreIgnored() {
            CompiledGraph graph = asking();
            RunResult waits = graph.invoke(Update.NONE, THREAD);

            assertThat(interrupts(graph.invoke(Command.resume(Map.of(UNKNOWN_ID, Tree.of(1))), THREAD)))
                    .isEqualTo(interrupts(waits));
        }

        @Test
        void thatAreAnEmptyMapAnswerNothing() {
            CompiledGraph graph = asking();
            RunResult waits = graph.invoke(Update.NONE, THREAD);

            assertThat(interrupts(graph.invoke(Command.resume(Map.of()), THREAD)))
                    .isEqualTo(interrupts(waits));
        }

        @Test
        void withoutAnIdToSeveralTasksAreRefused() {
            CompiledGraph graph = twoAsking();
            graph.invoke(Update.NONE, THREAD);

            assertThatExceptionOfType(GraphException.InvalidResume.class)
                    .isThrownBy(() -> graph.invoke(answer("x"), THREAD))
                    .withMessageContaining("2 tasks wait");
        }

        @Test
        void thatAreRefusedLeaveTheThreadAsItWas() {
            CompiledGraph graph = twoAsking();
            RunResult waits = graph.invoke(Update.NONE, THREAD);
            List<PendingWrite> writes = threads.head("t").writes();
            assertThatExceptionOfType(GraphException.InvalidResume.class)
                    .isThrownBy(() -> graph.invoke(answer("x"), THREAD));

            assertThat(threads.head("t").writes()).isEqualTo(writes);
            assertThat(interrupts(graph.invoke(Input.CONTINUE, THREAD))).isEqualTo(interrupts(waits));
        }

        @Test
        void toSomeByIdLetTheseFinishAndTheOthersAskAgain() {
            CompiledGraph graph = twoAsking();
            List<Interrupt> open = interrupts(graph.invoke(Update.NONE, THREAD));
            threads.ran();

            RunResult partly = graph.invoke(Command.resume(Map.of(open.get(1).id(), Tree.of("2"))), THREAD);
            assertThat(interrupts(partly)).containsExactly(open.get(0));
            assertThat(marks(partly)).containsExactly("b:2", "quick");
            assertThat(threads.ran()).containsExactlyInAnyOrder("a", "b");

            assertThat(marks(graph.invoke(Command.resume(Map.of(open.get(0).id(), Tree.of("1"))), THREAD)))
                    .containsExactly("a:1", "b:2", "quick");
            assertThat(threads.ran()).containsExactly("a");
        }

        @Test
        void withoutAnIdAreTakenWhenOneTaskIsLeft() {
            CompiledGraph graph = twoAsking();
            List<Interrupt> open = interrupts(graph.invoke(Update.NONE, THREAD));
            graph.invoke(Command.resume(Map.of(open.get(1).id(), Tree.of("2"))), THREAD);

            assertThat(marks(graph.invoke(answer("1"), THREAD))).containsExactly("a:1", "b:2", "quick");
        }

        @Test
        void ofATaskAreKeptAsOneList() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", (state, context) -> trail(ask(context, "1"), ask(context, "2"), ask(context, "3")))
                    .edge(START, "a")
                    .compile("thrice"));
            graph.invoke(Update.NONE, THREAD);
            graph.invoke(answer("x"), THREAD);
            graph.invoke(answer("y"), THREAD);
            String task = graph.state("t").tasks().getFirst().id();

            assertThat(threads.head("t").writes())
                    .filteredOn(write -> write.taskId().equals(task) && write.index() == PendingWrite.RESUME)
                    .singleElement()
                    .satisfies(write -> assertThat(
                                    Codecs.fields(write.value(), "answers").get("answers"))
                            .isEqualTo(Tree.of(List.of(Tree.of("x"), Tree.of("y")))));
        }

        @Test
        void thatNobodyAsksForAreLost() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .node("b", asks("b"))
                    .edge(START, "a")
                    .edge("a", "b")
                    .compile("later", CompileOptions.DEFAULT.interruptBefore("a")));
            graph.invoke(Update.NONE, THREAD);
            graph.invoke(answer("early"), THREAD);

            RunResult waits = graph.invoke(Input.CONTINUE, THREAD);
            assertThat(question(waits)).isEqualTo(Tree.of("b?"));
        }

        @Test
        void needACheckpointer() {
            CompiledGraph plain =
                    StateGraph.of(TRAIL).node("a", asks("a")).edge(START, "a").compile("plain");

            assertThat(question(plain.invoke(Update.NONE, RunConfig.DEFAULT))).isEqualTo(Tree.of("a?"));
            assertThatExceptionOfType(GraphException.InvalidResume.class)
                    .isThrownBy(() -> plain.invoke(answer("x"), RunConfig.DEFAULT))
                    .withMessageContaining("checkpointer");
        }
    }

    @Nested
    final class InSubgraphs {
        private CompiledGraph outer(CompiledGraph inner) {
            return threads.keep(StateGraph.of(TRAIL)
                    .node("i", inner)
                    .node("end", threads.leaves("end"))
                    .edge(START, "i")
                    .edge("i", "end")
                    .compile("outer"));
        }

        @Test
        void severalQuestionsCountAsOneAndAreAnsweredOneAfterTheOther() {
            CompiledGraph inner = StateGraph.of(TRAIL)
                    .node("a", asks("a"))
                    .node("b", asks("b"))
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("inner");
            CompiledGraph graph = outer(inner);

            assertThat(interrupts(graph.invoke(Update.NONE, THREAD))).hasSize(2);
            RunResult second = graph.invoke(answer("1"), THREAD);
            assertThat(interrupts(second)).hasSize(1);
            RunResult end = graph.invoke(answer("2"), THREAD);
            assertThat(end).isInstanceOf(RunResult.Completed.class);
            assertThat(marks(end)).hasSize(3).endsWith("end");
        }

        @Test
        void twoThatAskAreAnsweredById() {
            CompiledGraph inner =
                    StateGraph.of(TRAIL).node("a", asks("a")).edge(START, "a").compile("inner");
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("i", inner)
                    .node("j", inner)
                    .edge(START, "i")
                    .edge(START, "j")
                    .compile("outer"));
            List<Interrupt> open = interrupts(graph.invoke(Update.NONE, THREAD));
            assertThatExceptionOfType(GraphException.InvalidResume.class)
                    .isThrownBy(() -> graph.invoke(answer("x"), THREAD));

            RunResult partly = graph.invoke(Command.resume(Map.of(open.get(0).id(), Tree.of("1"))), THREAD);
            assertThat(interrupts(partly)).containsExactly(open.get(1));
        }

        /** The reference wrongly refuses it. */
        @Test
        void theLastOfTwoMayBeAnsweredWithoutAnId() {
            CompiledGraph inner =
                    StateGraph.of(TRAIL).node("a", asks("a")).edge(START, "a").compile("inner");
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("i", inner)
                    .node("j", inner)
                    .edge(START, "i")
                    .edge(START, "j")
                    .compile("outer"));
            List<Interrupt> open = interrupts(graph.invoke(Update.NONE, THREAD));
            graph.invoke(Command.resume(Map.of(open.get(0).id(), Tree.of("1"))), THREAD);

            RunResult end = graph.invoke(answer("2"), THREAD);
            assertThat(marks(end)).containsExactly("a:1", "a:2");
        }
    }

    @Nested
    final class CommandsWithMore {
        @Test
        void anUpdateIsAppliedBeforeTheTaskRunsAndADestinationRunsBesideIt() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        String answer = ask(context, "?");
                        return trail("a saw " + state.get(TRAIL) + " " + answer);
                    })
                    .node("b", (state, context) -> trail("b saw " + state.get(TRAIL)))
                    .edge(START, "a")
                    .compile("all"));
            graph.invoke(trail("in"), THREAD);

            RunResult end = graph.invoke(answer("yes").with(trail("updated")).going(Destination.to("b")), THREAD);
            assertThat(marks(end)).containsExactly("in", "updated", "a saw [in, updated] yes", "b saw [in, updated]");
            assertThat(threads.steps("t")).containsExactly(-1L, 0L, 1L);
        }

        @Test
        void aDestinationAloneRunsAndTheQuestionIsAskedAgain() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", asks("a"))
                    .node("b", threads.leaves("b"))
                    .edge(START, "a")
                    .compile("goto"));
            RunResult first = graph.invoke(Update.NONE, THREAD);

            RunResult second = graph.invoke(Command.to("b"), THREAD);
            assertThat(interrupts(second)).isEqualTo(interrupts(first));
            assertThat(marks(second)).containsExactly("b");
            assertThat(threads.ran()).containsExactlyInAnyOrder("a", "a", "b");
        }

        @Test
        void onAFinishedThreadADestinationIsANewSuperstep() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .node("b", threads.leaves("b"))
                    .edge(START, "a")
                    .compile("goto"));
            graph.invoke(Update.NONE, THREAD);

            assertThat(marks(graph.invoke(Command.to("b"), THREAD))).containsExactly("a", "b");
            assertThat(threads.steps("t")).containsExactly(-1L, 0L, 1L, 2L);
        }

        @Test
        void onAFinishedThreadAnAnswerDoesNothing() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .edge(START, "a")
                    .compile("done"));
            graph.invoke(Update.NONE, THREAD);

            assertThat(graph.invoke(answer("x"), THREAD)).isInstanceOf(RunResult.Completed.class);
            assertThat(threads.ran()).containsExactly("a");
            assertThat(threads.steps("t")).containsExactly(-1L, 0L, 1L);
        }

        @Test
        void onAFinishedThreadAnUpdateAddsToTheHead() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .edge(START, "a")
                    .compile("update"));
            graph.invoke(Update.NONE, THREAD);

            assertThat(marks(graph.invoke(Command.of(trail("x")), THREAD))).containsExactly("a", "x");
            assertThat(threads.steps("t")).containsExactly(-1L, 0L, 1L);
            assertThat(graph.state("t").values()).isEqualTo(trees("a", "x"));
            assertThat(marks(graph.invoke(trail("new"), THREAD))).containsExactly("a", "x", "new", "a");
        }

        @Test
        void updatesOfSeveralCommandsAddUp() {
            CompiledGraph graph = asking();
            graph.invoke(Update.NONE, THREAD);
            graph.invoke(Command.of(trail("x")), THREAD);
            graph.invoke(Command.of(trail("y")), THREAD);

            assertThat(marks(graph.invoke(answer("1"), THREAD))).containsExactly("x", "y", "a:1", "b");
        }
    }

    @Nested
    final class GoingOnOtherwise {
        @Test
        void withoutAnAnswerTheQuestionIsAskedAgain() {
            CompiledGraph graph = asking();
            RunResult first = graph.invoke(Update.NONE, THREAD);

            assertThat(interrupts(graph.invoke(Input.CONTINUE, THREAD))).isEqualTo(interrupts(first));
            assertThat(threads.ran()).containsExactly("a", "a");
        }

        @Test
        void newInputAbandonsTheTask() {
            CompiledGraph graph = asking();
            RunResult first = graph.invoke(trail("1"), THREAD);

            RunResult second = graph.invoke(trail("2"), THREAD);
            assertThat(marks(second)).containsExactly("1", "2");
            assertThat(interrupts(second).getFirst().id())
                    .isNotEqualTo(interrupts(first).getFirst().id());
            assertThat(marks(graph.invoke(answer("x"), THREAD))).containsExactly("1", "2", "a:x", "b");
        }
    }

    @Nested
    final class NamedStops {
        private CompiledGraph chain(CompileOptions options) {
            return threads.keep(StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .node("b", threads.leaves("b"))
                    .edge(START, "a")
                    .edge("a", "b")
                    .compile("chain", options));
        }

        @Test
        void beforeANodeStopAndGoOn() {
            CompiledGraph graph = chain(CompileOptions.DEFAULT.interruptBefore("b"));

            RunResult stopped = graph.invoke(Update.NONE, THREAD);
            assertThat(interrupts(stopped)).isEmpty();
            assertThat(marks(stopped)).containsExactly("a");
            assertThat(graph.state("t").next()).containsExactly("b");
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("a", "b");
        }

        @Test
        void afterTheLastNodeStopTooAndThenGoingOnDoesNothing() {
            CompiledGraph graph = chain(CompileOptions.DEFAULT.interruptAfter("b"));

            assertThat(graph.invoke(Update.NONE, THREAD)).isInstanceOf(RunResult.Interrupted.class);
            assertThat(graph.state("t").next()).isEmpty();
            assertThat(graph.invoke(Input.CONTINUE, THREAD)).isInstanceOf(RunResult.Completed.class);
            assertThat(threads.ran()).containsExactly("a", "b");
        }

        @Test
        void atAllNodesStopAtEach() {
            CompiledGraph graph = chain(CompileOptions.DEFAULT.interruptBefore("*"));

            assertThat(marks(graph.invoke(Update.NONE, THREAD))).isEmpty();
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("a");
            assertThat(graph.invoke(Input.CONTINUE, THREAD)).isInstanceOf(RunResult.Completed.class);
        }

        @Test
        void beforeAndAfterStopOnceForEachChange() {
            CompiledGraph graph =
                    chain(CompileOptions.DEFAULT.interruptAfter("a").interruptBefore("b"));

            assertThat(graph.invoke(Update.NONE, THREAD)).isInstanceOf(RunResult.Interrupted.class);
            assertThat(graph.invoke(Input.CONTINUE, THREAD)).isInstanceOf(RunResult.Completed.class);
        }

        @Test
        void ofTheRunReplaceThoseOfTheGraph() {
            CompiledGraph graph = chain(CompileOptions.DEFAULT.interruptBefore("a"));

            RunResult stopped = graph.invoke(Update.NONE, THREAD.with(new Stops(Set.of("b"), Set.of())));
            assertThat(marks(stopped)).containsExactly("a");
        }

        @Test
        void ofTheRunMayBeNone() {
            CompiledGraph graph = chain(CompileOptions.DEFAULT.interruptBefore("a"));

            assertThat(graph.invoke(Update.NONE, THREAD.with(Stops.NONE))).isInstanceOf(RunResult.Completed.class);
        }

        @Test
        void goOnWithAnyCommand() {
            CompiledGraph graph = chain(CompileOptions.DEFAULT.interruptBefore("b"));
            graph.invoke(Update.NONE, THREAD);

            assertThat(marks(graph.invoke(Command.of(trail("x")), THREAD))).containsExactly("a", "x", "b");
        }

        @Test
        void areToldAsAnInterruptWithoutQuestions() {
            CompiledGraph graph = chain(CompileOptions.DEFAULT.interruptBefore("b"));
            List<StreamEvent> events = new ArrayList<>();
            try (GraphStream stream = graph.stream(Update.NONE, THREAD, Set.of(StreamMode.UPDATES))) {
                stream.forEachRemaining(events::add);
            }

            assertThat(events.getLast()).isEqualTo(new StreamEvent.Interrupted(List.of(), List.of()));
        }

        @Test
        void inALoopStopEachTimeRound() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .edge(START, "a")
                    .branch("a", state -> state.get(TRAIL).size() < 3 ? "a" : END)
                    .compile("loop", CompileOptions.DEFAULT.interruptAfter("a")));

            assertThat(marks(graph.invoke(Update.NONE, THREAD))).hasSize(1);
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).hasSize(2);
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).hasSize(3);
            assertThat(graph.invoke(Input.CONTINUE, THREAD)).isInstanceOf(RunResult.Completed.class);
            assertThat(threads.ran()).hasSize(3);
        }

        @Test
        void inASubgraphStopTheWholeRun() {
            CompiledGraph inner = StateGraph.of(TRAIL)
                    .node("x", threads.leaves("x"))
                    .node("y", threads.leaves("y"))
                    .edge(START, "x")
                    .edge("x", "y")
                    .compile("inner", CompileOptions.DEFAULT.interruptBefore("y"));
            CompiledGraph graph = threads.keep(
                    StateGraph.of(TRAIL).node("i", inner).edge(START, "i").compile("outer"));

            assertThat(graph.invoke(Update.NONE, THREAD)).isInstanceOf(RunResult.Interrupted.class);
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("x", "y");
            assertThat(threads.ran()).containsExactly("x", "y");
        }
    }

    @Nested
    final class Snapshots {
        @Test
        void showTheQuestionsOfEachTaskAndOfAll() {
            CompiledGraph graph = twoAsking();
            List<Interrupt> open = interrupts(graph.invoke(Update.NONE, THREAD));

            StateSnapshot snapshot = graph.state("t");
            assertThat(snapshot.interrupts()).isEqualTo(open);
            assertThat(snapshot.tasks())
                    .extracting(TaskSnapshot::interrupts)
                    .containsExactly(List.of(open.get(0)), List.of(open.get(1)), List.of());
        }

        /** The reference goes on listing them. */
        @Test
        void doNotListWhatWasAnswered() {
            CompiledGraph graph = twoAsking();
            List<Interrupt> open = interrupts(graph.invoke(Update.NONE, THREAD));
            graph.invoke(Command.resume(Map.of(open.get(0).id(), Tree.of("1"))), THREAD);

            assertThat(graph.state("t").interrupts()).containsExactly(open.get(1));
            assertThat(graph.state("t").next()).containsExactly("b");
        }

        @Test
        void inTheHistoryShowTheQuestionsWithTheirCheckpoint() {
            CompiledGraph graph = asking();
            List<Interrupt> open = interrupts(graph.invoke(Update.NONE, THREAD));
            StateSnapshot at = graph.history("t", HistoryQuery.newest(1)).getFirst();

            assertThat(at.interrupts()).isEqualTo(open);
            assertThat(graph.state(new CheckpointRef("t", "", at.ref().checkpointId()), false)
                            .interrupts())
                    .isEqualTo(open);
        }
    }

    private static Tree.Fields trees(String... marks) {
        return Tree.fields("trail", Codecs.list(Codecs.TEXT).encode(List.of(marks)));
    }
}
