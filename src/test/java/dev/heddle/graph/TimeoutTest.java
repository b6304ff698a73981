package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.RetryPolicy;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.TaskFuture;
import dev.heddle.graph.types.TimeoutPolicy;
import dev.heddle.graph.types.TimeoutPolicy.Signs;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Attempts that take too long. The behaviour is LangGraph 1.2, and nodes that block may have a timeout too. */
@Timeout(60)
final class TimeoutTest {
    private static final RunConfig THREAD = RunConfig.thread("thread");
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Key<String> ITEM = Key.lastValue("item", Codecs.TEXT);

    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final AtomicInteger attempts = new AtomicInteger();

    /** Blocks until it is interrupted. */
    private final Node blocks = (state, context) -> {
        block(interrupted);
        return trail("never");
    };

    @Nested
    final class ANodeThatIsOutOfTime {
        @Test
        void isInterruptedAndFailsTheRunByName() throws Exception {
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> run(blocks, NodeOptions.NONE.timeout(SHORT)))
                    .withCauseInstanceOf(GraphException.NodeTimedOut.class)
                    .satisfies(failure -> assertThat(failure.getCause())
                            .hasMessageContaining("Node 'node': out of time")
                            .hasMessageContaining("run timeout"));
            interrupted.await();
        }

        @Test
        void mayBeTriedAgain() {
            Node healing = (state, context) -> {
                if (attempts.incrementAndGet() == 1) {
                    block(interrupted);
                }
                return trail("attempt " + attempts.get());
            };

            assertThat(run(healing, NodeOptions.NONE.timeout(SHORT).retry(now())))
                    .containsExactly("attempt 2");
        }

        @Test
        void isHandledLikeAnyFailure() {
            NodeOptions options = NodeOptions.NONE
                    .timeout(SHORT)
                    .onError((state, error, context) ->
                            trail("handled " + error.message().contains("out of time")));

            assertThat(run(blocks, options)).containsExactly("handled true");
        }

        @Test
        void leavesItsSiblingsAloneAndRunsAgainAloneLater() {
            AtomicInteger siblings = new AtomicInteger();
            CompiledGraph graph = stored(StateGraph.of(TRAIL)
                    .node(
                            "node",
                            (state, context) -> {
                                if (attempts.incrementAndGet() == 1) {
                                    block(interrupted);
                                }
                                return trail("node");
                            },
                            NodeOptions.NONE.timeout(SHORT))
                    .node("sibling", (state, context) -> {
                        siblings.incrementAndGet();
                        return trail("sibling");
                    })
                    .edge(START, "node")
                    .edge(START, "sibling")
                    .compile("graph"));
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, THREAD));

            assertThat(graph.invoke(Input.CONTINUE, THREAD).state().get(TRAIL)).containsExactly("node", "sibling");
            assertThat(siblings).hasValue(1);
        }

        @Test
        void isAlsoOneThatWaitsForItsCalls() throws Exception {
            Node waits = (state, context) -> {
                TaskFuture<String> call = context.call("call", Codecs.TEXT, inner -> {
                    block(interrupted);
                    return "never";
                });
                return trail(call.await());
            };

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> run(waits, NodeOptions.NONE.timeout(SHORT)))
                    .withCauseInstanceOf(GraphException.NodeTimedOut.class);
            interrupted.await();
        }

        @Test
        void isAlsoOneThatRunsASubgraph() throws Exception {
            CompiledGraph child = StateGraph.of(TRAIL)
                    .node("inner", blocks)
                    .edge(START, "inner")
                    .compile("child");
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("child", child, NodeOptions.NONE.timeout(SHORT))
                    .edge(START, "child")
                    .compile("graph");

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, RunConfig.DEFAULT))
                    .withCauseInstanceOf(GraphException.NodeTimedOut.class);
            interrupted.await();
        }
    }

    @Nested
    final class AnAttemptThatDoesNotHeedItsInterrupt {
        private final CountDownLatch second = new CountDownLatch(1);
        private final CompletableFuture<Object> leftBehind = new CompletableFuture<>();

        /** The first attempt does its work when the second has begun; the second ends when the first has. */
        private CompiledGraph graph(NodeContext.Work<Object> late) {
            return stored(StateGraph.of(TRAIL)
                    .node(
                            "node",
                            (state, context) -> {
                                if (context.execution().attempt() > 1) {
                                    second.countDown();
                                    leftBehind.join();
                                    return trail("second");
                                }
                                awaitWhateverHappens(second);
                                try {
                                    leftBehind.complete(late.run(context));
                                } catch (Exception e) {
                                    leftBehind.complete(e);
                                }
                                return trail("first");
                            },
                            NodeOptions.NONE.timeout(TimeoutPolicy.of(SHORT)).retry(now().attempts(100)))
                    .edge(START, "node")
                    .compile("graph"));
        }

        @Test
        void writesNothing() {
            assertThat(graph(context -> "done")
                            .invoke(Update.NONE, THREAD)
                            .state()
                            .get(TRAIL))
                    .containsExactly("second");
        }

        @Test
        void isNotHeard() {
            List<StreamEvent> heard = new ArrayList<>();
            CompiledGraph graph = graph(context -> {
                context.emit(Tree.of("late"));
                return "done";
            });
            try (GraphStream events = graph.stream(Update.NONE, THREAD, Set.of(StreamMode.CUSTOM))) {
                events.forEachRemaining(heard::add);
            }

            assertThat(heard).isEmpty();
        }

        @Test
        void asksAndBeginsNothing() {
            graph(context -> context.interrupt(Tree.of("late?"))).invoke(Update.NONE, THREAD);
            assertThat(leftBehind.join()).isInstanceOf(GraphException.Cancelled.class);
        }

        @Test
        void callsNothing() {
            graph(context -> context.call("late", Codecs.TEXT, inner -> "result"))
                    .invoke(Update.NONE, THREAD);
            assertThat(leftBehind.join()).isInstanceOf(GraphException.Cancelled.class);
        }
    }

    @Nested
    final class AnIdleTimeout {
        private static final Duration IDLE = Duration.ofSeconds(1);

        @Test
        void endsANodeThatGivesNoSign() {
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> run(blocks, NodeOptions.NONE.timeout(TimeoutPolicy.idle(SHORT))))
                    .satisfies(failure -> assertThat(failure.getCause()).hasMessageContaining("idle timeout"));
        }

        @Test
        void isPutOffByWhateverTheNodeDoesThroughItsContext() {
            assertThat(run(busy(context -> context.emit(Tree.NULL)), idle(IDLE, Signs.ANY)))
                    .containsExactly("done");
        }

        @Test
        void isPutOffByHeartbeats() {
            assertThat(run(busy(NodeContext::heartbeat), idle(IDLE, Signs.HEARTBEAT)))
                    .containsExactly("done");
        }

        @Test
        void isPutOffByNothingElseWhereOnlyHeartbeatsCount() {
            Node talks = (state, context) -> {
                while (!Thread.currentThread().isInterrupted()) {
                    context.emit(Tree.NULL);
                    LockSupport.parkNanos(1_000_000);
                }
                throw new InterruptedException();
            };

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> run(talks, idle(SHORT, Signs.HEARTBEAT)))
                    .withCauseInstanceOf(GraphException.NodeTimedOut.class);
        }

        @Test
        void doesNotPutOffTheRunTimeout() {
            Node beats = (state, context) -> {
                while (!Thread.currentThread().isInterrupted()) {
                    context.heartbeat();
                    LockSupport.parkNanos(1_000_000);
                }
                throw new InterruptedException();
            };

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> run(beats, NodeOptions.NONE.timeout(new TimeoutPolicy(SHORT, NEVER, Signs.ANY))))
                    .satisfies(failure -> assertThat(failure.getCause()).hasMessageContaining("run timeout"));
        }

        /** Gives signs for longer than it may be idle. */
        private Node busy(Consumer<NodeContext> sign) {
            return (state, context) -> {
                long end = System.nanoTime() + IDLE.toNanos() * 3 / 2;
                while (System.nanoTime() < end) {
                    sign.accept(context);
                    LockSupport.parkNanos(1_000_000);
                }
                return trail("done");
            };
        }

        private static NodeOptions idle(Duration idle, Signs signs) {
            return NodeOptions.NONE.timeout(new TimeoutPolicy(null, idle, signs));
        }
    }

    @Nested
    final class TheTimeOfANode {
        @Test
        void isThatOfItsSendWhereThatSaysOne() {
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> send(NodeOptions.NONE.timeout(NEVER), SHORT))
                    .withCauseInstanceOf(GraphException.NodeTimedOut.class);

            // No attempt ends within a nanosecond: the send's own time is what counts.
            interrupted.countDown();
            assertThat(send(NodeOptions.NONE.timeout(Duration.ofNanos(1)), NEVER))
                    .containsExactly("x");
        }

        @Test
        void isThatOfTheGraphWhereItSaysNone() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .defaults(NodeOptions.NONE.timeout(SHORT))
                    .node("node", blocks)
                    .edge(START, "node")
                    .compile("graph");

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, RunConfig.DEFAULT))
                    .withCauseInstanceOf(GraphException.NodeTimedOut.class);
        }

        @Test
        void isMoreThanNothing() {
            assertThatExceptionOfType(GraphException.InvalidGraph.class)
                    .isThrownBy(() -> TimeoutPolicy.of(Duration.ZERO))
                    .withMessageContaining("TimeoutPolicy 'run': bad duration");
            assertThatExceptionOfType(GraphException.InvalidGraph.class)
                    .isThrownBy(() -> TimeoutPolicy.idle(Duration.ofSeconds(-1)))
                    .withMessageContaining("TimeoutPolicy 'idle': bad duration");
        }

        /** Sends to a node that blocks until it is interrupted, or not at all once somebody was. */
        private List<String> send(NodeOptions options, Duration own) {
            return StateGraph.of(TRAIL)
                    .node(
                            "worker",
                            (state, context) -> {
                                if (interrupted.getCount() > 0) {
                                    block(interrupted);
                                }
                                return trail(state.get(ITEM));
                            },
                            options)
                    .route(START, state -> List.of(Send.to("worker", ITEM, "x").within(TimeoutPolicy.of(own))))
                    .compile("graph")
                    .invoke(Update.NONE, RunConfig.DEFAULT)
                    .state()
                    .get(TRAIL);
        }
    }

    private static List<String> run(Node node, NodeOptions options) {
        return StateGraph.of(TRAIL)
                .node("node", node, options)
                .edge(START, "node")
                .compile("graph")
                .invoke(Update.NONE, RunConfig.DEFAULT)
                .state()
                .get(TRAIL);
    }

    private static CompiledGraph stored(CompiledGraph graph) {
        return graph.with(new InMemoryCheckpointer(), new InMemoryStore(Clock.systemUTC()));
    }

    private static RetryPolicy now() {
        return RetryPolicy.DEFAULT.delays(Duration.ZERO, 1, Duration.ZERO).withoutJitter();
    }

    private static void block(CountDownLatch interrupted) throws InterruptedException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
    }

    private static void awaitWhateverHappens(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // This one does not heed it.
                continue;
            }
        }
    }
}
