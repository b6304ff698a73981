package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.END;
import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.Destination;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.State;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.FakeClock;
import dev.heddle.testing.GuardedCheckpointer;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** §6: the superstep cycle, and how a run is given up. The behaviour is that of LangGraph 1.2. */
final class SuperstepTest {
    private static final Key<Integer> COUNT = Key.lastValue("count", Codecs.INT);
    private static final Key<String> ITEM = Key.lastValue("item", Codecs.TEXT);

    @Nested
    final class Order {
        @Test
        void writesApplyInTheOrderOfNodeNamesWhoeverIsFirst() {
            CountDownLatch lastDone = new CountDownLatch(1);
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("n1", (state, context) -> {
                        await(lastDone);
                        return trail("n1");
                    })
                    .node("n10", leaves("n10"))
                    .node("n2", (state, context) -> {
                        lastDone.countDown();
                        return trail("n2");
                    })
                    .edge(START, "n2")
                    .edge(START, "n10")
                    .edge(START, "n1")
                    .compile("order");

            assertThat(run(graph).get(TRAIL)).containsExactly("n1", "n10", "n2");
        }

        @Test
        void triggeredWritesPrecedeThoseOfSendsWhichKeepTheirOwnOrder() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("m", leaves("m"))
                    .node("w", (state, context) -> trail(state.get(ITEM)))
                    .node("z", leaves("z"))
                    .edge(START, "m")
                    .route(
                            "m",
                            state -> List.of(Send.to("w", ITEM, "w2"), Send.to("w", ITEM, "w1"), Destination.to("z")))
                    .compile("sends");

            assertThat(run(graph).get(TRAIL)).containsExactly("m", "z", "w2", "w1");
        }

        @Test
        void tasksOfOneSuperstepRunAtTheSameTimeAndDoNotSeeEachOthersWrites() {
            CyclicBarrier all = new CyclicBarrier(3);
            Node meet = (state, context) -> {
                all.await(20, TimeUnit.SECONDS);
                return trail(context.node() + state.get(TRAIL).size());
            };
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", meet)
                    .node("b", meet)
                    .node("c", meet)
                    .edge(START, "a")
                    .edge(START, "b")
                    .edge(START, "c")
                    .compile("parallel");

            assertThat(run(graph).get(TRAIL)).containsExactly("a0", "b0", "c0");
        }

        @Test
        void maxConcurrencyOneRunsOneTaskAfterTheOther() {
            List<String> begun = new ArrayList<>();
            Node note = (state, context) -> {
                begun.add(context.node());
                return Update.NONE;
            };
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", note)
                    .node("b", note)
                    .edge(START, "b")
                    .edge(START, "a")
                    .compile("serial");

            graph.invoke(Update.NONE, RunConfig.DEFAULT.withMaxConcurrency(1));

            assertThat(begun).containsExactly("a", "b");
        }
    }

    @Nested
    final class Ways {
        @Test
        void aSendHidesTheState() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", leaves("a"))
                    .node("w", (state, context) -> trail(state.find(TRAIL).isPresent() ? "state" : state.get(ITEM)))
                    .edge(START, "a")
                    .route("a", state -> List.of(Send.to("w", ITEM, "argument")))
                    .compile("send");

            assertThat(run(graph).get(TRAIL)).containsExactly("a", "argument");
        }

        @Test
        void aLoopEndsAtTheRecursionLimitAndANodeSeesWhatRemains() {
            List<Long> remaining = new ArrayList<>();
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        remaining.add(context.remainingSteps());
                        return Update.NONE;
                    })
                    .edge(START, "a")
                    .edge("a", "a")
                    .compile("loop");

            assertThatExceptionOfType(GraphException.RecursionLimit.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, RunConfig.DEFAULT.withRecursionLimit(4)))
                    .withMessageContaining("within 4 supersteps");
            assertThat(remaining).containsExactly(3L, 2L, 1L, 0L);
        }
    }

    @Nested
    final class Values {
        @Test
        void twoWritesToALastValueInOneSuperstepFailEvenWhenEqual() {
            Node one = (state, context) -> Update.of(COUNT, 1);
            CompiledGraph graph = StateGraph.of(COUNT)
                    .node("a", one)
                    .node("b", one)
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("conflict");

            assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                    .isThrownBy(() -> run(graph))
                    .withMessageContaining(
                            "Channel 'count': too many writes in one superstep, expected at most 1, got 2");
        }

        @Test
        void anEphemeralValueLastsForOneSuperstep() {
            Key<String> hint = Key.ephemeral("hint", Codecs.TEXT);
            Node look =
                    (state, context) -> trail(context.node() + state.find(hint).orElse("-"));
            CompiledGraph graph = StateGraph.of(TRAIL, hint)
                    .node("a", (state, context) -> trail("a").and(hint, "!"))
                    .node("b", look)
                    .node("c", look)
                    .edge(START, "a")
                    .edge("a", "b")
                    .edge("b", "c")
                    .compile("ephemeral");

            assertThat(run(graph).get(TRAIL)).containsExactly("a", "b!", "c-");
        }

        @Test
        void aValueThatWasNeverWrittenIsMissedByName() {
            CompiledGraph graph = StateGraph.of(COUNT)
                    .node("a", (state, context) -> Update.of(COUNT, state.get(COUNT)))
                    .edge(START, "a")
                    .compile("missing");

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> run(graph))
                    .withMessageContaining("Node 'a': failed in superstep 1")
                    .havingCause()
                    .withMessageContaining("Key 'count': no value");
        }

        @Test
        void aKeyThatIsNotDeclaredIsRefusedThoughItsNameIs() {
            Key<String> impostor = Key.lastValue("count", Codecs.TEXT);
            CompiledGraph graph = StateGraph.of(COUNT)
                    .node("a", (state, context) -> Update.of(impostor, "text"))
                    .edge(START, "a")
                    .compile("impostor");

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> run(graph))
                    .withCauseInstanceOf(GraphException.UnknownKey.class);
        }

        @Test
        void inputOfTheWrongShapeIsRefusedBeforeAnythingRuns() {
            CompiledGraph graph = StateGraph.of(COUNT)
                    .node("a", leaves("never"))
                    .edge(START, "a")
                    .compile("input");

            assertThatExceptionOfType(GraphException.BadInput.class)
                    .isThrownBy(() -> drain(graph.stream(
                            Update.of(Tree.fields("count", Tree.of("many"))), RunConfig.DEFAULT, Set.of())))
                    .withMessageContaining("Input 'count': wrong shape, expected integer of 32 bits, got text");
        }
    }

    @Nested
    final class Streaming {
        @Test
        void eventsArriveWhileTheNodeStillWorks() throws Exception {
            CountDownLatch read = new CountDownLatch(1);
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        context.emit(Tree.of("first"));
                        await(read);
                        return Update.NONE;
                    })
                    .edge(START, "a")
                    .compile("live");

            try (GraphStream stream = graph.stream(Update.NONE, RunConfig.DEFAULT, Set.of(StreamMode.CUSTOM))) {
                assertThat(stream.next()).isInstanceOf(StreamEvent.Custom.class);
                read.countDown();
                assertThat(stream.hasNext()).isFalse();
            }
        }

        @Test
        void closingTheStreamInterruptsEveryTaskAndWaitsForIt() throws Exception {
            CountDownLatch begun = new CountDownLatch(2);
            CountDownLatch ended = new CountDownLatch(2);
            Node sleeper = (state, context) -> {
                begun.countDown();
                try {
                    new CountDownLatch(1).await();
                } finally {
                    ended.countDown();
                }
                return Update.NONE;
            };
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", sleeper)
                    .node("b", sleeper)
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("closed");

            GraphStream stream = graph.stream(Update.NONE, RunConfig.DEFAULT, Set.of());
            await(begun);
            stream.close();

            assertThat(ended.getCount()).isZero();
            assertThatExceptionOfType(GraphException.Cancelled.class).isThrownBy(stream::result);
        }
    }

    @Nested
    final class GivingUp {
        @Test
        void tasksThatWaitForAPlaceDoNotBegin() throws Exception {
            CountDownLatch begun = new CountDownLatch(2);
            AtomicInteger executions = new AtomicInteger();
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", leaves("a"))
                    .node("w", (state, context) -> {
                        executions.incrementAndGet();
                        begun.countDown();
                        new CountDownLatch(1).await();
                        return Update.NONE;
                    })
                    .edge(START, "a")
                    .route("a", state -> Collections.nCopies(20, Send.to("w", ITEM, "x")))
                    .compile("queue");

            try (GraphStream stream = graph.stream(Update.NONE, RunConfig.DEFAULT.withMaxConcurrency(2), Set.of())) {
                assertThat(stream).isNotNull();
                await(begun);
            }

            assertThat(executions).hasValue(2);
        }

        @Test
        void aNodeThatSwallowsItsInterruptIsTheLast() throws Exception {
            CountDownLatch begun = new CountDownLatch(1);
            AtomicInteger executions = new AtomicInteger();
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("stubborn", (state, context) -> {
                        executions.incrementAndGet();
                        begun.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException swallowed) {
                            // as careless code does
                        }
                        return Update.NONE;
                    })
                    .edge(START, "stubborn")
                    .edge("stubborn", "stubborn")
                    .compile("stubborn");

            GraphStream stream = graph.stream(Update.NONE, RunConfig.DEFAULT, Set.of());
            await(begun);
            stream.close();

            assertThat(executions).hasValue(1);
            assertThatExceptionOfType(GraphException.Cancelled.class).isThrownBy(stream::result);
        }

        @Test
        void aRunEndsAtItsDeadlineBetweenTwoSupersteps() {
            Instant start = Instant.parse("2026-11-21T10:00:00Z");
            FakeClock clock = FakeClock.at(start);
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        assertThat(context.timeLeft()).contains(Duration.ofSeconds(10));
                        clock.set(start.plusSeconds(10));
                        return trail("a");
                    })
                    .node("b", leaves("b"))
                    .edge(START, "a")
                    .edge("a", "b")
                    .compile("late")
                    .with(clock, new Random(1));

            assertThatExceptionOfType(GraphException.DeadlineExceeded.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, RunConfig.DEFAULT.withDeadline(start.plusSeconds(10))))
                    .withMessageContaining("before superstep 2");
        }
    }

    @Nested
    final class Planning {
        @Test
        void sentTasksComeFirstInTheirOrderThenTriggeredOnesByName() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("b", leaves("b"))
                    .node("a", leaves("a"))
                    .node("w", leaves("w"))
                    .node("m", leaves("m"))
                    .edge(START, "m")
                    .route(
                            "m",
                            state -> List.of(
                                    Destination.to("b"),
                                    Send.to("w", ITEM, "1"),
                                    Destination.to("a"),
                                    Send.to("w", ITEM, "2")))
                    .compile("plan", CompileOptions.DEFAULT.interruptBefore("w"))
                    .with(checkpointer, store);

            graph.invoke(Update.NONE, THREAD);

            assertThat(graph.state("t").next()).containsExactly("w", "w", "a", "b");
        }

        @Test
        void aTriggeredTaskReadsTheStateAndASentOneItsArgumentWhateverItIs() {
            List<Tree> read = Collections.synchronizedList(new ArrayList<>());
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("w", (state, context) -> {
                        read.add(state.tree());
                        return Update.NONE;
                    })
                    .route(
                            START,
                            state -> List.of(
                                    new Send("w", Tree.of(5)),
                                    new Send("w", Tree.of(List.of(Tree.of("x")))),
                                    new Send("w", Tree.NULL),
                                    Destination.to("w")))
                    .compile("arguments");

            graph.invoke(Update.NONE, RunConfig.DEFAULT.withMaxConcurrency(1));

            assertThat(read)
                    .containsExactly(
                            Tree.of(5),
                            Tree.of(List.of(Tree.of("x"))),
                            Tree.NULL,
                            Tree.fields("trail", Tree.of(List.of())));
        }

        @Test
        void taskIdsAreUuidsThatRepeatWhenTheSameWorkIsPlannedAgainAndDifferOtherwise() {
            List<String> ids = new ArrayList<>();
            AtomicInteger failures = new AtomicInteger(1);
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        ids.add(context.taskId());
                        if (failures.getAndDecrement() > 0) {
                            throw new IllegalStateException("heals");
                        }
                        return Update.NONE;
                    })
                    .edge(START, "a")
                    .branch("a", state -> ids.size() < 3 ? "a" : END)
                    .compile("ids")
                    .with(checkpointer, store);

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, THREAD));
            graph.invoke(Input.CONTINUE, THREAD);

            assertThat(ids)
                    .hasSize(3)
                    .allMatch(id -> id.equals(UUID.fromString(id).toString()));
            assertThat(ids.get(1)).isEqualTo(ids.get(0));
            assertThat(ids.get(2)).isNotEqualTo(ids.get(1));
        }

        @Test
        void sendsToOneNodeHaveTasksOfTheirOwn() {
            Set<String> ids = ConcurrentHashMap.newKeySet();
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("w", (state, context) -> {
                        ids.add(context.taskId());
                        return Update.NONE;
                    })
                    .route(START, state -> Collections.nCopies(3, Send.to("w", ITEM, "same")))
                    .compile("sends");

            run(graph);

            assertThat(ids).hasSize(3);
        }
    }

    @Nested
    final class Executing {
        @Test
        void neverMoreTasksRunAtOnceThanMaxConcurrencySays() {
            AtomicInteger running = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            CyclicBarrier pairs = new CyclicBarrier(2);
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("w", (state, context) -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        pairs.await(20, TimeUnit.SECONDS);
                        running.decrementAndGet();
                        return Update.NONE;
                    })
                    .route(START, state -> Collections.nCopies(8, Send.to("w", ITEM, "x")))
                    .compile("two at once");

            graph.invoke(Update.NONE, RunConfig.DEFAULT.withMaxConcurrency(2));

            assertThat(most).hasValue(2);
        }

        @Test
        void writesAreStoredAsSoonAsTheirTaskSucceedsAndNoneAreStoredAsNone() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", leaves("a"))
                    .node("b", (state, context) -> Update.NONE)
                    .node("c", (state, context) -> {
                        throw new IllegalStateException("broken");
                    })
                    .edge(START, "a")
                    .edge(START, "b")
                    .edge(START, "c")
                    .compile("pending")
                    .with(checkpointer, store);

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, THREAD));

            assertThat(storage.latest("t", "").orElseThrow().writes())
                    .extracting(PendingWrite::channel)
                    .containsExactlyInAnyOrder("trail", "__no_writes__", "__error__");
        }
    }

    @Nested
    final class Applying {
        @Test
        void sendsAreOrderedByNumberNotByTheirDigits() {
            List<Destination> sends = new ArrayList<>();
            List<String> items = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                sends.add(Send.to("w", ITEM, "" + i));
                items.add("" + i);
            }
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("w", (state, context) -> trail(state.get(ITEM)))
                    .route(START, state -> sends)
                    .compile("twelve");

            assertThat(run(graph).get(TRAIL)).isEqualTo(items);
        }

        @Test
        void sendsOfSeveralNodesAreOrderedByTheirSenders() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("b", (state, context) -> Send.to("w", ITEM, "of b"))
                    .node("a", (state, context) -> Send.to("w", ITEM, "of a"))
                    .node("w", (state, context) -> trail(state.get(ITEM)))
                    .edge(START, "b")
                    .edge(START, "a")
                    .compile("senders");

            assertThat(run(graph).get(TRAIL)).containsExactly("of a", "of b");
        }

        @Test
        void allChannelsThatASuperstepChangesGetOneNewVersion() {
            CompiledGraph graph = StateGraph.of(TRAIL, COUNT)
                    .node("a", (state, context) -> trail("a").and(COUNT, 1))
                    .node("b", leaves("b"))
                    .edge(START, "a")
                    .edge("a", "b")
                    .compile("versions")
                    .with(checkpointer, store);

            graph.invoke(trail("in"), THREAD);

            Map<String, Long> after = storage.history("t", "", HistoryQuery.newest(2))
                    .getLast()
                    .checkpoint()
                    .channelVersions();
            long max = Collections.max(after.values());
            assertThat(after)
                    .containsEntry("trail", max)
                    .containsEntry("count", max)
                    .containsEntry("branch:to:b", max);
            assertThat(storage.latest("t", "").orElseThrow().checkpoint().channelVersions())
                    .containsEntry("trail", max + 1)
                    .containsEntry("count", max);
        }

        @Test
        void aSuperstepThatARefusedWriteSpoilsChangesNothing() {
            CompiledGraph graph = StateGraph.of(TRAIL, COUNT)
                    .node("a", (state, context) -> trail("a").and(COUNT, 1))
                    .node("b", (state, context) -> trail("b").and(COUNT, 2))
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("refused")
                    .with(checkpointer, store);

            assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                    .isThrownBy(() -> graph.invoke(trail("in"), THREAD));

            assertThat(storage.latest("t", "").orElseThrow().values().get("trail"))
                    .isEqualTo(Tree.of(List.of(Tree.of("in"))));
        }

        @Test
        void deferredNodesAreReleasedOnceNoTriggerWasWritten() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", leaves("a"))
                    .node("b", leaves("b"))
                    .node("y", leaves("y"), NodeOptions.NONE.defer())
                    .node("z", leaves("z"), NodeOptions.NONE.defer())
                    .edge(START, "a")
                    .edge(START, "z")
                    .edge("a", "y")
                    .edge("a", "b")
                    .compile("deferred");

            assertThat(run(graph).get(TRAIL)).containsExactly("a", "b", "y", "z");
        }
    }

    @Nested
    final class Ending {
        @Test
        void aRunWithNothingToDoIsDone() {
            CompiledGraph graph =
                    StateGraph.of(TRAIL).node("a", leaves("a")).edge(START, END).compile("empty");

            assertThat(graph.invoke(trail("in"), RunConfig.DEFAULT))
                    .isInstanceOfSatisfying(
                            RunResult.Completed.class,
                            end -> assertThat(end.state().get(TRAIL)).containsExactly("in"));
        }

        @Test
        void theRecursionLimitIs10007UnlessSaidOtherwiseAndAtLeastOne() {
            assertThat(RunConfig.DEFAULT.recursionLimit()).isEqualTo(10_007);
            assertThatExceptionOfType(GraphException.BadInput.class)
                    .isThrownBy(() -> RunConfig.DEFAULT.withRecursionLimit(0))
                    .withMessageContaining("RunConfig 'recursionLimit': too small, expected at least 1, got 0");
        }

        @Test
        void soManyNodeStepsNeedALimitOfOneMore() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", leaves("a"))
                    .node("b", leaves("b"))
                    .node("c", leaves("c"))
                    .edge(START, "a")
                    .edge("a", "b")
                    .edge("b", "c")
                    .compile("three");

            assertThat(graph.invoke(Update.NONE, RunConfig.DEFAULT.withRecursionLimit(4))
                            .state()
                            .get(TRAIL))
                    .containsExactly("a", "b", "c");
            assertThatExceptionOfType(GraphException.RecursionLimit.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, RunConfig.DEFAULT.withRecursionLimit(3)));
        }

        @Test
        void whatWasDoneBeforeTheLimitIsKeptAndANewBudgetGoesOn() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", leaves("a"))
                    .edge(START, "a")
                    .branch("a", state -> state.get(TRAIL).size() < 5 ? "a" : END)
                    .compile("budget")
                    .with(checkpointer, store);

            assertThatExceptionOfType(GraphException.RecursionLimit.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, THREAD.withRecursionLimit(2)));
            assertThat(TRAIL.codec().decode(graph.state("t").values().get("trail")))
                    .hasSize(2);
            assertThat(graph.invoke(Input.CONTINUE, THREAD.withRecursionLimit(10))
                            .state()
                            .get(TRAIL))
                    .hasSize(5);
        }

        @Test
        void aSuperstepThatTakesTooLongIsCancelledAndWhatFinishedIsKept() throws Exception {
            CountDownLatch interrupted = new CountDownLatch(1);
            AtomicInteger slowRuns = new AtomicInteger();
            AtomicInteger quickRuns = new AtomicInteger();
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("quick", (state, context) -> {
                        quickRuns.incrementAndGet();
                        return trail("quick");
                    })
                    .node("slow", (state, context) -> {
                        if (slowRuns.incrementAndGet() == 1) {
                            try {
                                new CountDownLatch(1).await();
                            } finally {
                                interrupted.countDown();
                            }
                        }
                        return trail("slow");
                    })
                    .edge(START, "quick")
                    .edge(START, "slow")
                    .compile("timeout", CompileOptions.DEFAULT.stepTimeout(Duration.ofSeconds(2)))
                    .with(checkpointer, store);

            assertThatExceptionOfType(GraphException.StepTimedOut.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, THREAD))
                    .withMessageContaining("Superstep 1: out of time, expected an end within PT2S");
            await(interrupted);

            assertThat(graph.invoke(Input.CONTINUE, THREAD).state().get(TRAIL)).containsExactly("quick", "slow");
            assertThat(quickRuns).hasValue(1);
        }
    }

    private static final RunConfig THREAD = RunConfig.thread("t");
    private final InMemoryCheckpointer storage = new InMemoryCheckpointer();
    private final GuardedCheckpointer checkpointer = new GuardedCheckpointer(storage);
    private final InMemoryStore store = new InMemoryStore(Clock.systemUTC());

    private static Node leaves(String item) {
        return (state, context) -> trail(item);
    }

    private static State run(CompiledGraph graph) {
        return graph.invoke(Update.NONE, RunConfig.DEFAULT).state();
    }

    private static List<String> drain(GraphStream stream) {
        List<String> names = new ArrayList<>();
        try (stream) {
            while (stream.hasNext()) {
                names.add(
                        switch (stream.next()) {
                            case StreamEvent.TaskStarted e -> "TaskStarted " + e.node();
                            case StreamEvent.TaskEnded e -> "TaskEnded " + e.node();
                            case StreamEvent.NodeUpdate e -> "NodeUpdate " + e.node();
                            case StreamEvent.Values e -> "Values";
                            case StreamEvent.MessageChunk e -> "MessageChunk " + e.node();
                            case StreamEvent.Custom e -> "Custom " + e.node();
                            case StreamEvent.Interrupted e -> "Interrupted";
                            case StreamEvent.Debug e -> "Debug";
                            case StreamEvent.CheckpointSaved e ->
                                "CheckpointSaved " + e.snapshot().ref().namespace();
                        });
            }
        }
        return names;
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    }
}
