package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Threads.marks;
import static dev.heddle.testing.Threads.question;
import static dev.heddle.testing.Threads.told;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.types.CheckpointMetadata.Source;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Persistence;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.StateEdit;
import dev.heddle.graph.types.StateSnapshot;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.Threads;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs that go back to an older checkpoint and on from there. The behaviour is that of LangGraph 1.2. */
final class TimeTravelTest {
    private static final RunConfig THREAD = RunConfig.thread("t");

    @RegisterExtension
    final Threads threads = new Threads();

    /** START -> a -> b. */
    private CompiledGraph chain() {
        return threads.keep(StateGraph.of(TRAIL)
                .node("a", threads.leaves("a"))
                .node("b", threads.leaves("b"))
                .edge(START, "a")
                .edge("a", "b")
                .compile("chain"));
    }

    /** START -> a and b, of which b asks. */
    private CompiledGraph asking() {
        return threads.keep(StateGraph.of(TRAIL)
                .node("a", threads.leaves("a"))
                .node("b", (state, context) -> {
                    threads.note("b");
                    return trail(context.interrupt(Tree.of("?"), Codecs.TEXT));
                })
                .edge(START, "a")
                .edge(START, "b")
                .compile("asking"));
    }

    private CheckpointRef ref(long step) {
        return threads.line("t").stream()
                .filter(saved -> saved.metadata().step() == step)
                .findFirst()
                .orElseThrow()
                .ref();
    }

    private RunConfig at(long step) {
        return RunConfig.at(ref(step));
    }

    @Nested
    final class GoingBack {
        @Test
        void addsAForkBehindTheOldCheckpointAndRunsItsTasksAgain() {
            CompiledGraph graph = chain();
            graph.invoke(trail("in"), THREAD);
            threads.ran();

            RunResult end = graph.invoke(Input.CONTINUE, at(0));

            assertThat(marks(end)).containsExactly("in", "a", "b");
            assertThat(threads.ran()).containsExactly("a", "b");
            assertThat(threads.steps("t")).containsExactly(-1L, 0L, 1L, 2L, 1L, 2L, 3L);
            SavedCheckpoint fork = threads.line("t").get(4);
            assertThat(fork.metadata().source()).isEqualTo(Source.FORK);
            assertThat(fork.parentId()).isEqualTo(ref(0).checkpointId());
        }

        @Test
        void toTheInputRunsEverythingAgain() {
            CompiledGraph graph = chain();
            graph.invoke(trail("in"), THREAD);

            assertThat(marks(graph.invoke(Input.CONTINUE, at(-1)))).containsExactly("in", "a", "b");
            assertThat(threads.ran()).containsExactly("a", "b", "a", "b");
        }

        @Test
        void toTheEndRunsNothingAndAddsOneFork() {
            CompiledGraph graph = chain();
            graph.invoke(trail("in"), THREAD);
            threads.ran();

            RunResult end = graph.invoke(Input.CONTINUE, at(2));

            assertThat(marks(end)).containsExactly("in", "a", "b");
            assertThat(threads.ran()).isEmpty();
            assertThat(threads.head("t").metadata().source()).isEqualTo(Source.FORK);
            assertThat(threads.steps("t")).containsExactly(-1L, 0L, 1L, 2L, 3L);
        }

        @Test
        void toAForkOrAnEditAddsNoOther() {
            CompiledGraph graph = chain();
            graph.invoke(trail("in"), THREAD);
            CheckpointRef edit = graph.update(ref(0), StateEdit.as("a", trail("edited")));
            int before = threads.line("t").size();

            graph.invoke(Input.CONTINUE, RunConfig.at(edit));

            assertThat(threads.line("t").subList(before, threads.line("t").size()))
                    .extracting(saved -> saved.metadata().source())
                    .containsExactly(Source.LOOP);
        }

        @Test
        void usesNoneOfTheWritesThatAreStoredThere() {
            CompiledGraph graph = asking();
            graph.invoke(Update.NONE, THREAD);
            threads.ran();

            graph.invoke(Input.CONTINUE, at(0));
            assertThat(threads.ran()).containsExactlyInAnyOrder("a", "b");
        }

        @Test
        void usesNoneOfTheAnswersThatAreStoredThereAndAsksUnderANewId() {
            CompiledGraph graph = asking();
            RunResult first = graph.invoke(Update.NONE, THREAD);
            graph.invoke(Command.resume(Tree.of("yes")), THREAD);

            RunResult again = graph.invoke(Input.CONTINUE, at(0));
            assertThat(question(again)).isEqualTo(Tree.of("?"));
            assertThat(((RunResult.Interrupted) again).interrupts())
                    .doesNotContainAnyElementsOf(((RunResult.Interrupted) first).interrupts());
            assertThat(marks(graph.invoke(Command.resume(Tree.of("no")), THREAD)))
                    .containsExactly("a", "no");
        }

        @Test
        void leavesTheOtherBranchAsItWas() {
            CompiledGraph graph = chain();
            graph.invoke(trail("in"), THREAD);
            List<SavedCheckpoint> before = threads.line("t");

            graph.invoke(Input.CONTINUE, at(0));

            assertThat(threads.line("t").subList(0, before.size())).isEqualTo(before);
        }

        @Test
        void toACheckpointThatIsNotThereIsRefused() {
            CompiledGraph graph = chain();
            graph.invoke(trail("in"), THREAD);

            assertThatExceptionOfType(GraphException.BadInput.class)
                    .isThrownBy(() -> graph.invoke(
                            Input.CONTINUE,
                            RunConfig.at(new CheckpointRef("t", "", "00000000-0000-7000-8000-000000000000"))));
        }

        @Test
        void makesTheNewBranchTheLatest() {
            CompiledGraph graph = chain();
            graph.invoke(trail("in"), THREAD);
            graph.invoke(Input.CONTINUE, at(0));

            assertThat(told(graph.state("t")).step()).isEqualTo(3);
            assertThat(marks(graph.invoke(trail("next"), THREAD))).containsExactly("in", "a", "b", "next", "a", "b");
            assertThat(threads.head("t").metadata().step()).isEqualTo(7);
        }
    }

    @Nested
    final class AnEditInThePast {
        @Test
        void beginsABranchThatARunGoesOnWith() {
            CompiledGraph graph = chain();
            graph.invoke(trail("in"), THREAD);
            threads.ran();

            CheckpointRef edit = graph.update(ref(0), StateEdit.as("a", trail("edited")));
            RunResult end = graph.invoke(Input.CONTINUE, RunConfig.at(edit));

            assertThat(marks(end)).containsExactly("in", "edited", "b");
            assertThat(threads.ran()).containsExactly("b");
            assertThat(threads.line("t").subList(4, 6))
                    .extracting(saved -> saved.metadata().source())
                    .containsExactly(Source.UPDATE, Source.LOOP);
            assertThat(threads.line("t").get(4).parentId()).isEqualTo(ref(0).checkpointId());
        }

        @Test
        void leavesTheOtherBranchAsItWas() {
            CompiledGraph graph = chain();
            graph.invoke(trail("in"), THREAD);
            List<SavedCheckpoint> before = threads.line("t");

            graph.update(ref(0), StateEdit.as("a", trail("edited")));

            // The old checkpoint tells what was edited as the result of the task, as that of a run would be.
            assertThat(threads.line("t").subList(0, before.size()))
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("writes")
                    .isEqualTo(before);
        }
    }

    @Nested
    final class NewInputInThePast {
        @Test
        void branchesFromThereAndDropsWhatWasToRun() {
            CompiledGraph graph = chain();
            graph.invoke(trail("in"), THREAD);

            RunResult end = graph.invoke(trail("other"), at(1));

            assertThat(marks(end)).containsExactly("in", "a", "other", "a", "b");
            SavedCheckpoint input = threads.line("t").get(4);
            assertThat(input.metadata().source()).isEqualTo(Source.INPUT);
            assertThat(input.metadata().step()).isEqualTo(2);
            assertThat(input.parentId()).isEqualTo(ref(1).checkpointId());
        }
    }

    @Nested
    final class AnswersInThePast {
        @Test
        void atTheHeadAreOrdinaryOnes() {
            CompiledGraph graph = asking();
            graph.invoke(Update.NONE, THREAD);
            threads.ran();

            RunResult end = graph.invoke(Command.resume(Tree.of("yes")), at(0));

            assertThat(marks(end)).containsExactly("a", "yes");
            assertThat(threads.ran()).containsExactly("b");
            assertThat(threads.steps("t")).containsExactly(-1L, 0L, 1L);
        }

        @Test
        void atAnOlderCheckpointDoNotReplaceThoseThatAreStoredThere() {
            CompiledGraph graph = asking();
            graph.invoke(Update.NONE, THREAD);
            graph.invoke(Command.resume(Tree.of("yes")), THREAD);
            threads.ran();

            RunResult end = graph.invoke(Command.resume(Tree.of("no")), at(0));

            assertThat(marks(end)).containsExactly("a", "yes");
        }

        @Test
        void areReplacedByGoingBackFirst() {
            CompiledGraph graph = asking();
            graph.invoke(Update.NONE, THREAD);
            graph.invoke(Command.resume(Tree.of("yes")), THREAD);
            graph.invoke(Input.CONTINUE, at(0));

            assertThat(marks(graph.invoke(Command.resume(Tree.of("no")), THREAD)))
                    .containsExactly("a", "no");
        }
    }

    @Nested
    final class Subgraphs {
        private static final Key<Integer> COUNT = Key.reduced("count", Codecs.INT, 0, Integer::sum);
        private static final Key<List<Integer>> SEEN =
                Key.reduced("seen", Codecs.list(Codecs.INT), List.of(), (left, right) -> {
                    List<Integer> all = new ArrayList<>(left);
                    all.addAll(right);
                    return List.copyOf(all);
                });

        /** START -> i, a subgraph that counts its runs; what it saw is told by the outer graph. */
        private CompiledGraph counting(Persistence persistence) {
            CompiledGraph inner = StateGraph.of(COUNT)
                    .node("count", (state, context) -> Update.of(COUNT, 1))
                    .edge(START, "count")
                    .compile("inner", CompileOptions.DEFAULT.persistence(persistence));
            return threads.keep(StateGraph.of(SEEN)
                    .node("i", (state, context) -> {
                        int count = inner.call(Update.NONE, context).get(COUNT);
                        return Update.of(SEEN, List.of(count - 1));
                    })
                    .edge(START, "i")
                    .compile("outer"));
        }

        private List<Integer> seen(RunResult result) {
            return result.state().get(SEEN);
        }

        @Test
        void ofOneCallBeginAfresh() {
            CompiledGraph graph = counting(Persistence.INHERIT);
            graph.invoke(Update.NONE, THREAD);

            assertThat(seen(graph.invoke(Input.CONTINUE, at(0)))).containsExactly(0);
        }

        @Test
        void perThreadSeeWhatTheySawAndGoOnFromTheReplay() {
            CompiledGraph graph = counting(Persistence.PER_THREAD);
            graph.invoke(Update.NONE, THREAD);
            graph.invoke(Update.NONE, THREAD);
            assertThat(seen(graph.invoke(Update.NONE, THREAD))).containsExactly(0, 1, 2);

            assertThat(seen(graph.invoke(Input.CONTINUE, at(3)))).containsExactly(0, 1);
            assertThat(seen(graph.invoke(Update.NONE, THREAD))).containsExactly(0, 1, 2);
        }

        @Test
        void perThreadBehindAnEditSeeWhatWasBeforeTheEdited() {
            CompiledGraph graph = counting(Persistence.PER_THREAD);
            graph.invoke(Update.NONE, THREAD);
            graph.invoke(Update.NONE, THREAD);
            CheckpointRef edit = graph.update(ref(3), StateEdit.as(START, Update.NONE));

            assertThat(seen(graph.invoke(Input.CONTINUE, RunConfig.at(edit)))).containsExactly(0, 1);
        }

        @Test
        void perThreadSeeTheNewestFromTheirSecondVisit() {
            CompiledGraph inner = StateGraph.of(COUNT)
                    .node("count", (state, context) -> Update.of(COUNT, 1))
                    .edge(START, "count")
                    .compile("inner", CompileOptions.DEFAULT.persistence(Persistence.PER_THREAD));
            CompiledGraph graph = threads.keep(StateGraph.of(SEEN)
                    .node("i", (state, context) -> {
                        int count = inner.call(Update.NONE, context).get(COUNT);
                        return Update.of(SEEN, List.of(count - 1));
                    })
                    .edge(START, "i")
                    .branch("i", state -> state.get(SEEN).size() % 2 == 1 ? "i" : StateGraph.END)
                    .compile("twice"));
            graph.invoke(Update.NONE, THREAD);
            graph.invoke(Update.NONE, THREAD);

            assertThat(seen(graph.invoke(Input.CONTINUE, at(0)))).containsExactly(0, 1);
        }

        @Test
        void thatWaitAskAgainAfterAForkOfTheOuterGraph() {
            CompiledGraph inner = StateGraph.of(TRAIL)
                    .node("x", threads.leaves("x"))
                    .node("y", (state, context) -> {
                        return trail(context.interrupt(Tree.of("?"), Codecs.TEXT));
                    })
                    .edge(START, "x")
                    .edge("x", "y")
                    .compile("inner");
            CompiledGraph graph = threads.keep(
                    StateGraph.of(TRAIL).node("i", inner).edge(START, "i").compile("outer"));
            graph.invoke(Update.NONE, THREAD);
            graph.invoke(Command.resume(Tree.of("yes")), THREAD);
            threads.ran();

            assertThat(question(graph.invoke(Input.CONTINUE, at(0)))).isEqualTo(Tree.of("?"));
            assertThat(threads.ran()).containsExactly("x");
            assertThat(marks(graph.invoke(Command.resume(Tree.of("no")), THREAD)))
                    .containsExactly("x", "no");
            StateSnapshot head = graph.history("t", HistoryQuery.newest(1)).getFirst();
            assertThat(head.next()).isEmpty();
        }
    }
}
