package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Threads.marks;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.Destination;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Send;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A task fails: what becomes of its siblings, of the run and of the thread. The behaviour is that of LangGraph 1.2. */
final class FailureAndResumeTest {
    private static final RunConfig THREAD = RunConfig.thread("t");
    private static final Key<Integer> COUNT = Key.lastValue("count", Codecs.INT);

    @RegisterExtension
    final Threads threads = new Threads();

    private final AtomicBoolean broken = new AtomicBoolean(true);

    /** START -> a and b side by side; b fails while {@code broken}; then c. */
    private CompiledGraph graph() {
        return threads.keep(StateGraph.of(TRAIL)
                .node("a", threads.leaves("a"))
                .node("b", (state, context) -> {
                    threads.note("b");
                    if (broken.get()) {
                        throw new IllegalStateException("broken");
                    }
                    return trail("b");
                })
                .node("c", threads.leaves("c"))
                .edge(START, "a")
                .edge(START, "b")
                .join(List.of("a", "b"), "c")
                .compile("failing"));
    }

    private void fails(CompiledGraph graph, Input input) {
        assertThatExceptionOfType(GraphException.NodeFailed.class).isThrownBy(() -> graph.invoke(input, THREAD));
    }

    @Nested
    final class Failure {
        @Test
        void goesToTheCallerWithNodeSuperstepAndCause() {
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> graph().invoke(trail("in"), THREAD))
                    .satisfies(failure -> {
                        assertThat(failure.node()).isEqualTo("b");
                        assertThat(failure.step()).isEqualTo(1);
                        assertThat(failure.retryable()).isTrue();
                    })
                    .withCauseExactlyInstanceOf(IllegalStateException.class);
        }

        @Test
        void leavesNoCheckpoint() {
            fails(graph(), trail("in"));

            assertThat(threads.steps("t")).containsExactly(-1L, 0L);
        }

        @Test
        void letsSiblingsFinishAndKeepsWhatTheyWrote() {
            CountDownLatch failed = new CountDownLatch(1);
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        threads.note("a");
                        assertThat(failed.await(20, TimeUnit.SECONDS)).isTrue();
                        return trail("a");
                    })
                    .node("b", (state, context) -> {
                        threads.note("b");
                        boolean first = failed.getCount() > 0;
                        failed.countDown();
                        if (first) {
                            throw new IllegalStateException("broken");
                        }
                        return trail("b");
                    })
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("slow"));
            fails(graph, trail("in"));
            assertThat(threads.ran()).containsExactlyInAnyOrder("a", "b");

            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("in", "a", "b");
            assertThat(threads.ran()).containsExactly("b");
        }

        @Test
        void countsMoreThanTheQuestionOfASibling() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("asks", (state, context) -> trail(Codecs.text(context.interrupt(Tree.of("?")), "answer")))
                    .node("fails", (state, context) -> {
                        if (broken.get()) {
                            throw new IllegalStateException("broken");
                        }
                        return trail("healed");
                    })
                    .edge(START, "asks")
                    .edge(START, "fails")
                    .compile("both"));

            fails(graph, Update.NONE);
            broken.set(false);
            assertThat(marks(graph.invoke(Command.resume(Tree.of("yes")), THREAD)))
                    .containsExactly("yes", "healed");
        }

        @Test
        void ofSeveralTasksIsThatOfTheFirstTask() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        throw new IllegalStateException("a");
                    })
                    .node("b", (state, context) -> {
                        throw new IllegalStateException("b");
                    })
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("all"));

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, THREAD))
                    .withMessageContaining("Node 'a'");
            assertThat(graph.state("t").tasks())
                    .extracting(TaskSnapshot::error)
                    .containsExactly("IllegalStateException: a", "IllegalStateException: b");
        }
    }

    @Nested
    final class GoingOn {
        @Test
        void repeatsOnlyWhatHasNotFinishedAndAppliesAllInTheOrderOfTasks() {
            CompiledGraph graph = graph();
            fails(graph, trail("in"));
            threads.ran();
            broken.set(false);

            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("in", "a", "b", "c");
            assertThat(threads.ran()).containsExactly("b", "c");
            assertThat(threads.steps("t")).containsExactly(-1L, 0L, 1L, 2L);
        }

        @Test
        void mayFailAgainWithoutACheckpoint() {
            CompiledGraph graph = graph();
            fails(graph, trail("in"));
            fails(graph, Input.CONTINUE);
            fails(graph, Input.CONTINUE);

            assertThat(threads.steps("t")).containsExactly(-1L, 0L);
            assertThat(threads.ran())
                    .hasSize(4)
                    .contains("a")
                    .filteredOn("b"::equals)
                    .hasSize(3);
        }

        @Test
        void aTaskOfWhichAnEarlierWriteIsStoredIsShownAsFoundNotAsRun() {
            CompiledGraph graph = graph();
            fails(graph, trail("in"));
            broken.set(false);

            List<String> events = new ArrayList<>();
            try (GraphStream stream =
                    graph.stream(Input.CONTINUE, THREAD, Set.of(StreamMode.UPDATES, StreamMode.TASKS))) {
                while (stream.hasNext()) {
                    switch (stream.next()) {
                        case StreamEvent.TaskStarted e -> events.add("start " + e.node());
                        case StreamEvent.TaskEnded e -> events.add("end " + e.node());
                        case StreamEvent.NodeUpdate e -> events.add((e.cached() ? "found " : "wrote ") + e.node());
                        default -> events.add("?");
                    }
                }
            }
            assertThat(events)
                    .containsExactly(
                            "start a", "start b", "found a", "wrote b", "end b", "start c", "wrote c", "end c");
        }

        @Test
        void tasksOfSendsAreToldApartByTheirPlace() {
            Key<String> item = Key.lastValue("item", Codecs.TEXT);
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("w", (state, context) -> {
                        threads.note(state.get(item));
                        if (broken.get() && state.get(item).equals("2")) {
                            throw new IllegalStateException("broken");
                        }
                        return trail(state.get(item));
                    })
                    .route(
                            START,
                            state -> List.of(Send.to("w", item, "1"), Send.to("w", item, "2"), Send.to("w", item, "3")))
                    .compile("sends"));
            fails(graph, Update.NONE);
            threads.ran();
            broken.set(false);

            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("1", "2", "3");
            assertThat(threads.ran()).containsExactly("2");
        }
    }

    @Nested
    final class NewInput {
        @Test
        void abandonsWhatHasNotFinishedAndDropsWhatSiblingsWrote() {
            CompiledGraph graph = graph();
            fails(graph, trail("in"));
            threads.ran();
            broken.set(false);

            assertThat(marks(graph.invoke(trail("new"), THREAD))).containsExactly("in", "new", "a", "b", "c");
            assertThat(threads.ran()).containsExactlyInAnyOrder("a", "b", "c");
        }

        @Test
        void theAbandonedTriggersCountAsSeen() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .node("b", (state, context) -> {
                        threads.note("b");
                        throw new IllegalStateException("broken");
                    })
                    .edge(START, "a")
                    .branch("a", state -> broken.getAndSet(false) ? "b" : StateGraph.END)
                    .compile("once"));
            fails(graph, trail("1"));

            assertThat(marks(graph.invoke(trail("2"), THREAD))).containsExactly("1", "a", "2", "a");
            assertThat(threads.ran()).containsExactly("a", "b", "a");
        }
    }

    @Nested
    final class Snapshot {
        @Test
        void withoutAnIdShowsWhatFinishedTasksWroteAndWhatIsLeft() {
            CompiledGraph graph = graph();
            fails(graph, trail("in"));

            StateSnapshot snapshot = graph.state("t");
            assertThat(snapshot.values().get("trail")).isEqualTo(texts("in", "a"));
            assertThat(snapshot.next()).containsExactly("b");
            assertThat(snapshot.tasks()).extracting(TaskSnapshot::name).containsExactly("a", "b");
            assertThat(snapshot.tasks())
                    .extracting(TaskSnapshot::error)
                    .containsExactly(null, "IllegalStateException: broken");
            assertThat(snapshot.tasks())
                    .extracting(TaskSnapshot::result)
                    .containsExactly(Tree.fields("trail", texts("a")), null);
        }

        @Test
        void withAnIdShowsTheCheckpointAsItWasStored() {
            CompiledGraph graph = graph();
            fails(graph, trail("in"));
            String id = graph.state("t").ref().checkpointId();

            StateSnapshot snapshot = graph.state(new CheckpointRef("t", "", id), false);
            assertThat(snapshot.values().get("trail")).isEqualTo(texts("in"));
            assertThat(snapshot.next()).containsExactly("a", "b");
        }
    }

    @Nested
    final class Conflict {
        private CompiledGraph conflicting() {
            return threads.keep(StateGraph.of(COUNT)
                    .node("a", (state, context) -> {
                        threads.note("a");
                        return Update.of(COUNT, 1);
                    })
                    .node("b", (state, context) -> {
                        threads.note("b");
                        return Update.of(COUNT, 1);
                    })
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("conflict"));
        }

        @Test
        void failsTheRunAndLeavesTheCheckpointAsItWas() {
            assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                    .isThrownBy(() -> conflicting().invoke(Update.of(COUNT, 0), THREAD));

            assertThat(threads.steps("t")).containsExactly(-1L, 0L);
            assertThat(threads.head("t").values()).containsEntry("count", Tree.of(0));
        }

        @Test
        void comesBackWhenTheThreadGoesOnWithoutRunningTheTasksAgain() {
            CompiledGraph graph = conflicting();
            assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                    .isThrownBy(() -> graph.invoke(Update.of(COUNT, 0), THREAD));
            threads.ran();

            assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                    .isThrownBy(() -> graph.invoke(Input.CONTINUE, THREAD));
            assertThat(threads.ran()).isEmpty();
        }

        /** The reference raises the conflict here too. */
        @Test
        void doesNotKeepAnyoneFromLookingAtTheThread() {
            CompiledGraph graph = conflicting();
            assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                    .isThrownBy(() -> graph.invoke(Update.of(COUNT, 0), THREAD));

            assertThat(graph.state("t").values()).isEqualTo(Tree.fields("count", Tree.of(0)));
        }

        @Test
        void isOverWithNewInput() {
            CompiledGraph graph = threads.keep(StateGraph.of(COUNT)
                    .node("a", (state, context) -> Update.of(COUNT, 1))
                    .node("b", (state, context) -> broken.get() ? Update.of(COUNT, 2) : Update.NONE)
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("healing"));
            assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, THREAD));
            broken.set(false);

            assertThat(graph.invoke(Update.NONE, THREAD).state().get(COUNT)).isEqualTo(1);
        }
    }

    @Nested
    final class NothingToBeginWith {
        private final CompiledGraph graph = graph();

        @Test
        void isGoingOnWithAThreadThatIsNew() {
            assertThatExceptionOfType(GraphException.EmptyInput.class)
                    .isThrownBy(() -> graph.invoke(Input.CONTINUE, THREAD));
        }

        @Test
        void isGoingOnFromACheckpointThatIsNotThere() {
            broken.set(false);
            graph.invoke(Update.NONE, THREAD);
            CheckpointRef unknown = new CheckpointRef("t", "", "00000000-0000-7000-8000-000000000000");

            assertThatExceptionOfType(GraphException.BadInput.class)
                    .isThrownBy(() -> graph.invoke(Input.CONTINUE, RunConfig.at(unknown)));
        }

        @Test
        void isAnEmptyCommand() {
            broken.set(false);
            graph.invoke(Update.NONE, THREAD);

            assertThatExceptionOfType(GraphException.EmptyInput.class)
                    .isThrownBy(() -> graph.invoke(Command.of(Update.NONE), THREAD));
        }

        /** The reference takes these; an update is applied twice there. */
        @Test
        void isAnyCommandOnAThreadThatIsNew() {
            for (Command command : List.of(
                    Command.of(trail("x")), Command.to("c"), Command.resume(Tree.of(1)), Command.to("c", trail("x")))) {
                assertThatExceptionOfType(GraphException.EmptyInput.class)
                        .isThrownBy(() -> graph.invoke(command, THREAD));
            }
            assertThat(threads.storage().history("t", "", HistoryQuery.newest(1)))
                    .isEmpty();
        }

        @Test
        void isNotAnEmptyUpdate() {
            broken.set(false);

            assertThat(marks(graph.invoke(Update.of(new Tree.Fields(Map.of())), THREAD)))
                    .containsExactly("a", "b", "c");
        }

        @Test
        void isNoThreadThoughThereIsACheckpointer() {
            assertThatExceptionOfType(GraphException.BadInput.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, RunConfig.DEFAULT))
                    .withMessageContaining("no thread");
        }

        @Test
        void isGoingOnWithoutACheckpointer() {
            CompiledGraph plain = StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .edge(START, "a")
                    .compile("plain");

            assertThatExceptionOfType(GraphException.EmptyInput.class)
                    .isThrownBy(() -> plain.invoke(Input.CONTINUE, RunConfig.DEFAULT));
            assertThatExceptionOfType(GraphException.EmptyInput.class)
                    .isThrownBy(() -> plain.invoke(Command.to(Destination.to("a")), RunConfig.DEFAULT));
        }
    }

    private static Tree texts(String... texts) {
        return Codecs.list(Codecs.TEXT).encode(List.of(texts));
    }
}
