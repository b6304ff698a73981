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
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeContext.Execution;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.RetryPolicy;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.FakeClock;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Nodes that fail are tried again. The behaviour is LangGraph 1.2. */
final class RetryTest {
    private static final RunConfig THREAD = RunConfig.thread("thread");
    private static final RetryPolicy POLICY =
            RetryPolicy.DEFAULT.on(IOException.class).withoutJitter();

    private final List<Duration> pauses = new ArrayList<>();
    private final List<Execution> attempts = new ArrayList<>();

    @Nested
    final class ANodeWithAPolicy {
        @Test
        void runsUntilItSucceeds() {
            RunResult result = run(failing(2), NodeOptions.NONE.retry(POLICY));

            assertThat(result.state().get(TRAIL)).containsExactly("attempt 3");
            assertThat(attempts).hasSize(3);
        }

        @Test
        void failsWithItsLastFailureWhenTheAttemptsAreUsedUp() {
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> run(failing(9), NodeOptions.NONE.retry(POLICY)))
                    .withRootCauseInstanceOf(IOException.class)
                    .satisfies(failure -> assertThat(failure.getCause()).hasMessage("failure 3"));
            assertThat(attempts).hasSize(3);
        }

        @Test
        void waitsTwiceAsLongEachTimeUpToTheLongestDelay() {
            RetryPolicy policy = POLICY.attempts(6).delays(Duration.ofSeconds(1), 2, Duration.ofSeconds(5));
            RunResult result = run(failing(5), NodeOptions.NONE.retry(policy));

            assertThat(result.state().get(TRAIL)).containsExactly("attempt 6");
            assertThat(pauses)
                    .containsExactly(
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(4),
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(5));
        }

        @Test
        void isToldWhichAttemptItIsAndWhenTheFirstBegan() {
            run(failing(2), NodeOptions.NONE.retry(POLICY));

            assertThat(attempts).extracting(Execution::attempt).containsExactly(1, 2, 3);
            assertThat(attempts).extracting(Execution::firstAttemptAt).containsOnly(Instant.EPOCH);
        }

        @Test
        void showsOneStartAndOneEndHoweverManyAttemptsItTakes() {
            List<String> shown = new ArrayList<>();
            try (GraphStream events = graph(failing(2), NodeOptions.NONE.retry(POLICY)).stream(
                    Update.NONE, THREAD, Set.of(StreamMode.TASKS, StreamMode.UPDATES))) {
                while (events.hasNext()) {
                    shown.add(
                            switch (events.next()) {
                                case StreamEvent.TaskStarted _ -> "start";
                                case StreamEvent.NodeUpdate _ -> "update";
                                case StreamEvent.TaskEnded ended -> "end " + ended.error();
                                default -> "?";
                            });
                }
            }

            assertThat(shown).containsExactly("start", "update", "end null");
        }

        @Test
        void asksTheSameQuestionsAgainAndGetsTheSameAnswers() {
            CompiledGraph graph = graph(
                    (state, context) -> {
                        attempts.add(context.execution());
                        String answer = context.interrupt(Tree.of("which?"), Codecs.TEXT);
                        if (context.execution().attempt() == 1) {
                            throw new IOException("after the answer");
                        }
                        return trail(answer);
                    },
                    NodeOptions.NONE.retry(POLICY));
            assertThat(graph.invoke(Update.NONE, THREAD)).isInstanceOf(RunResult.Interrupted.class);

            assertThat(graph.invoke(Command.resume(Tree.of("this")), THREAD)
                            .state()
                            .get(TRAIL))
                    .containsExactly("this");
        }

        @Test
        void isNotTriedAgainBecauseItAsks() {
            CompiledGraph graph = graph(
                    (state, context) -> {
                        attempts.add(context.execution());
                        return trail(context.interrupt(Tree.of("which?"), Codecs.TEXT));
                    },
                    NodeOptions.NONE.retry(POLICY.on(failure -> true)));
            graph.invoke(Update.NONE, THREAD);

            assertThat(attempts).hasSize(1);
        }

        @Test
        void countsItsAttemptsAnewWhenTheThreadGoesOn() {
            CompiledGraph graph = graph(failing(4), NodeOptions.NONE.retry(POLICY));
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, THREAD));

            assertThat(graph.invoke(Input.CONTINUE, THREAD).state().get(TRAIL)).containsExactly("attempt 5");
            assertThat(attempts).extracting(Execution::attempt).containsExactly(1, 2, 3, 1, 2);
        }

        @Test
        void isNotTriedAgainWhenTheRunIsToStop() {
            List<GraphStream> running = new ArrayList<>();
            CompiledGraph graph = graph(
                    (state, context) -> {
                        attempts.add(context.execution());
                        synchronized (running) {
                            running.getFirst().drain();
                        }
                        throw new IOException("while stopping");
                    },
                    NodeOptions.NONE.retry(POLICY));

            synchronized (running) {
                running.add(graph.stream(Update.NONE, THREAD, Set.of()));
            }
            try (GraphStream stream = running.getFirst()) {
                assertThat(stream.result()).isInstanceOf(RunResult.Drained.class);
            }
            assertThat(attempts).hasSize(1);
        }
    }

    @Nested
    final class OfSeveralPolicies {
        @Test
        void theFirstThatMatchesTheFailureCounts() {
            RetryPolicy never = POLICY.on(UncheckedIOException.class).attempts(1);
            RetryPolicy often = POLICY.on(failure -> true).attempts(5);
            assertThat(run(failing(4), NodeOptions.NONE.retry(never, often))
                            .state()
                            .get(TRAIL))
                    .containsExactly("attempt 5");

            attempts.clear();
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> run(
                            (state, context) -> {
                                attempts.add(context.execution());
                                throw new UncheckedIOException(new IOException("x"));
                            },
                            NodeOptions.NONE.retry(never, often)));
            assertThat(attempts).hasSize(1);
        }

        @Test
        void noneMayMatch() {
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> run(failing(1), NodeOptions.NONE.retry(POLICY.on(TimeoutException.class))));
            assertThat(attempts).hasSize(1);
            assertThat(pauses).isEmpty();
        }

        @Test
        void thatOfTheNodeWinsOverTheGraphsDefault() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .defaults(NodeOptions.NONE.retry(POLICY.attempts(5)))
                    .node("own", failing(1), NodeOptions.NONE.retry(POLICY.attempts(1)))
                    .edge(START, "own")
                    .compile("graph");
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, RunConfig.DEFAULT));
            assertThat(attempts).hasSize(1);

            attempts.clear();
            CompiledGraph byDefault = StateGraph.of(TRAIL)
                    .defaults(NodeOptions.NONE.retry(POLICY.attempts(5)))
                    .node("none", failing(4))
                    .edge(START, "none")
                    .compile("graph")
                    .with(pauses::add);
            assertThat(byDefault.invoke(Update.NONE, RunConfig.DEFAULT).state().get(TRAIL))
                    .containsExactly("attempt 5");
        }
    }

    @Nested
    final class TheDefaultPolicy {
        static final List<Throwable> HEAL = List.of(
                new ConnectException("x"),
                new SocketTimeoutException("x"),
                new UnknownHostException("x"),
                new TimeoutException("x"),
                new Exception("unknown"),
                new RuntimeException("unknown"),
                new GraphException.NodeTimedOut("n", "run timeout", Duration.ofSeconds(1)));

        static final List<Throwable> STAY = List.of(
                new IllegalArgumentException("x"),
                new IllegalStateException("x"),
                new ArithmeticException("x"),
                new ClassCastException("x"),
                new IndexOutOfBoundsException("x"),
                new NullPointerException("x"),
                new NoSuchElementException("x"),
                new UnsupportedOperationException("x"),
                new ClassNotFoundException("x"),
                new InterruptedException("x"),
                new IOException("plain"),
                new StackOverflowError("x"),
                new GraphException.BadInput("x"));

        @ParameterizedTest
        @FieldSource("HEAL")
        void triesAgainWhatMayHeal(Throwable failure) {
            assertThat(RetryPolicy.DEFAULT.retryOn().test(failure)).isTrue();
        }

        @ParameterizedTest
        @FieldSource("STAY")
        void doesNotTryAgainWhatIsAMistakeInTheProgram(Throwable failure) {
            assertThat(RetryPolicy.DEFAULT.retryOn().test(failure)).isFalse();
        }

        @Test
        void runsThreeTimesAfterHalfASecondDoubledUpTo128SecondsWithASecondOfJitter() {
            RetryPolicy policy = RetryPolicy.DEFAULT;
            assertThat(policy.maxAttempts()).isEqualTo(3);
            assertThat(policy.withoutJitter().delayAfter(1, new Random(1))).isEqualTo(Duration.ofMillis(500));
            assertThat(policy.withoutJitter().delayAfter(2, new Random(1))).isEqualTo(Duration.ofSeconds(1));
            assertThat(policy.withoutJitter().delayAfter(20, new Random(1))).isEqualTo(Duration.ofSeconds(128));
            assertThat(Stream.iterate(1L, seed -> seed + 1)
                            .limit(100)
                            .map(seed -> policy.delayAfter(1, new Random(seed)))
                            .distinct())
                    .hasSizeGreaterThan(10)
                    .allSatisfy(delay -> assertThat(delay).isBetween(Duration.ofMillis(500), Duration.ofMillis(1_499)));
        }

        static Stream<RetryPolicyNumbers> badNumbers() {
            return Stream.of(
                    new RetryPolicyNumbers(0, 2, Duration.ZERO),
                    new RetryPolicyNumbers(1, 0.5, Duration.ZERO),
                    new RetryPolicyNumbers(1, 2, Duration.ofSeconds(-1)));
        }

        @ParameterizedTest
        @MethodSource("badNumbers")
        void refusesNumbersThatMakeNoSense(RetryPolicyNumbers bad) {
            assertThatExceptionOfType(GraphException.InvalidGraph.class)
                    .isThrownBy(() -> RetryPolicy.DEFAULT
                            .attempts(bad.attempts())
                            .delays(bad.delay(), bad.factor(), Duration.ZERO))
                    .withMessageContaining("RetryPolicy: bad numbers");
        }

        record RetryPolicyNumbers(int attempts, double factor, Duration delay) {}
    }

    /** Fails so many times, over all runs. */
    private Node failing(int times) {
        return (state, context) -> {
            attempts.add(context.execution());
            if (attempts.size() <= times) {
                throw new IOException("failure " + attempts.size());
            }
            return trail("attempt " + attempts.size());
        };
    }

    private RunResult run(Node node, NodeOptions options) {
        return graph(node, options).invoke(Update.NONE, THREAD);
    }

    private CompiledGraph graph(Node node, NodeOptions options) {
        return StateGraph.of(TRAIL)
                .node("node", node, options)
                .edge(START, "node")
                .compile("graph")
                .with(FakeClock.at(Instant.EPOCH), new Random(1))
                .with(pauses::add)
                .with(new InMemoryCheckpointer(), new InMemoryStore(Clock.systemUTC()));
    }
}
