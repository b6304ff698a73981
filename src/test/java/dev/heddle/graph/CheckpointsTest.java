package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Threads.marks;
import static dev.heddle.testing.Threads.nestedAt;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.groups.Tuple.tuple;

import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.CheckpointMetadata.Source;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.Durability;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Persistence;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.StateSnapshot;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.DyingCheckpointer;
import dev.heddle.testing.Threads;
import dev.heddle.tree.Tree;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is stored of a run, and when. The behaviour is that of LangGraph 1.2. */
final class CheckpointsTest {
    private static final RunConfig THREAD = RunConfig.thread("t");

    @RegisterExtension
    final Threads threads = new Threads();

    /** START -> a -> b. */
    private StateGraph chain() {
        return StateGraph.of(TRAIL)
                .node("a", threads.leaves("a"))
                .node("b", threads.leaves("b"))
                .edge(START, "a")
                .edge("a", "b");
    }

    @Nested
    final class Checkpoints {
        @Test
        void aChainOfTwoHasStepsFromMinusOneToTwoAndTheNextRunGoesOnCounting() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));

            graph.invoke(trail("in"), THREAD);
            assertThat(threads.steps("t")).containsExactly(-1L, 0L, 1L, 2L);

            graph.invoke(trail("in"), THREAD);
            assertThat(threads.steps("t")).containsExactly(-1L, 0L, 1L, 2L, 3L, 4L, 5L, 6L);
        }

        @Test
        void theFirstOfARunIsItsInputAndTheOthersAreItsSupersteps() {
            threads.keep(chain().compile("chain")).invoke(trail("in"), THREAD);

            assertThat(threads.line("t"))
                    .extracting(saved -> saved.metadata().source())
                    .containsExactly(Source.INPUT, Source.LOOP, Source.LOOP, Source.LOOP);
        }

        @Test
        void theInputCheckpointHoldsTheInputAndWaitsForTheStart() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));
            graph.invoke(trail("in"), THREAD);

            StateSnapshot first = graph.history("t", HistoryQuery.newest(10)).getLast();
            assertThat(first.next()).containsExactly(START);
            assertThat(first.values().fields()).isEqualTo(Map.of("trail", Tree.of(List.of())));
            assertThat(threads.line("t").getFirst().values()).containsKey(START);
        }

        @Test
        void eachTellsWhatIsNext() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));
            graph.invoke(trail("in"), THREAD);

            assertThat(graph.history("t", HistoryQuery.newest(10)).reversed())
                    .extracting(StateSnapshot::next)
                    .containsExactly(List.of(START), List.of("a"), List.of("b"), List.of());
        }

        @Test
        void idsRiseAlsoAsTextAndOverTheGraphsOfARun() {
            CompiledGraph inner = chain().compile("inner");
            CompiledGraph outer = threads.keep(StateGraph.of(TRAIL)
                    .node("inner", inner)
                    .edge(START, "inner")
                    .compile("outer"));
            outer.invoke(trail("in"), THREAD);
            StateSnapshot before = outer.history("t", HistoryQuery.newest(10)).get(1);
            CheckpointRef at = nestedAt(before);

            List<String> root = ids(threads.line("t"));
            List<String> nested = ids(threads.line("t", at.namespace()));
            assertThat(root).isSorted().doesNotHaveDuplicates().hasSize(3);
            assertThat(nested).isSorted().doesNotHaveDuplicates().hasSize(4);
            assertThat(nested.getFirst()).isGreaterThan(root.get(1));
            assertThat(nested.getLast()).isLessThan(root.get(2));
        }

        @Test
        void theParentIsTheCheckpointFromWhichItWasMade() {
            threads.keep(chain().compile("chain")).invoke(trail("in"), THREAD);

            List<SavedCheckpoint> line = threads.line("t");
            assertThat(line.getFirst().parentId()).isNull();
            for (int i = 1; i < line.size(); i++) {
                assertThat(line.get(i).parentId())
                        .isEqualTo(line.get(i - 1).checkpoint().id());
            }
        }

        @Test
        void branchesMakeATreeAndTheLatestIsTheOneWithTheGreatestId() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));
            graph.invoke(trail("in"), THREAD);
            String old = threads.line("t").get(1).checkpoint().id();

            graph.invoke(trail("other"), RunConfig.at(new CheckpointRef("t", "", old)));

            List<SavedCheckpoint> children = threads.line("t").stream()
                    .filter(saved -> old.equals(saved.parentId()))
                    .toList();
            assertThat(children).hasSize(2);
            assertThat(threads.head("t").checkpoint().id())
                    .isEqualTo(ids(threads.line("t")).stream()
                            .max(String::compareTo)
                            .orElseThrow());
            assertThat(graph.state("t").ref().checkpointId())
                    .isEqualTo(threads.head("t").checkpoint().id());
        }

        @Test
        void metadataTellTheRunTheGraphAndWhatTheCallerAdded() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));
            graph.invoke(trail("in"), THREAD.withRunId("r").withMetadata(Tree.fields("user", Tree.of("u"))));

            assertThat(threads.line("t")).allSatisfy(saved -> {
                assertThat(saved.metadata().runId()).isEqualTo("r");
                assertThat(saved.metadata().graphVersion()).isEqualTo(graph.version());
                assertThat(saved.metadata().extra().get("user")).isEqualTo(Tree.of("u"));
                assertThat(saved.metadata().parents()).isEmpty();
            });
        }

        @Test
        void metadataOfANestedGraphTellTheCheckpointsOfThoseThatHoldIt() {
            CompiledGraph inner = chain().compile("inner");
            CompiledGraph outer = threads.keep(
                    StateGraph.of(TRAIL).node("i", inner).edge(START, "i").compile("outer"));
            outer.invoke(trail("in"), THREAD);
            StateSnapshot before = outer.history("t", HistoryQuery.newest(10)).get(1);
            CheckpointRef at = nestedAt(before);

            assertThat(at.namespace())
                    .isEqualTo("i:" + before.tasks().getFirst().id());
            assertThat(threads.line("t", at.namespace()))
                    .allSatisfy(saved -> assertThat(saved.metadata().parents())
                            .isEqualTo(Map.of("", before.ref().checkpointId())));
        }

        @Test
        void versionsRiseAndEachNodeHasSeenThatOfItsTrigger() {
            threads.keep(chain().compile("chain")).invoke(trail("in"), THREAD);

            List<SavedCheckpoint> line = threads.line("t");
            for (int i = 1; i < line.size(); i++) {
                Map<String, Long> earlier = line.get(i - 1).checkpoint().channelVersions();
                line.get(i).checkpoint().channelVersions().forEach((channel, version) -> assertThat(version)
                        .isGreaterThanOrEqualTo(earlier.getOrDefault(channel, 1L)));
            }
            assertThat(line.getLast().checkpoint().versionsSeen()).containsOnlyKeys(START, "a", "b");
            assertThat(line.getLast().checkpoint().versionsSeen().get("b")).containsOnlyKeys("branch:to:b");
        }

        @Test
        void whereARunStoppedCountsAsSeenWhenItGoesOn() {
            CompiledGraph graph = threads.keep(chain().compile("chain", CompileOptions.DEFAULT.interruptBefore("b")));
            graph.invoke(trail("in"), THREAD);
            graph.invoke(Input.CONTINUE, THREAD);

            assertThat(threads.head("t").checkpoint().versionsSeen()).containsKey("__interrupt__");
        }

        @Test
        void theChannelsThatTheLastSuperstepChangedAreKept() {
            threads.keep(chain().compile("chain")).invoke(trail("in"), THREAD);

            assertThat(threads.line("t"))
                    .extracting(saved -> List.copyOf(saved.checkpoint().updatedChannels()))
                    .containsExactly(
                            List.of(START),
                            List.of("branch:to:a", "trail"),
                            List.of("branch:to:b", "trail"),
                            List.of("trail"));
        }
    }

    @Nested
    final class PendingWrites {
        /** START -> a, b, c side by side. */
        private CompiledGraph fan() {
            return threads.keep(StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .node("b", (state, context) -> {
                        throw new IllegalStateException("broken");
                    })
                    .node(
                            "c",
                            (state, context) ->
                                    trail(context.interrupt(Tree.of("ok?")).toString()))
                    .edge(START, "a")
                    .edge(START, "b")
                    .edge(START, "c")
                    .compile("fan"));
        }

        @Test
        void ordinaryOnesHaveAPlaceFromZeroErrorsAndQuestionsASpecialOne() {
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> fan().invoke(Update.NONE, THREAD));

            List<PendingWrite> writes = threads.head("t").writes();
            assertThat(writes)
                    .extracting(PendingWrite::index, PendingWrite::channel)
                    .containsExactlyInAnyOrder(
                            tuple(0, "trail"),
                            tuple(PendingWrite.ERROR, "__error__"),
                            tuple(PendingWrite.INTERRUPT, "__interrupt__"));
        }

        @Test
        void anErrorIsKeptAsText() {
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> fan().invoke(Update.NONE, THREAD));

            assertThat(threads.head("t").writes())
                    .filteredOn(write -> write.index() == PendingWrite.ERROR)
                    .extracting(PendingWrite::value)
                    .containsExactly(Tree.of("IllegalStateException: broken"));
        }

        @Test
        void aTaskThatWroteNothingIsKeptAsFinishedAllTheSame() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("quiet", (state, context) -> {
                        threads.note("quiet");
                        return Update.NONE;
                    })
                    .node(
                            "asks",
                            (state, context) ->
                                    trail(context.interrupt(Tree.of("ok?")).toString()))
                    .edge(START, "quiet")
                    .edge(START, "asks")
                    .compile("quiet"));
            graph.invoke(Update.NONE, THREAD);
            graph.invoke(Input.CONTINUE, THREAD);

            assertThat(threads.ran()).containsExactly("quiet");
            assertThat(threads.head("t").writes())
                    .extracting(PendingWrite::channel)
                    .contains("__no_writes__");
        }

        @Test
        void theyBelongToTheirCheckpointAndNoOtherHasThem() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .node("b", threads.leaves("b"))
                    .node("c", threads.leaves("c"))
                    .edge(START, "a")
                    .edge(START, "b")
                    .edge("b", "c")
                    .compile("two"));
            graph.invoke(Update.NONE, THREAD);

            assertThat(threads.line("t"))
                    .extracting(saved -> saved.writes().stream()
                            .map(PendingWrite::channel)
                            .sorted()
                            .toList())
                    .containsExactly(List.of(), List.of("branch:to:c", "trail", "trail"), List.of(), List.of());
        }
    }

    @Nested
    final class Durabilities {
        @Test
        void syncStoresACheckpointBeforeTheNextSuperstepBegins() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .node("b", (state, context) -> {
                        threads.note("stored " + threads.steps("t"));
                        return Update.NONE;
                    })
                    .edge(START, "a")
                    .edge("a", "b")
                    .compile("sync"));
            graph.invoke(Update.NONE, THREAD.with(Durability.SYNC));

            assertThat(threads.ran()).containsExactly("a", "stored [-1, 0, 1]");
        }

        @Test
        void asyncStoresWhileTheNextSuperstepRuns() {
            CountDownLatch secondRuns = new CountDownLatch(1);
            Checkpointer slow = watching(checkpoint -> {
                if (checkpoint.metadata().step() == 1) {
                    await(secondRuns);
                }
            });
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .node("b", (state, context) -> {
                        secondRuns.countDown();
                        return trail("b");
                    })
                    .edge(START, "a")
                    .edge("a", "b")
                    .compile("async")
                    .with(slow, new InMemoryStore(Clock.systemUTC()));

            assertThat(marks(graph.invoke(Update.NONE, THREAD.with(Durability.ASYNC))))
                    .containsExactly("a", "b");
            assertThat(threads.steps("t")).containsExactly(-1L, 0L, 1L, 2L);
        }

        @Test
        void asyncStoresInOrder() {
            CompiledGraph graph = threads.keep(chain().compile("chain"));
            graph.invoke(Update.NONE, THREAD.with(Durability.ASYNC));

            assertThat(threads.line("t"))
                    .extracting(SavedCheckpoint::parentId)
                    .startsWith((String) null)
                    .containsSubsequence(ids(threads.line("t")).subList(0, 3));
        }

        @ParameterizedTest
        @EnumSource(Durability.class)
        void aFailureToStoreTheLastCheckpointEndsTheRun(Durability durability) {
            Checkpointer broken = watching(checkpoint -> {
                if (checkpoint.metadata().step() == 2) {
                    throw new CheckpointException.Unavailable("Storage: down, expected an answer, got none.", null);
                }
            });
            CompiledGraph graph = chain().compile("chain").with(broken, new InMemoryStore(Clock.systemUTC()));

            assertThatExceptionOfType(CheckpointException.Unavailable.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, THREAD.with(durability)));
        }

        @Test
        void afterAFailureToStoreNothingMoreIsStored() {
            Checkpointer broken = watching(checkpoint -> {
                if (checkpoint.metadata().step() == 0) {
                    throw new CheckpointException.Unavailable("Storage: down, expected an answer, got none.", null);
                }
            });
            CompiledGraph graph = chain().compile("chain").with(broken, new InMemoryStore(Clock.systemUTC()));

            assertThatExceptionOfType(CheckpointException.Unavailable.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, THREAD.with(Durability.ASYNC)));
            assertThat(threads.steps("t")).containsExactly(-1L);
        }

        @Test
        void exitStoresNothingWhileTheRunGoesOnAndOneCheckpointAtItsEnd() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        threads.note("stored " + threads.steps("t"));
                        return trail("a");
                    })
                    .edge(START, "a")
                    .compile("exit"));

            graph.invoke(trail("1"), THREAD.with(Durability.EXIT));
            graph.invoke(trail("2"), THREAD.with(Durability.EXIT));

            assertThat(threads.ran()).containsExactly("stored []", "stored [1]");
            assertThat(threads.steps("t")).containsExactly(1L, 4L);
            assertThat(threads.head("t").parentId())
                    .isEqualTo(threads.line("t").getFirst().checkpoint().id());
            assertThat(graph.state("t").values().get("trail"))
                    .isEqualTo(Tree.of(List.of(Tree.of("1"), Tree.of("a"), Tree.of("2"), Tree.of("a"))));
        }

        @Test
        void exitStoresWhatFinishedTasksWroteWhenTheRunFails() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .node("b", (state, context) -> {
                        threads.note("b");
                        if (state.get(TRAIL).equals(List.of("in"))
                                && threads.steps("t").isEmpty()) {
                            throw new IllegalStateException("broken");
                        }
                        return trail("b");
                    })
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("exit"));

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> graph.invoke(trail("in"), THREAD.with(Durability.EXIT)));
            assertThat(threads.steps("t")).containsExactly(0L);
            assertThat(threads.ran()).containsExactlyInAnyOrder("a", "b");

            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD.with(Durability.EXIT))))
                    .containsExactly("in", "a", "b");
            assertThat(threads.ran()).containsExactly("b");
        }

        @Test
        void exitStoresWhatFinishedTasksWroteWhenTheRunWaits() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", threads.leaves("a"))
                    .node("b", (state, context) -> {
                        threads.note("b");
                        return trail(context.interrupt(Tree.of("?")).equals(Tree.of("yes")) ? "b" : "no");
                    })
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("exit"));

            RunResult waits = graph.invoke(trail("in"), THREAD.with(Durability.EXIT));
            assertThat(marks(waits)).containsExactly("in", "a");
            assertThat(graph.state("t").next()).containsExactly("b");
            assertThat(threads.ran()).containsExactlyInAnyOrder("a", "b");

            RunResult end = graph.invoke(Command.resume(Tree.of("yes")), THREAD.with(Durability.EXIT));
            assertThat(marks(end)).containsExactly("in", "a", "b");
            assertThat(threads.ran()).containsExactly("b");
        }

        @Test
        void exitStoresNothingOfASubgraphThatEnded() {
            CompiledGraph outer = threads.keep(StateGraph.of(TRAIL)
                    .node("i", chain().compile("inner"))
                    .edge(START, "i")
                    .compile("outer"));
            outer.invoke(Update.NONE, THREAD.with(Durability.EXIT));

            assertThat(threads.storage().history("t", "i", HistoryQuery.newest(9)))
                    .isEmpty();
            assertThat(threads.steps("t")).containsExactly(1L);
        }

        @Test
        void exitStoresASubgraphThatKeepsItsStatePerThread() {
            CompiledGraph inner = chain().compile("inner", CompileOptions.DEFAULT.persistence(Persistence.PER_THREAD));
            CompiledGraph outer = threads.keep(
                    StateGraph.of(TRAIL).node("i", inner).edge(START, "i").compile("outer"));
            outer.invoke(Update.NONE, THREAD.with(Durability.EXIT));

            assertThat(threads.line("t", "i")).hasSize(1);
        }

        @Test
        void exitStoresASubgraphThatWaitsSoThatItsFinishedStepsAreNotRepeated() {
            CompiledGraph inner = StateGraph.of(TRAIL)
                    .node("x", threads.leaves("x"))
                    .node("y", (state, context) -> {
                        threads.note("y");
                        return trail(context.interrupt(Tree.of("?")).equals(Tree.of("yes")) ? "y" : "no");
                    })
                    .edge(START, "x")
                    .edge("x", "y")
                    .compile("inner");
            CompiledGraph outer = threads.keep(
                    StateGraph.of(TRAIL).node("i", inner).edge(START, "i").compile("outer"));

            outer.invoke(Update.NONE, THREAD.with(Durability.EXIT));
            RunResult end = outer.invoke(Command.resume(Tree.of("yes")), THREAD.with(Durability.EXIT));

            assertThat(marks(end)).containsExactly("x", "y");
            assertThat(threads.ran()).containsExactly("x", "y", "y");
        }
    }

    /** The storage, with a look at each checkpoint before it is stored. */
    private Checkpointer watching(Consumer<NewCheckpoint> look) {
        return new DyingCheckpointer(threads.storage(), Integer.MAX_VALUE, false) {
            @Override
            public void put(NewCheckpoint checkpoint) {
                look.accept(checkpoint);
                super.put(checkpoint);
            }
        };
    }

    private static List<String> ids(List<SavedCheckpoint> line) {
        return line.stream().map(saved -> saved.checkpoint().id()).toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
