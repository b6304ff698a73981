package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.END;
import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Threads.marks;
import static dev.heddle.testing.Threads.nested;
import static dev.heddle.testing.Threads.nestedAt;
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
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.StateEdit;
import dev.heddle.graph.types.StateSnapshot;
import dev.heddle.graph.types.StateSnapshot.TaskSnapshot;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.Threads;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A thread seen and edited from outside of a run. The behaviour is that of LangGraph 1.2. */
final class StateApiTest {
    private static final RunConfig THREAD = RunConfig.thread("t");
    private static final CheckpointRef HEAD = new CheckpointRef("t", "", "");
    private static final Key<String> NOTE = Key.lastValue("note", Codecs.TEXT);

    @RegisterExtension
    final Threads threads = new Threads();

    /** START -> a -> b -> c. */
    private StateGraph chain() {
        return StateGraph.of(TRAIL)
                .node("a", threads.leaves("a"))
                .node("b", threads.leaves("b"))
                .node("c", threads.leaves("c"))
                .edge(START, "a")
                .edge("a", "b")
                .edge("b", "c");
    }

    private CompiledGraph stopping(String before) {
        return threads.keep(chain().compile("chain", CompileOptions.DEFAULT.interruptBefore(before)));
    }

    /** START -> a and b, of which b asks -> c. */
    private CompiledGraph waiting() {
        return threads.keep(StateGraph.of(TRAIL)
                .node("a", threads.leaves("a"))
                .node("b", (state, context) -> {
                    threads.note("b");
                    return trail(context.interrupt(Tree.of("?"), Codecs.TEXT));
                })
                .node("c", threads.leaves("c"))
                .edge(START, "a")
                .edge(START, "b")
                .join(List.of("a", "b"), "c")
                .compile("waiting"));
    }

    private static Tree.Fields trees(String... marks) {
        return Tree.fields("trail", Codecs.list(Codecs.TEXT).encode(List.of(marks)));
    }

    private static CheckpointRef at(StateSnapshot snapshot) {
        return snapshot.ref();
    }

    @Nested
    final class Snapshot {
        @Test
        void tellsValuesNextAddressMetadataTimeAndParent() {
            CompiledGraph graph = stopping("b");
            graph.invoke(trail("in"), THREAD);

            StateSnapshot snapshot = graph.state("t");
            List<SavedCheckpoint> line = threads.line("t");
            assertThat(snapshot.values()).isEqualTo(trees("in", "a"));
            assertThat(snapshot.next()).containsExactly("b");
            assertThat(snapshot.ref())
                    .isEqualTo(new CheckpointRef(
                            "t", "", line.getLast().checkpoint().id()));
            assertThat(snapshot.parent())
                    .isEqualTo(
                            new CheckpointRef("t", "", line.get(1).checkpoint().id()));
            assertThat(snapshot.metadata()).isEqualTo(line.getLast().metadata());
            assertThat(snapshot.createdAt())
                    .isEqualTo(line.getLast().checkpoint().createdAt());
        }

        @Test
        void tellsEachTaskWithItsPath() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .edge(START, "a")
                    .route(START, state -> List.of(Send.to("a", NOTE, "x"), Send.to("a", NOTE, "y")))
                    .compile("sends", CompileOptions.DEFAULT.interruptBefore("a")));
            graph.invoke(Update.NONE, THREAD);

            List<TaskSnapshot> tasks = graph.state("t").tasks();
            assertThat(tasks).extracting(TaskSnapshot::name).containsOnly("a");
            assertThat(tasks)
                    .extracting(TaskSnapshot::path)
                    .containsExactlyInAnyOrder(
                            List.of("__pregel_push", "0"),
                            List.of("__pregel_push", "1"),
                            List.of("__pregel_pull", "a"));
            assertThat(tasks).extracting(TaskSnapshot::id).doesNotHaveDuplicates();
        }

        @Test
        void holdsPrivateKeysThatAreNotInTheResult() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .privateKeys(NOTE)
                    .node("a", (state, context) -> Update.of(NOTE, "secret"))
                    .edge(START, "a")
                    .compile("private"));
            RunResult end = graph.invoke(Update.NONE, THREAD);

            assertThat(end.state().tree().toString()).doesNotContain("secret");
            assertThat(graph.state("t").values().get("note")).isEqualTo(Tree.of("secret"));
        }

        @Test
        void ofAThreadThatIsNotThereIsEmpty() {
            StateSnapshot snapshot = stopping("b").state("nobody");

            assertThat(snapshot.values().fields()).isEmpty();
            assertThat(snapshot.next()).isEmpty();
            assertThat(snapshot.tasks()).isEmpty();
            assertThat(snapshot.metadata()).isNull();
            assertThat(snapshot.parent()).isNull();
            assertThat(snapshot.ref()).isEqualTo(new CheckpointRef("nobody", "", ""));
        }

        @Test
        void needsACheckpointer() {
            CompiledGraph plain = chain().compile("plain");

            assertThatExceptionOfType(GraphException.BadInput.class)
                    .isThrownBy(() -> plain.state("t"))
                    .withMessageContaining("checkpointer");
        }

        @Test
        void tellsWhereToAskForASubgraphOrShowsTheWhole() {
            CompiledGraph inner = chain().compile("inner", CompileOptions.DEFAULT.interruptBefore("b"));
            CompiledGraph graph = threads.keep(
                    StateGraph.of(TRAIL).node("i", inner).edge(START, "i").compile("outer"));
            graph.invoke(Update.NONE, THREAD);

            TaskSnapshot stub = graph.state("t").tasks().getFirst();
            assertThat(stub.nested())
                    .isEqualTo(new StateSnapshot.Nested.At(new CheckpointRef("t", "i:" + stub.id(), "")));
            StateSnapshot nested = nested(graph.state(HEAD, true));
            assertThat(nested.next()).containsExactly("b");
            assertThat(told(nested).parents())
                    .isEqualTo(Map.of("", graph.state("t").ref().checkpointId()));
            assertThat(graph.state(nestedAt(graph.state("t")), false).values()).isEqualTo(nested.values());
        }

        @Test
        void refusesANamespaceThatIsNoSubgraph() {
            assertThatExceptionOfType(GraphException.BadInput.class)
                    .isThrownBy(() -> stopping("b").state(new CheckpointRef("t", "a:x", ""), false))
                    .withMessageContaining("no subgraph at 'a'");
        }
    }

    @Nested
    final class History {
        @Test
        void isNewestFirst() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));
            graph.invoke(Update.NONE, THREAD);

            assertThat(graph.history("t", HistoryQuery.newest(100)))
                    .extracting(snapshot -> told(snapshot).step())
                    .containsExactly(3L, 2L, 1L, 0L, -1L);
        }

        @Test
        void isLimitedAndGoesOnBeforeACheckpoint() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));
            graph.invoke(Update.NONE, THREAD);
            List<StateSnapshot> all = graph.history("t", HistoryQuery.newest(100));

            assertThat(graph.history("t", HistoryQuery.newest(2))).isEqualTo(all.subList(0, 2));
            assertThat(graph.history("t", HistoryQuery.before(all.get(1).ref().checkpointId(), 2)))
                    .isEqualTo(all.subList(2, 4));
        }

        @Test
        void isFilteredByMetadata() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));
            graph.invoke(Update.NONE, THREAD.withMetadata(Tree.fields("by", Tree.of("x"))));
            graph.invoke(Update.NONE, THREAD.withMetadata(Tree.fields("by", Tree.of("y"))));

            assertThat(graph.history("t", new HistoryQuery(Map.of("source", Tree.of("input")), null, 100)))
                    .extracting(snapshot -> told(snapshot).step())
                    .containsExactly(4L, -1L);
            assertThat(graph.history(
                            "t", new HistoryQuery(Map.of("source", Tree.of("input"), "by", Tree.of("x")), null, 100)))
                    .extracting(snapshot -> told(snapshot).step())
                    .containsExactly(-1L);
        }

        @Test
        void ofOneCheckpointIsThatOne() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));
            graph.invoke(Update.NONE, THREAD);
            StateSnapshot second = graph.history("t", HistoryQuery.newest(100)).get(1);

            assertThat(graph.history(second.ref(), HistoryQuery.newest(100))).containsExactly(second);
        }
    }

    @Nested
    final class Editing {
        @Test
        void makesACheckpointAsIfTheNodeHadWrittenAndLeadsOnFromIt() {
            CompiledGraph graph = stopping("c");
            graph.invoke(trail("in"), THREAD);
            StateSnapshot before = graph.state("t");

            CheckpointRef edit = graph.update(HEAD, StateEdit.as("a", trail("edited")));

            StateSnapshot after = graph.state("t");
            assertThat(after.ref()).isEqualTo(edit);
            assertThat(after.parent()).isEqualTo(before.ref());
            assertThat(told(after).source()).isEqualTo(Source.UPDATE);
            assertThat(told(after).step()).isEqualTo(told(before).step() + 1);
            assertThat(after.values()).isEqualTo(trees("in", "a", "b", "edited"));
            assertThat(after.next()).containsExactly("b");
        }

        @Test
        void takesTheBranchesOfTheNode() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .node("long", threads.leaves("long"))
                    .node("short", threads.leaves("short"))
                    .edge(START, "a")
                    .branch("a", state -> state.get(TRAIL).size() > 2 ? "long" : "short")
                    .compile("branch"));
            graph.invoke(Update.NONE, THREAD);

            graph.update(HEAD, StateEdit.as("a", trail("edited")));
            assertThat(graph.state("t").next()).containsExactly("long");
        }

        @Test
        void dropsAllOtherTasksAndWhatTheirSiblingsWrote() {
            CompiledGraph graph = waiting();
            graph.invoke(Update.NONE, THREAD);
            assertThat(graph.state("t").values()).isEqualTo(trees("a"));

            graph.update(HEAD, StateEdit.as("c", trail("edited")));

            assertThat(graph.state("t").values()).isEqualTo(trees("edited"));
            assertThat(graph.state("t").next()).isEmpty();
        }

        @Test
        void byACommandGoesWhereItSays() {
            CompiledGraph graph = stopping("b");
            graph.invoke(Update.NONE, THREAD);

            graph.update(HEAD, StateEdit.as("c", Command.to("a", trail("edited"))));

            assertThat(graph.state("t").next()).containsExactly("a");
            assertThat(graph.state("t").values()).isEqualTo(trees("a", "edited"));
        }

        @Test
        void ofAWaitingTaskAnswersInItsPlace() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("ask", (state, context) -> trail(context.interrupt(Tree.of("?"), Codecs.TEXT)))
                    .node("end", threads.leaves("end"))
                    .edge(START, "ask")
                    .edge("ask", "end")
                    .compile("ask"));
            graph.invoke(Update.NONE, THREAD);

            graph.update(HEAD, StateEdit.as("ask", trail("by hand")));

            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("by hand", "end");
        }

        @Test
        void needsACheckpointer() {
            CompiledGraph plain = chain().compile("plain");

            assertThatExceptionOfType(GraphException.BadInput.class)
                    .isThrownBy(() -> plain.update(HEAD, StateEdit.as("a", trail("x"))))
                    .withMessageContaining("checkpointer");
        }

        @Test
        void keepsTheParentOfASubgraphResumable() {
            CompiledGraph inner = chain().compile("inner", CompileOptions.DEFAULT.interruptBefore("b"));
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("i", inner)
                    .node("end", threads.leaves("end"))
                    .edge(START, "i")
                    .edge("i", "end")
                    .compile("outer"));
            graph.invoke(Update.NONE, THREAD);
            CheckpointRef nested = nestedAt(graph.state("t"));
            threads.ran();

            CheckpointRef edit = graph.update(nested, StateEdit.as("b", trail("edited")));

            assertThat(edit.namespace()).isEqualTo(nested.namespace());
            assertThat(graph.state(nested, false).next()).containsExactly("c");
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("a", "edited", "c", "end");
            assertThat(threads.ran()).containsExactly("c", "end");
        }
    }

    @Nested
    final class TheNodeThatIsNotNamed {
        @Test
        void isTheOneThatWroteLast() {
            CompiledGraph graph = stopping("c");
            graph.invoke(Update.NONE, THREAD);

            graph.update(HEAD, StateEdit.of(trail("edited")));
            assertThat(graph.state("t").next()).containsExactly("c");
        }

        @Test
        void isTheStartOnAThreadThatIsNew() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));

            graph.update(HEAD, StateEdit.of(trail("edited")));

            assertThat(graph.state("t").next()).containsExactly("a");
            assertThat(told(graph.state("t")).step()).isZero();
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("edited", "a", "b", "c");
        }

        @Test
        void mayBeTheStartOfARunThatHasNotComeFurther() {
            CompiledGraph graph = stopping("a");
            graph.invoke(trail("in"), THREAD);

            graph.update(HEAD, StateEdit.of(trail("edited")));

            assertThat(graph.state("t").next()).containsExactly("a");
            assertThat(graph.state("t").values()).isEqualTo(trees("in", "edited"));
        }

        @Test
        void isUnclearAfterASuperstepOfSeveral() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .node("b", threads.leaves("b"))
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("two"));
            graph.invoke(Update.NONE, THREAD);

            assertThatExceptionOfType(GraphException.AmbiguousUpdate.class)
                    .isThrownBy(() -> graph.update(HEAD, StateEdit.of(trail("edited"))))
                    .withMessageContaining("[a, b]");
        }

        @Test
        void mustBeKnownWhenItIsNamed() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));

            assertThatExceptionOfType(GraphException.BadInput.class)
                    .isThrownBy(() -> graph.update(HEAD, StateEdit.as("x", trail("edited"))))
                    .withMessageContaining("got 'x'");
        }
    }

    @Nested
    final class Specials {
        @Test
        void theEndAppliesWhatFinishedTasksWroteAndClearsWhatIsNext() {
            CompiledGraph graph = waiting();
            graph.invoke(Update.NONE, THREAD);

            graph.update(HEAD, StateEdit.end());

            assertThat(graph.state("t").next()).isEmpty();
            assertThat(graph.state("t").values()).isEqualTo(trees("a"));
            assertThat(told(graph.state("t")).source()).isEqualTo(Source.UPDATE);
        }

        @Test
        void inputIsTakenAsThatOfARunWhichDoesNotBeginYet() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));

            graph.update(HEAD, StateEdit.as(StateEdit.INPUT, trail("in")));

            StateSnapshot snapshot = graph.state("t");
            assertThat(told(snapshot).source()).isEqualTo(Source.INPUT);
            assertThat(told(snapshot).step()).isEqualTo(-1);
            assertThat(snapshot.next()).containsExactly(START);
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("in", "a", "b", "c");
        }

        @Test
        void aCopyStandsBesideItsOriginal() {
            CompiledGraph graph = stopping("b");
            graph.invoke(trail("in"), THREAD);
            StateSnapshot original = graph.state("t");

            graph.update(HEAD, StateEdit.as(StateEdit.COPY));

            StateSnapshot copy = graph.state("t");
            assertThat(copy.ref()).isNotEqualTo(original.ref());
            assertThat(copy.parent()).isEqualTo(original.parent());
            assertThat(told(copy).source()).isEqualTo(Source.FORK);
            assertThat(copy.values()).isEqualTo(original.values());
            assertThat(copy.next()).isEqualTo(original.next());
        }

        @Test
        void aCopyHasNoPendingWrites() {
            CompiledGraph graph = waiting();
            graph.invoke(Update.NONE, THREAD);
            threads.ran();

            graph.update(HEAD, StateEdit.as(StateEdit.COPY));

            assertThat(threads.head("t").writes()).isEmpty();
            assertThat(graph.state("t").next()).containsExactly("a", "b");
            assertThat(graph.invoke(Input.CONTINUE, THREAD)).isInstanceOf(RunResult.Interrupted.class);
            assertThat(threads.ran()).containsExactlyInAnyOrder("a", "b");
        }

        @Test
        void aCopyOfNothingIsRefused() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));

            assertThatExceptionOfType(GraphException.BadInput.class)
                    .isThrownBy(() -> graph.update(HEAD, StateEdit.as(StateEdit.COPY)));
        }

        @Test
        void nothingAndNoNodeIsACheckpointLikeTheOneBefore() {
            CompiledGraph graph = stopping("b");
            graph.invoke(trail("in"), THREAD);
            StateSnapshot before = graph.state("t");

            graph.update(HEAD, new StateEdit(null, null));

            StateSnapshot after = graph.state("t");
            assertThat(after.values()).isEqualTo(before.values());
            assertThat(after.next()).isEqualTo(before.next());
            assertThat(after.parent()).isEqualTo(before.ref());
            assertThat(told(after).source()).isEqualTo(Source.UPDATE);
        }
    }

    @Nested
    final class Several {
        @Test
        void superstepsMakeTheHistoryThatARunWouldHaveMade() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));
            graph.invoke(trail("in"), THREAD);

            graph.updateAll(
                    new CheckpointRef("written", "", ""),
                    List.of(
                            List.of(StateEdit.as(StateEdit.INPUT, trail("in"))),
                            List.of(StateEdit.as(START, trail("in"))),
                            List.of(StateEdit.as("a", trail("a"))),
                            List.of(StateEdit.as("b", trail("b"))),
                            List.of(StateEdit.as("c", trail("c")))));

            List<StateSnapshot> run = graph.history("t", HistoryQuery.newest(100));
            List<StateSnapshot> written = graph.history("written", HistoryQuery.newest(100));
            assertThat(written)
                    .extracting(StateSnapshot::values)
                    .containsExactlyElementsOf(
                            run.stream().map(StateSnapshot::values).toList());
            assertThat(written)
                    .extracting(StateSnapshot::next)
                    .containsExactlyElementsOf(
                            run.stream().map(StateSnapshot::next).toList());
            assertThat(written)
                    .extracting(snapshot -> told(snapshot).step())
                    .containsExactlyElementsOf(
                            run.stream().map(snapshot -> told(snapshot).step()).toList());
        }

        @Test
        void editsOfOneSuperstepAreApplied() {
            CompiledGraph graph = waiting();
            graph.invoke(Update.NONE, THREAD);

            CheckpointRef edit = graph.updateAll(
                    HEAD, List.of(List.of(StateEdit.as("a", trail("1")), StateEdit.as("b", trail("2")))));

            assertThat(at(graph.state("t"))).isEqualTo(edit);
            assertThat(graph.state("t").values()).isEqualTo(trees("1", "2"));
            assertThat(graph.state("t").next()).containsExactly("c");
            assertThat(threads.steps("t")).containsExactly(-1L, 0L, 1L);
        }

        @Test
        void conflictAsInARun() {
            CompiledGraph graph = threads.keep(StateGraph.of(NOTE)
                    .node("a", (state, context) -> Update.NONE)
                    .node("b", (state, context) -> Update.NONE)
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("two"));

            assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                    .isThrownBy(() -> graph.updateAll(
                            HEAD,
                            List.of(List.of(
                                    StateEdit.as("a", Update.of(NOTE, "1")),
                                    StateEdit.as("b", Update.of(NOTE, "2"))))));
        }

        @Test
        void areRefusedWithoutSuperstepsOrWithoutUpdates() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));

            assertThatExceptionOfType(GraphException.BadInput.class)
                    .isThrownBy(() -> graph.updateAll(HEAD, List.of()))
                    .withMessageContaining("no supersteps");
            assertThatExceptionOfType(GraphException.BadInput.class)
                    .isThrownBy(() -> graph.updateAll(HEAD, List.of(List.of())))
                    .withMessageContaining("no updates");
        }

        @Test
        void needTheirNodes() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));

            assertThatExceptionOfType(GraphException.BadInput.class)
                    .isThrownBy(() -> graph.updateAll(
                            HEAD, List.of(List.of(StateEdit.as("a", trail("1")), StateEdit.of(trail("2"))))))
                    .withMessageContaining("no node");
        }

        @Test
        void doNotGoTogetherWithSpecialOnes() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));
            graph.invoke(Update.NONE, THREAD);

            for (StateEdit special :
                    List.of(StateEdit.end(), StateEdit.as(StateEdit.INPUT, trail("x")), StateEdit.as(StateEdit.COPY))) {
                assertThatExceptionOfType(GraphException.BadInput.class)
                        .isThrownBy(
                                () -> graph.updateAll(HEAD, List.of(List.of(StateEdit.as("a", trail("1")), special))))
                        .withMessageContaining("alone");
            }
            assertThat(threads.steps("t")).hasSize(5);
        }

        @Test
        void asTheEndWithAResultIsNoNode() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));

            assertThatExceptionOfType(GraphException.BadInput.class)
                    .isThrownBy(() -> graph.update(HEAD, StateEdit.as(END, trail("x"))));
        }
    }
}
