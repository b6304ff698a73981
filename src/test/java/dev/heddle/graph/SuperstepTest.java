package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.END;
import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.Destination;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.State;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.FakeClock;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The superstep cycle: order, ways, values, events. The behaviour is that of LangGraph 1.2. */
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
        void aNodeWithTwoWaysInRunsOnceForEachSuperstepInWhichOneFires() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", leaves("a"))
                    .node("b", leaves("b"))
                    .node("c", leaves("c"))
                    .node("d", leaves("d"))
                    .edge(START, "a")
                    .edge(START, "b")
                    .edge("a", "d")
                    .edge("b", "c")
                    .edge("b", "d")
                    .edge("c", "d")
                    .compile("diamond");

            assertThat(run(graph).get(TRAIL)).containsExactly("a", "b", "c", "d", "d");
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
        void aBranchReadsTheStateWithItsOwnNodesWritesButNotItsSiblings() {
            CompiledGraph graph = StateGraph.of(TRAIL, COUNT)
                    .node("a", leaves("a"))
                    .node("b", leaves("b"))
                    .node("seen", (state, context) -> Update.of(COUNT, state.get(COUNT) + 10))
                    .node("unseen", (state, context) -> Update.of(COUNT, -1))
                    .edge(START, "a")
                    .edge(START, "b")
                    .branch("b", state -> state.get(TRAIL).equals(List.of("b")) ? "seen" : "unseen")
                    .compile("fresh");

            assertThat(graph.invoke(Update.of(COUNT, 1), RunConfig.DEFAULT)
                            .state()
                            .get(COUNT))
                    .isEqualTo(11);
        }

        @Test
        void aCommandGoesWhereItSaysAndTheNodesEdgesFireToo() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", (state, context) -> Command.to("c", trail("a")))
                    .node("b", leaves("b"))
                    .node("c", leaves("c"))
                    .edge(START, "a")
                    .edge("a", "b")
                    .compile("command");

            assertThat(run(graph).get(TRAIL)).containsExactly("a", "b", "c");
        }

        @Test
        void anUnknownDestinationFailsTheRunAndNamesTheNodes() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", leaves("a"))
                    .edge(START, "a")
                    .branch("a", state -> "nowhere")
                    .compile("lost");

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> run(graph))
                    .havingCause()
                    .withMessageContaining("branch:to:nowhere")
                    .withMessageContaining("expected one of [a]");
        }

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

        @Test
        void inputThatIsNoKeyIsDropped() {
            CompiledGraph graph = StateGraph.of(COUNT)
                    .node("a", (state, context) -> Update.of(COUNT, state.get(COUNT) + 1))
                    .edge(START, "a")
                    .compile("input");
            Tree.Fields input = Tree.fields("count", Tree.of(1), "other", Tree.of(true));

            try (GraphStream stream = graph.stream(Update.of(input), RunConfig.DEFAULT, Set.of())) {
                assertThat(stream.result().state().tree()).isEqualTo(Tree.fields("count", Tree.of(2)));
            }
        }
    }

    @Nested
    final class Streaming {
        @Test
        void eventsOfAllModesComeInTheOrderInWhichThingsHappened() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        context.emit(Tree.of("hello"));
                        return trail("a");
                    })
                    .node("b", leaves("b"))
                    .edge(START, "a")
                    .edge("a", "b")
                    .edge("b", END)
                    .compile("stream");

            List<String> events = drain(graph.stream(
                    trail("in"),
                    RunConfig.DEFAULT,
                    Set.of(StreamMode.TASKS, StreamMode.CUSTOM, StreamMode.UPDATES, StreamMode.VALUES)));

            assertThat(events)
                    .containsExactly(
                            "Values",
                            "TaskStarted a",
                            "Custom a",
                            "NodeUpdate a",
                            "TaskEnded a",
                            "Values",
                            "TaskStarted b",
                            "NodeUpdate b",
                            "TaskEnded b",
                            "Values");
        }

        @Test
        void onlyWhatWasAskedForIsTold() {
            CompiledGraph graph =
                    StateGraph.of(TRAIL).node("a", leaves("a")).edge(START, "a").compile("quiet");

            assertThat(drain(graph.stream(Update.NONE, RunConfig.DEFAULT, Set.of(StreamMode.UPDATES))))
                    .containsExactly("NodeUpdate a");
        }

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
