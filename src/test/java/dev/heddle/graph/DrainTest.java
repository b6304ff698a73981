package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Threads.marks;
import static dev.heddle.testing.Threads.nested;
import static dev.heddle.testing.Threads.told;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.Durability;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.Persistence;
import dev.heddle.graph.types.RetryPolicy;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.StateSnapshot;
import dev.heddle.graph.types.Streaming;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.DyingCheckpointer;
import dev.heddle.testing.Threads;
import dev.heddle.tree.Codecs;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run is asked to stop so that it can go on elsewhere: where it stops, what it leaves behind, and how it goes on. */
final class DrainTest {
    private static final RunConfig THREAD = RunConfig.thread("t");

    @RegisterExtension
    final Threads threads = new Threads();

    /** The stream of the run under way, for nodes that ask it to stop. */
    private final CompletableFuture<GraphStream> running = new CompletableFuture<>();

    private final AtomicBoolean asked = new AtomicBoolean();

    /** Runs a graph whose nodes may ask it to stop. */
    private RunResult run(CompiledGraph graph, RunConfig config) {
        try (GraphStream stream = graph.stream(Update.NONE, config, Streaming.NONE)) {
            assertThat(running.complete(stream)).isTrue();
            return stream.result();
        }
    }

    private RunResult run(CompiledGraph graph) {
        return run(graph, THREAD);
    }

    /** A node that asks the run to stop, the first time that it runs. */
    private Node drains(String mark) {
        return asks(mark, GraphStream::drain);
    }

    private Node asks(String mark, Consumer<GraphStream> how) {
        return (state, context) -> {
            threads.note(mark);
            ask(how);
            return trail(mark);
        };
    }

    private void ask(Consumer<GraphStream> how) throws Exception {
        if (!asked.getAndSet(true)) {
            how.accept(running.get(20, TimeUnit.SECONDS));
        }
    }

    /** Works until it is interrupted, the first time that it runs; asks the run to stop at once when it has begun. */
    private Node worksUntilStopped(String mark) {
        return (state, context) -> {
            threads.note(mark);
            boolean first = !asked.get();
            ask(GraphStream::drainNow);
            if (first) {
                assertThat(new CountDownLatch(1).await(20, TimeUnit.SECONDS)).isTrue();
            }
            return trail(mark);
        };
    }

    private StateGraph chain(Node a, Node b) {
        return StateGraph.of(TRAIL).node("a", a).node("b", b).edge(START, "a").edge("a", "b");
    }

    @Nested
    final class Drain {
        @Test
        void stopsAtTheEndOfTheSuperstepUnderWayAndLeavesItsCheckpoint() {
            CompiledGraph graph =
                    threads.keep(chain(drains("a"), threads.leaves("b")).compile("chain"));

            RunResult result = run(graph);

            assertThat(result).isInstanceOf(RunResult.Drained.class);
            assertThat(marks(result)).containsExactly("a");
            assertThat(threads.ran()).containsExactly("a");
            assertThat(threads.steps("t")).containsExactly(-1L, 0L, 1L);
            assertThat(graph.state("t").next()).containsExactly("b");
        }

        @Test
        void goesOnWhereItStopped() {
            CompiledGraph graph =
                    threads.keep(chain(drains("a"), threads.leaves("b")).compile("chain"));
            run(graph);
            threads.ran();

            RunResult end = graph.invoke(Input.CONTINUE, THREAD);

            assertThat(end).isInstanceOf(RunResult.Completed.class);
            assertThat(marks(end)).containsExactly("a", "b");
            assertThat(threads.ran()).containsExactly("b");
            assertThat(threads.steps("t")).containsExactly(-1L, 0L, 1L, 2L);
        }

        @Test
        void ofTheLastSuperstepIsTheNormalEnd() {
            CompiledGraph graph =
                    threads.keep(chain(threads.leaves("a"), drains("b")).compile("chain"));

            assertThat(run(graph)).isInstanceOf(RunResult.Completed.class);
        }

        @Test
        void letsAllTasksOfTheSuperstepFinish() {
            CountDownLatch drained = new CountDownLatch(1);
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        ask(GraphStream::drain);
                        drained.countDown();
                        return trail("a");
                    })
                    .node("b", (state, context) -> {
                        assertThat(drained.await(20, TimeUnit.SECONDS)).isTrue();
                        return trail(context.drainRequested() ? "b hurries" : "b");
                    })
                    .node("c", threads.leaves("c"))
                    .edge(START, "a")
                    .edge(START, "b")
                    .join(List.of("a", "b"), "c")
                    .compile("siblings"));

            assertThat(marks(run(graph))).containsExactly("a", "b hurries");
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("a", "b hurries", "c");
        }

        @Test
        void tasksThatWaitForAPlaceBelongToTheSuperstepToo() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", drains("a"))
                    .node("b", threads.leaves("b"))
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("queue"));

            assertThat(run(graph, THREAD.withMaxConcurrency(1))).isInstanceOf(RunResult.Completed.class);
            assertThat(threads.ran()).containsExactly("a", "b");
        }

        @ParameterizedTest
        @EnumSource(Durability.class)
        void leavesAThreadThatCanGoOnInEveryDurability(Durability durability) {
            CompiledGraph graph =
                    threads.keep(chain(drains("a"), threads.leaves("b")).compile("chain"));
            run(graph, THREAD.with(durability));

            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD.with(durability))))
                    .containsExactly("a", "b");
            assertThat(threads.ran()).containsExactly("a", "b");
        }

        @Test
        void withoutACheckpointerStopsAllTheSame() {
            CompiledGraph graph = chain(drains("a"), threads.leaves("b")).compile("chain");

            assertThat(run(graph, RunConfig.DEFAULT)).isInstanceOf(RunResult.Drained.class);
        }

        @Test
        void doesNotWaitForTheNextAttemptOfAFailedTask() {
            NodeOptions patient = NodeOptions.NONE.retry(RetryPolicy.DEFAULT.on(failure -> true));
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node(
                            "a",
                            (state, context) -> {
                                threads.note("a");
                                boolean first = !asked.get();
                                ask(GraphStream::drain);
                                if (first) {
                                    throw new IllegalStateException("for now");
                                }
                                return trail("a");
                            },
                            patient)
                    .edge(START, "a")
                    .compile("retries"));

            assertThat(run(graph)).isInstanceOf(RunResult.Drained.class);
            assertThat(threads.ran()).containsExactly("a");
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("a");
        }

        @Test
        void aTaskThatFailsForGoodFailsTheRun() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        ask(GraphStream::drain);
                        throw new IllegalStateException("for good");
                    })
                    .edge(START, "a")
                    .compile("fails"));

            assertThatExceptionOfType(GraphException.NodeFailed.class).isThrownBy(() -> run(graph));
        }
    }

    @Nested
    final class InNestedGraphs {
        private CompiledGraph threeLevels(Persistence persistence) {
            CompiledGraph innermost =
                    chain(drains("x"), threads.leaves("y")).compile("innermost", keeping(persistence));
            CompiledGraph middle = chain(threads.leaves("m"), threads.leaves("n"))
                    .node("i", innermost)
                    .edge("b", "i")
                    .compile("middle", keeping(persistence));
            return threads.keep(StateGraph.of(TRAIL)
                    .node("o", middle)
                    .node("p", threads.leaves("p"))
                    .edge(START, "o")
                    .edge("o", "p")
                    .compile("outer"));
        }

        private CompileOptions keeping(Persistence persistence) {
            return CompileOptions.DEFAULT.persistence(persistence);
        }

        @ParameterizedTest
        @EnumSource(
                value = Persistence.class,
                names = {"INHERIT", "PER_THREAD"})
        void stopsAtTheInnermostSuperstepAndGoesOnThere(Persistence persistence) {
            CompiledGraph graph = threeLevels(persistence);

            assertThat(run(graph)).isInstanceOf(RunResult.Drained.class);
            assertThat(threads.ran()).containsExactly("m", "n", "x");

            RunResult end = graph.invoke(Input.CONTINUE, THREAD);
            assertThat(end).isInstanceOf(RunResult.Completed.class);
            assertThat(threads.ran()).containsExactly("y", "p");
        }

        @ParameterizedTest
        @EnumSource(Durability.class)
        void goesOnThereInEveryDurability(Durability durability) {
            CompiledGraph graph = threeLevels(Persistence.INHERIT);

            run(graph, THREAD.with(durability));
            threads.ran();
            RunResult end = graph.invoke(Input.CONTINUE, THREAD.with(durability));

            assertThat(threads.ran()).containsExactly("y", "p");
            asked.set(true);
            assertThat(marks(end))
                    .isEqualTo(marks(
                            threeLevels(Persistence.INHERIT).invoke(Update.NONE, RunConfig.thread("undisturbed"))));
        }

        @Test
        void theInnerGraphHasACheckpointAtWhichItStopped() {
            CompiledGraph graph = threeLevels(Persistence.INHERIT);
            run(graph);

            StateSnapshot outer = graph.state(new CheckpointRef("t", "", ""), true);
            assertThat(outer.next()).containsExactly("o");
            StateSnapshot middle = nested(outer);
            assertThat(middle.next()).containsExactly("i");
            assertThat(nested(middle).next()).containsExactly("b");
            assertThat(told(nested(middle)).step()).isEqualTo(1);
        }

        @Test
        void theEndOfAnInnerGraphEndsItsNodeAndTheOuterGraphStops() {
            CompiledGraph inner = chain(threads.leaves("x"), drains("y")).compile("inner");
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("i", inner)
                    .node("p", threads.leaves("p"))
                    .edge(START, "i")
                    .edge("i", "p")
                    .compile("outer"));

            assertThat(run(graph)).isInstanceOf(RunResult.Drained.class);
            assertThat(graph.state("t").next()).containsExactly("p");
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("x", "y", "p");
            assertThat(threads.ran()).containsExactly("x", "y", "p");
        }

        @Test
        void siblingsOfTheInnerGraphFinishAndAreNotRepeated() {
            CompiledGraph inner = chain(drains("x"), threads.leaves("y")).compile("inner");
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("i", inner)
                    .node("s", threads.leaves("s"))
                    .edge(START, "i")
                    .edge(START, "s")
                    .compile("outer"));

            assertThat(run(graph)).isInstanceOf(RunResult.Drained.class);
            assertThat(threads.ran()).containsExactlyInAnyOrder("x", "s");
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("x", "y", "s");
            assertThat(threads.ran()).containsExactly("y");
        }

        @Test
        void aGraphThatIsKeptNowhereBeginsAgain() {
            CompiledGraph inner = chain(drains("x"), threads.leaves("y"))
                    .compile("inner", CompileOptions.DEFAULT.persistence(Persistence.NONE));
            CompiledGraph graph = threads.keep(
                    StateGraph.of(TRAIL).node("i", inner).edge(START, "i").compile("outer"));

            assertThat(run(graph)).isInstanceOf(RunResult.Drained.class);
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("x", "y");
            assertThat(threads.ran()).containsExactly("x", "x", "y");
        }
    }

    @Nested
    final class DrainNow {
        @Test
        void interruptsWhatRunsAndItRunsAgainWhenTheThreadGoesOn() {
            CompiledGraph graph = threads.keep(
                    chain(worksUntilStopped("a"), threads.leaves("b")).compile("chain"));

            RunResult result = run(graph);
            assertThat(result).isInstanceOf(RunResult.Drained.class);
            assertThat(marks(result)).isEmpty();
            assertThat(graph.state("t").next()).containsExactly("a");
            assertThat(graph.state("t").tasks().getFirst().error()).isNull();

            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("a", "b");
            assertThat(threads.ran()).containsExactly("a", "a", "b");
        }

        /** START -> quick and slow side by side -> end; slow asks the run to stop when quick has finished. */
        private CompiledGraph siblings(Checkpointer storage) {
            CountDownLatch stored = new CountDownLatch(1);
            Checkpointer watched = new DyingCheckpointer(storage, Integer.MAX_VALUE, false) {
                @Override
                public void putWrites(CheckpointRef ref, String taskId, List<PendingWrite> writes) {
                    super.putWrites(ref, taskId, writes);
                    stored.countDown();
                }
            };
            return StateGraph.of(TRAIL)
                    .node("quick", threads.leaves("quick"))
                    .node("slow", (state, context) -> {
                        assertThat(stored.await(20, TimeUnit.SECONDS)).isTrue();
                        return worksUntilStopped("slow").run(state, context);
                    })
                    .node("end", threads.leaves("end"))
                    .edge(START, "quick")
                    .edge(START, "slow")
                    .join(List.of("quick", "slow"), "end")
                    .compile("siblings")
                    .with(watched, new InMemoryStore(Clock.systemUTC()));
        }

        @Test
        void keepsWhatFinishedSiblingsWrote() {
            CompiledGraph graph = siblings(threads.storage());

            assertThat(run(graph)).isInstanceOf(RunResult.Drained.class);
            assertThat(graph.state("t").next()).containsExactly("slow");
            threads.ran();

            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("quick", "slow", "end");
            assertThat(threads.ran()).containsExactly("slow", "end");
        }

        @Test
        void givesTheResultOfTheUndisturbedRun() {
            CompiledGraph graph = siblings(threads.storage());
            run(graph);
            RunResult end = graph.invoke(Input.CONTINUE, THREAD);

            RunResult undisturbed = graph.invoke(Update.NONE, RunConfig.thread("undisturbed"));
            assertThat(end.state().tree()).isEqualTo(undisturbed.state().tree());
            assertThat(graph.state("t").values())
                    .isEqualTo(graph.state("undisturbed").values());
            assertThat(threads.steps("t")).isEqualTo(threads.steps("undisturbed"));
        }

        @Test
        void whatIsQueuedForAPlaceDoesNotBegin() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", worksUntilStopped("a"))
                    .node("b", threads.leaves("b"))
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("queue"));

            assertThat(run(graph, THREAD.withMaxConcurrency(1))).isInstanceOf(RunResult.Drained.class);
            assertThat(threads.ran()).containsExactly("a");
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("a", "b");
        }

        @Test
        void aTaskThatFinishesAllTheSameCounts() {
            CompiledGraph graph = threads.keep(chain(
                            (state, context) -> {
                                threads.note("a");
                                ask(GraphStream::drainNow);
                                return trail("a");
                            },
                            threads.leaves("b"))
                    .compile("stubborn"));

            assertThat(run(graph)).isInstanceOf(RunResult.Drained.class);
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("a", "b");
            assertThat(threads.ran()).containsExactly("a", "b");
        }

        @Test
        void whatATaskThrowsWhenItIsInterruptedIsNoFailure() {
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        boolean first = !asked.get();
                        ask(GraphStream::drainNow);
                        if (first) {
                            throw new IllegalArgumentException("something broke");
                        }
                        return trail("a");
                    })
                    .edge(START, "a")
                    .compile("breaks"));

            assertThat(run(graph)).isInstanceOf(RunResult.Drained.class);
            assertThat(graph.state("t").tasks().getFirst().error()).isNull();
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("a");
        }

        @Test
        void stopsTheInnermostTaskAndKeepsTheStepsBeforeIt() {
            CompiledGraph inner =
                    chain(threads.leaves("x"), worksUntilStopped("y")).compile("inner");
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("i", inner)
                    .node("p", threads.leaves("p"))
                    .edge(START, "i")
                    .edge("i", "p")
                    .compile("outer"));

            assertThat(run(graph)).isInstanceOf(RunResult.Drained.class);
            assertThat(threads.ran()).containsExactly("x", "y");
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("x", "y", "p");
            assertThat(threads.ran()).containsExactly("y", "p");
        }

        @Test
        void doesNotWaitOutTheDelayBeforeTheNextAttempt() {
            CountDownLatch waits = new CountDownLatch(1);
            AtomicBoolean healed = new AtomicBoolean();
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                            .node(
                                    "a",
                                    (state, context) -> {
                                        if (!healed.get()) {
                                            throw new IllegalStateException("for now");
                                        }
                                        return trail("a");
                                    },
                                    NodeOptions.NONE.retry(RetryPolicy.DEFAULT.on(failure -> true)))
                            .edge(START, "a")
                            .compile("retries"))
                    .with(delay -> {
                        waits.countDown();
                        Thread.sleep(Duration.ofDays(1));
                    });

            try (GraphStream stream = graph.stream(Update.NONE, THREAD, Streaming.NONE)) {
                assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();
                stream.drainNow();
                assertThat(stream.result()).isInstanceOf(RunResult.Drained.class);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            healed.set(true);
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("a");
        }

        /** Clients of databases break off what they do on an interrupted worker. */
        @ParameterizedTest
        @EnumSource(Durability.class)
        void doesNotInterruptTheStorage(Durability durability) {
            AtomicInteger stored = new AtomicInteger();
            Checkpointer touchy = new DyingCheckpointer(threads.storage(), Integer.MAX_VALUE, false) {
                @Override
                public void put(NewCheckpoint checkpoint) {
                    check();
                    super.put(checkpoint);
                }

                @Override
                public void putWrites(CheckpointRef ref, String taskId, List<PendingWrite> writes) {
                    check();
                    super.putWrites(ref, taskId, writes);
                }

                private void check() {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new CheckpointException.Unavailable("Storage: broken off by an interrupt.", null);
                    }
                    stored.incrementAndGet();
                }
            };
            Node stubborn = asks("stubborn", GraphStream::drainNow);
            CompiledGraph inner = StateGraph.of(TRAIL)
                    .node("x", stubborn)
                    .node("y", threads.leaves("y"))
                    .node("z", threads.leaves("z"))
                    .edge(START, "x")
                    .edge(START, "y")
                    .edge("x", "z")
                    .compile("inner");
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("i", inner)
                    .node("p", threads.leaves("p"))
                    .edge(START, "i")
                    .edge("i", "p")
                    .compile("outer")
                    .with(touchy, new InMemoryStore(Clock.systemUTC()));

            assertThat(run(graph, THREAD.with(durability))).isInstanceOf(RunResult.Drained.class);
            assertThat(stored).hasPositiveValue();
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD.with(durability))))
                    .containsExactly("stubborn", "y", "z", "p");
            assertThat(threads.ran()).filteredOn("stubborn"::equals).hasSize(1);
        }
    }

    @Nested
    final class BeforeACall {
        /** One node that makes two calls, one after the other; the first asks the run to stop. */
        private CompiledGraph calling(NodeContext.Work<String> first) {
            return threads.keep(StateGraph.of(TRAIL)
                    .node("n", (state, context) -> {
                        threads.note("n");
                        String one = context.call("first", Codecs.TEXT, first).await();
                        String two = context.call("second", Codecs.TEXT, inner -> {
                                    threads.note("second");
                                    return "2";
                                })
                                .await();
                        return trail(one, two);
                    })
                    .edge(START, "n")
                    .compile("calls"));
        }

        @Test
        void theNodeStopsAndWhatWasCalledBeforeIsNotRepeated() {
            CompiledGraph graph = calling(context -> {
                threads.note("first");
                ask(GraphStream::drain);
                return "1";
            });

            assertThat(run(graph)).isInstanceOf(RunResult.Drained.class);
            assertThat(threads.ran()).containsExactly("n", "first");
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("1", "2");
            assertThat(threads.ran()).containsExactly("n", "second");
        }

        @Test
        void aCallThatWasInterruptedIsMadeAgain() {
            CompiledGraph graph = calling(context -> {
                threads.note("first");
                boolean first = !asked.get();
                ask(GraphStream::drainNow);
                if (first) {
                    assertThat(new CountDownLatch(1).await(20, TimeUnit.SECONDS))
                            .isTrue();
                }
                return "1";
            });

            assertThat(run(graph)).isInstanceOf(RunResult.Drained.class);
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("1", "2");
            assertThat(threads.ran()).containsExactly("n", "first", "n", "first", "second");
        }

        @Test
        void callsThatRunAreFinished() {
            CountDownLatch drained = new CountDownLatch(1);
            CompiledGraph graph = threads.keep(StateGraph.of(TRAIL)
                    .node("n", (state, context) -> {
                        var slow = context.call("slow", Codecs.TEXT, inner -> {
                            threads.note("slow");
                            assertThat(drained.await(20, TimeUnit.SECONDS)).isTrue();
                            return "slow";
                        });
                        ask(GraphStream::drain);
                        drained.countDown();
                        String next = context.call("next", Codecs.TEXT, inner -> "next")
                                .await();
                        return trail(slow.await(), next);
                    })
                    .edge(START, "n")
                    .compile("calls"));

            assertThat(run(graph)).isInstanceOf(RunResult.Drained.class);
            assertThat(marks(graph.invoke(Input.CONTINUE, THREAD))).containsExactly("slow", "next");
            assertThat(threads.ran()).containsExactly("slow");
        }
    }
}
