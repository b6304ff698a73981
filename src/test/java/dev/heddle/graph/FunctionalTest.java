package dev.heddle.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.Entrypoint;
import dev.heddle.graph.state.Final;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.state.TaskFunction;
import dev.heddle.graph.store.InMemoryNodeCache;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Interrupt;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.RetryPolicy;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.TaskFuture;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.GuardedCheckpointer;
import dev.heddle.tree.Codec;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Functions as graphs: entrypoints and the tasks that they call. The behaviour is LangGraph 1.2. */
final class FunctionalTest {
    private static final RunConfig THREAD = RunConfig.thread("thread");
    private static final Tree QUESTION = Tree.of("sure?");

    private final GuardedCheckpointer threads = new GuardedCheckpointer(new InMemoryCheckpointer());
    private final Map<String, Integer> executions = new ConcurrentHashMap<>();

    /** Adds one, and counts its executions. */
    private final TaskFunction<Integer, Integer> increment =
            TaskFunction.of("increment", Codecs.INT, Codecs.INT, (number, context) -> {
                count("increment");
                return number + 1;
            });

    private final TaskFunction<String, String> ask =
            TaskFunction.of("ask", Codecs.TEXT, Codecs.TEXT, (question, context) -> {
                count("ask " + question);
                return context.interrupt(Tree.of(question), Codecs.TEXT);
            });

    @AfterEach
    void nothingThatWasStoredWasChanged() {
        threads.verify();
    }

    @Nested
    final class AnEntrypoint {
        @Test
        void returnsWhatItsFunctionReturns() {
            Entrypoint<Integer, String> flow =
                    Entrypoint.of("flow", Codecs.INT, Codecs.TEXT, (number, context) -> "got " + number);

            RunResult result = flow.invoke(3, RunConfig.DEFAULT);

            assertThat(result).isInstanceOf(RunResult.Completed.class);
            assertThat(result.state().get(flow.output())).isEqualTo("got 3");
            assertThat(result.state().tree()).isEqualTo(Tree.fields("__end__", Tree.of("got 3")));
        }

        @Test
        void isAGraphOfOneNodeThatLeavesNothingToDo() {
            Entrypoint<Integer, Integer> flow =
                    stored(Entrypoint.of("flow", Codecs.INT, Codecs.INT, (number, context) -> number * 2));
            flow.invoke(3, THREAD);

            assertThat(flow.graph().state("thread").next()).isEmpty();
            assertThat(flow.graph().state("thread").values().get("__end__")).isEqualTo(Tree.of(6));
            assertThat(flow.graph().history("thread", HistoryQuery.newest(10)))
                    .extracting(snapshot -> snapshot.next())
                    .containsExactly(List.of(), List.of("flow"), List.of("__start__"));
        }

        @Test
        void getsWhatTheRunBeforeOnTheThreadReturned() {
            Entrypoint<Integer, Integer> sum = stored(Entrypoint.of(
                    "sum", Codecs.INT, Codecs.INT, (number, previous, context) -> number + previous.orElse(0)));

            assertThat(sum.invoke(1, THREAD).state().get(sum.output())).isEqualTo(1);
            assertThat(sum.invoke(2, THREAD).state().get(sum.output())).isEqualTo(3);
            assertThat(sum.invoke(3, RunConfig.thread("another")).state().get(sum.output()))
                    .isEqualTo(3);
        }

        @Test
        void getsWhatTheRunBeforeSavedWhenThatIsNotWhatItReturned() {
            Entrypoint<String, Integer> flow = stored(Entrypoint.of(
                    "flow", Codecs.TEXT, Codecs.INT, Codecs.list(Codecs.TEXT), (word, previous, context) -> {
                        List<String> words = new ArrayList<>(previous.orElse(List.of()));
                        words.add(word);
                        return Final.of(words.size(), List.copyOf(words));
                    }));

            assertThat(flow.invoke("a", THREAD).state().get(flow.output())).isEqualTo(1);
            assertThat(flow.invoke("b", THREAD).state().get(flow.output())).isEqualTo(2);
            assertThat(flow.graph().state("thread").values().get("__previous__"))
                    .isEqualTo(Tree.of(List.of(Tree.of("a"), Tree.of("b"))));
        }

        @Test
        void hasNoPreviousValueWithoutACheckpointer() {
            Entrypoint<Integer, Boolean> flow =
                    Entrypoint.of("flow", Codecs.INT, Codecs.BOOL, (number, previous, context) -> previous.isPresent());

            flow.invoke(1, RunConfig.DEFAULT);
            assertThat(flow.invoke(2, RunConfig.DEFAULT).state().get(flow.output()))
                    .isFalse();
        }

        @Test
        void doesNotKeepItsInput() {
            Entrypoint<Integer, Integer> flow =
                    stored(Entrypoint.of("flow", Codecs.INT, Codecs.INT, (number, context) -> 0));
            flow.invoke(3, THREAD);

            assertThat(flow.graph().state("thread").values().fields()).containsOnlyKeys("__end__", "__previous__");
        }

        @Test
        void isTriedAgainAsItsOptionsSay() {
            Entrypoint<Integer, Integer> flow = Entrypoint.of("flow", Codecs.INT, Codecs.INT, (number, context) -> {
                        if (count("flow") < 2) {
                            throw new IOException("once");
                        }
                        return number;
                    })
                    .with(NodeOptions.NONE.retry(now()), CompileOptions.DEFAULT.version(7));

            assertThat(flow.invoke(5, RunConfig.DEFAULT).state().get(flow.output()))
                    .isEqualTo(5);
            assertThat(flow.graph().version()).startsWith("7-");
        }

        @Test
        void refusesTheNamesThatNodesMayNotHave() {
            assertThatExceptionOfType(GraphException.InvalidGraph.class)
                    .isThrownBy(() -> Entrypoint.of("a|b", Codecs.INT, Codecs.INT, (number, context) -> number))
                    .withMessageContaining("Entrypoint 'a|b': bad name");
            assertThatExceptionOfType(GraphException.InvalidGraph.class)
                    .isThrownBy(() -> TaskFunction.of("__t", Codecs.INT, Codecs.INT, (number, context) -> number))
                    .withMessageContaining("Task '__t': bad name");
        }

        @Test
        void runsInsideANodeAsItsSubgraphAndAsksForIt() {
            Entrypoint<Integer, Integer> inner = Entrypoint.of("inner", Codecs.INT, Codecs.INT, (number, context) -> {
                int more = increment.call(context, number).await();
                return more * context.interrupt(QUESTION, Codecs.INT);
            });
            Key<Integer> result = Key.lastValue("result", Codecs.INT);
            var outer = StateGraph.of(result)
                    .node("node", (state, context) -> Update.of(result, inner.call(1, context)))
                    .edge(StateGraph.START, "node")
                    .compile("outer")
                    .with(threads, new InMemoryStore(Clock.systemUTC()));

            assertThat(questions(outer.invoke(Update.NONE, THREAD))).containsExactly(QUESTION);
            RunResult end = outer.invoke(Command.resume(Tree.of(10)), THREAD);

            assertThat(end.state().get(result)).isEqualTo(20);
            assertThat(executions).containsEntry("increment", 1);
        }
    }

    @Nested
    final class ATask {
        @Test
        void runsBesideItsCallerAndItsSiblings() {
            CountDownLatch both = new CountDownLatch(2);
            TaskFunction<String, String> meet = TaskFunction.of("meet", Codecs.TEXT, Codecs.TEXT, (who, context) -> {
                both.countDown();
                both.await();
                return who;
            });
            Entrypoint<Integer, String> flow = Entrypoint.of("flow", Codecs.INT, Codecs.TEXT, (number, context) -> {
                TaskFuture<String> left = meet.call(context, "left");
                TaskFuture<String> right = meet.call(context, "right");
                return left.await() + right.await();
            });

            assertThat(flow.invoke(0, RunConfig.DEFAULT).state().get(flow.output()))
                    .isEqualTo("leftright");
        }

        @Test
        void givesTheSameResultHoweverOftenItIsAwaited() {
            Entrypoint<Integer, Integer> flow = Entrypoint.of("flow", Codecs.INT, Codecs.INT, (number, context) -> {
                TaskFuture<Integer> future = increment.call(context, number);
                return future.await() + future.await();
            });

            assertThat(flow.invoke(1, RunConfig.DEFAULT).state().get(flow.output()))
                    .isEqualTo(4);
            assertThat(executions).containsEntry("increment", 1);
        }

        @Test
        void isNotRepeatedAfterAnInterrupt() {
            Entrypoint<Integer, Integer> flow =
                    stored(Entrypoint.of("flow", Codecs.INT, Codecs.INT, (number, context) -> {
                        count("flow");
                        int more = increment.call(context, number).await();
                        int times = context.interrupt(QUESTION, Codecs.INT);
                        return increment.call(context, more * times).await();
                    }));

            RunResult waiting = flow.invoke(1, THREAD);
            assertThat(questions(waiting)).containsExactly(QUESTION);
            assertThat(waiting.state().find(flow.output())).isEmpty();
            RunResult end = flow.resume(Command.resume(Tree.of(10)), THREAD);

            assertThat(end.state().get(flow.output())).isEqualTo(21);
            assertThat(executions).containsEntry("flow", 2).containsEntry("increment", 2);
        }

        @Test
        void isNotRepeatedAfterAFailure() {
            AtomicBoolean broken = new AtomicBoolean(true);
            Entrypoint<Integer, Integer> flow =
                    stored(Entrypoint.of("flow", Codecs.INT, Codecs.INT, (number, context) -> {
                        int more = increment.call(context, number).await();
                        if (broken.get()) {
                            throw new IOException("broken");
                        }
                        return more;
                    }));
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> flow.invoke(1, THREAD))
                    .withCauseInstanceOf(IOException.class);

            broken.set(false);
            assertThat(flow.resume(Input.CONTINUE, THREAD).state().get(flow.output()))
                    .isEqualTo(2);
            assertThat(executions).containsEntry("increment", 1);
        }

        @Test
        void isNotRepeatedForARetryOfItsCaller() {
            Entrypoint<Integer, Integer> flow =
                    stored(Entrypoint.of("flow", Codecs.INT, Codecs.INT, (number, context) -> {
                                int more = increment.call(context, number).await();
                                if (context.execution().attempt() == 1) {
                                    throw new IOException("once");
                                }
                                return more;
                            })
                            .with(NodeOptions.NONE.retry(now()), CompileOptions.DEFAULT));

            assertThat(flow.invoke(1, THREAD).state().get(flow.output())).isEqualTo(2);
            assertThat(executions).containsEntry("increment", 1);
        }

        @Test
        void isNotRepeatedWhenItsResultIsFalsyOrNothing() {
            Entrypoint<Integer, Integer> flow =
                    stored(Entrypoint.of("flow", Codecs.INT, Codecs.INT, (number, context) -> {
                        boolean same =
                                gives("zero", Codecs.INT, 0).call(context, 1).await() == 0
                                        && !gives("no", Codecs.BOOL, false)
                                                .call(context, 1)
                                                .await()
                                        && gives("nothing", Codecs.TEXT, "")
                                                .call(context, 1)
                                                .await()
                                                .isEmpty()
                                        && gives("none", Codecs.list(Codecs.TEXT), List.<String>of())
                                                .call(context, 1)
                                                .await()
                                                .isEmpty()
                                        && gives("null", Codecs.TREE, Tree.NULL)
                                                .call(context, 1)
                                                .await()
                                                .equals(Tree.NULL)
                                        && gives("empty", Codecs.optional(Codecs.INT), Optional.<Integer>empty())
                                                .call(context, 1)
                                                .await()
                                                .isEmpty();
                        context.interrupt(QUESTION);
                        return same ? 0 : 1;
                    }));
            flow.invoke(1, THREAD);

            assertThat(flow.resume(Command.resume(Tree.NULL), THREAD).state().get(flow.output()))
                    .isZero();
            assertThat(executions).hasSize(6).allSatisfy((task, times) -> assertThat(times)
                    .isEqualTo(1));
        }

        @Test
        void throwsWhereItIsAwaitedAndMayBeCaught() {
            TaskFunction<Integer, Integer> fail = TaskFunction.of("fail", Codecs.INT, Codecs.INT, (number, context) -> {
                throw new IOException("no " + number);
            });
            Entrypoint<Integer, String> flow = Entrypoint.of("flow", Codecs.INT, Codecs.TEXT, (number, context) -> {
                TaskFuture<Integer> future = fail.call(context, number);
                try {
                    return "got " + future.await();
                } catch (IOException e) {
                    return "caught " + e.getMessage();
                }
            });

            assertThat(flow.invoke(1, RunConfig.DEFAULT).state().get(flow.output()))
                    .isEqualTo("caught no 1");
        }

        @Test
        void thatFailsFailsItsCallerAlsoWhenNobodyAwaitsIt() {
            TaskFunction<Integer, Integer> fail = TaskFunction.of("fail", Codecs.INT, Codecs.INT, (number, context) -> {
                throw new IOException("no " + number);
            });
            Entrypoint<Integer, Integer> flow = Entrypoint.of("flow", Codecs.INT, Codecs.INT, (number, context) -> {
                TaskFuture<Integer> unread = fail.call(context, number);
                return unread == null ? 0 : number;
            });

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> flow.invoke(1, RunConfig.DEFAULT))
                    .withCauseInstanceOf(IOException.class);
        }

        @Test
        void isTriedAgainByItsOwnPolicy() {
            TaskFunction<Integer, Integer> shaky = TaskFunction.of(
                            "shaky", Codecs.INT, Codecs.INT, (number, context) -> {
                                if (context.execution().attempt() < 3) {
                                    throw new IOException("not yet");
                                }
                                return context.execution().attempt();
                            })
                    .retry(now());
            Entrypoint<Integer, Integer> flow =
                    Entrypoint.of("flow", Codecs.INT, Codecs.INT, (number, context) -> shaky.call(context, number)
                            .await());

            assertThat(flow.invoke(1, RunConfig.DEFAULT).state().get(flow.output()))
                    .isEqualTo(3);
        }

        @Test
        void isGivenUpWhenItsTimeIsOver() {
            TaskFunction<Integer, Integer> stuck = TaskFunction.of(
                            "stuck", Codecs.INT, Codecs.INT, (number, context) -> {
                                new CountDownLatch(1).await();
                                return number;
                            })
                    .timeout(Duration.ofMillis(20));
            Entrypoint<Integer, String> flow = Entrypoint.of("flow", Codecs.INT, Codecs.TEXT, (number, context) -> {
                try {
                    return "got " + stuck.call(context, number).await();
                } catch (GraphException.NodeTimedOut e) {
                    return e.getMessage();
                }
            });

            assertThat(flow.invoke(1, RunConfig.DEFAULT).state().get(flow.output()))
                    .startsWith("Node 'stuck': out of time");
        }

        @Test
        void mayCallTasksItself() {
            TaskFunction<Integer, Integer> twice =
                    TaskFunction.of("twice", Codecs.INT, Codecs.INT, (number, context) -> {
                        int first = increment.call(context, number).await();
                        return increment.call(context, first).await();
                    });
            Entrypoint<Integer, Integer> flow =
                    stored(Entrypoint.of("flow", Codecs.INT, Codecs.INT, (number, context) -> {
                        int more = twice.call(context, number).await();
                        context.interrupt(QUESTION);
                        return more;
                    }));
            flow.invoke(1, THREAD);

            assertThat(flow.resume(Command.resume(Tree.NULL), THREAD).state().get(flow.output()))
                    .isEqualTo(3);
            assertThat(executions).containsEntry("increment", 2);
        }
    }

    @Nested
    final class Asking {
        @Test
        void insideATaskStopsTheRunAndIsAnsweredThere() {
            Entrypoint<Integer, String> flow =
                    stored(Entrypoint.of("flow", Codecs.INT, Codecs.TEXT, (number, context) -> {
                        count("flow");
                        return ask.call(context, "name?").await();
                    }));

            RunResult waiting = flow.invoke(1, THREAD);
            assertThat(questions(waiting)).containsExactly(Tree.of("name?"));
            assertThat(flow.graph().state("thread").interrupts())
                    .isEqualTo(((RunResult.Interrupted) waiting).interrupts());
            RunResult end = flow.resume(Command.resume(Tree.of("Ann")), THREAD);

            assertThat(end.state().get(flow.output())).isEqualTo("Ann");
            assertThat(executions).containsEntry("flow", 2).containsEntry("ask name?", 2);
        }

        @Test
        void inSeveralTasksAtOnceShowsAllQuestionsInTheOrderOfTheCalls() {
            Entrypoint<Integer, String> flow = stored(twoQuestions());

            List<Interrupt> open = ((RunResult.Interrupted) flow.invoke(1, THREAD)).interrupts();
            assertThat(open).extracting(Interrupt::value).containsExactly(Tree.of("first?"), Tree.of("second?"));
            assertThat(open).extracting(Interrupt::id).doesNotHaveDuplicates();
            assertThatExceptionOfType(GraphException.InvalidResume.class)
                    .isThrownBy(() -> flow.resume(Command.resume(Tree.of("A")), THREAD))
                    .withMessageContaining("2 tasks wait");

            RunResult end = flow.resume(
                    Command.resume(
                            Map.of(open.get(1).id(), Tree.of("B"), open.get(0).id(), Tree.of("A"))),
                    THREAD);
            assertThat(end.state().get(flow.output())).isEqualTo("AB");
        }

        @Test
        void inSeveralTasksMayBeAnsweredOneByOne() {
            Entrypoint<Integer, String> flow = stored(twoQuestions());
            List<Interrupt> open = ((RunResult.Interrupted) flow.invoke(1, THREAD)).interrupts();

            RunResult waiting = flow.resume(Command.resume(Map.of(open.get(1).id(), Tree.of("B"))), THREAD);
            assertThat(((RunResult.Interrupted) waiting).interrupts()).containsExactly(open.getFirst());
            RunResult end = flow.resume(Command.resume(Tree.of("A")), THREAD);

            assertThat(end.state().get(flow.output())).isEqualTo("AB");
            assertThat(executions).containsEntry("ask second?", 2);
        }

        @Test
        void oneAfterTheOtherTakesOneAnswerEach() {
            Entrypoint<Integer, String> flow = stored(Entrypoint.of(
                    "flow",
                    Codecs.INT,
                    Codecs.TEXT,
                    (number, context) -> ask.call(context, "first?").await()
                            + ask.call(context, "second?").await()));
            flow.invoke(1, THREAD);

            assertThat(questions(flow.resume(Command.resume(Tree.of("A")), THREAD)))
                    .containsExactly(Tree.of("second?"));
            assertThat(flow.resume(Command.resume(Tree.of("B")), THREAD).state().get(flow.output()))
                    .isEqualTo("AB");
        }

        @Test
        void takesAnAnswerOnceAlsoWhenTheRunBreaksOffAfterIt() {
            AtomicBoolean broken = new AtomicBoolean(true);
            TaskFunction<String, String> shaky =
                    TaskFunction.of("shaky", Codecs.TEXT, Codecs.TEXT, (question, context) -> {
                        String answer = context.interrupt(Tree.of(question), Codecs.TEXT);
                        if (broken.get()) {
                            throw new IOException("after the answer");
                        }
                        return answer;
                    });
            Entrypoint<Integer, String> flow = stored(Entrypoint.of(
                    "flow",
                    Codecs.INT,
                    Codecs.TEXT,
                    (number, context) -> shaky.call(context, "first?").await()
                            + ask.call(context, "second?").await()));
            flow.invoke(1, THREAD);
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> flow.resume(Command.resume(Tree.of("A")), THREAD));
            broken.set(false);

            assertThat(questions(flow.resume(Input.CONTINUE, THREAD))).containsExactly(Tree.of("second?"));
            assertThat(flow.resume(Command.resume(Tree.of("B")), THREAD).state().get(flow.output()))
                    .isEqualTo("AB");
        }

        private Entrypoint<Integer, String> twoQuestions() {
            return Entrypoint.of("flow", Codecs.INT, Codecs.TEXT, (number, context) -> {
                TaskFuture<String> first = ask.call(context, "first?");
                TaskFuture<String> second = ask.call(context, "second?");
                return first.await() + second.await();
            });
        }
    }

    @Nested
    final class Streaming {
        @Test
        void showsEachFinishedTaskAndThenTheEntrypoint() {
            Entrypoint<Integer, Integer> flow = Entrypoint.of("flow", Codecs.INT, Codecs.INT, (number, context) -> {
                int more = increment.call(context, number).await();
                return increment.call(context, more).await();
            });

            assertThat(updates(flow.stream(1, RunConfig.DEFAULT, Set.of(StreamMode.UPDATES))))
                    .containsExactly("increment: 2", "increment: 3", "flow: 3");
        }

        @Test
        void doesNotRepeatWhatWasShownBeforeTheInterrupt() {
            Entrypoint<Integer, Integer> flow =
                    stored(Entrypoint.of("flow", Codecs.INT, Codecs.INT, (number, context) -> {
                        int more = increment.call(context, number).await();
                        int times = context.interrupt(QUESTION, Codecs.INT);
                        return increment.call(context, more * times).await();
                    }));

            assertThat(updates(flow.stream(1, THREAD, Set.of(StreamMode.UPDATES))))
                    .containsExactly("increment: 2", "interrupt");
            assertThat(updates(flow.graph().stream(Command.resume(Tree.of(10)), THREAD, Set.of(StreamMode.UPDATES))))
                    .containsExactly("increment: 21", "flow: 21");
        }

        @Test
        void showsStartAndEndOfTasksAndTheReturnedValueAlone() {
            Entrypoint<Integer, Integer> flow =
                    stored(Entrypoint.of("flow", Codecs.INT, Codecs.INT, (number, context) -> increment
                            .call(context, number)
                            .await()));
            List<String> seen = new ArrayList<>();
            try (GraphStream events = flow.stream(1, THREAD, Set.of(StreamMode.TASKS, StreamMode.VALUES))) {
                while (events.hasNext()) {
                    seen.add(
                            switch (events.next()) {
                                case StreamEvent.TaskStarted started -> started.node() + " begins";
                                case StreamEvent.TaskEnded ended -> ended.node() + " ends " + ended.result();
                                case StreamEvent.Values values -> "values " + values.values();
                                default -> "?";
                            });
                }
            }

            assertThat(seen)
                    .containsExactly(
                            "flow begins",
                            "increment begins",
                            "increment ends " + Tree.fields("__return__", Tree.of(2)),
                            "flow ends " + Tree.fields("__end__", Tree.of(2), "__previous__", Tree.of(2)),
                            "values " + Tree.fields("__end__", Tree.of(2)));
        }
    }

    @Nested
    final class ACachedTask {
        private final TaskFunction<Integer, Integer> cached = increment.cache(null);

        private final Entrypoint<Integer, Integer> flow = Entrypoint.of(
                        "flow", Codecs.INT, Codecs.INT, (number, context) -> cached.call(context, number)
                                .await())
                .with(new InMemoryNodeCache(Clock.systemUTC(), 100));

        @Test
        void isNotCalledAgainForTheSameArgumentAndShownAsCached() {
            assertThat(updates(flow.stream(1, RunConfig.DEFAULT, Set.of(StreamMode.UPDATES))))
                    .containsExactly("increment: 2", "flow: 2");
            assertThat(updates(flow.stream(1, RunConfig.DEFAULT, Set.of(StreamMode.UPDATES))))
                    .containsExactly("increment: 2 cached", "flow: 2");
            assertThat(updates(flow.stream(2, RunConfig.DEFAULT, Set.of(StreamMode.UPDATES))))
                    .containsExactly("increment: 3", "flow: 3");
            assertThat(executions).containsEntry("increment", 2);
        }

        @Test
        void isCalledAgainWhenItsResultsAreCleared() {
            flow.invoke(1, RunConfig.DEFAULT);
            flow.graph().clearCache("increment");
            flow.invoke(1, RunConfig.DEFAULT);

            assertThat(executions).containsEntry("increment", 2);
        }

        @Test
        void mayCountAPartOfItsArgumentOnly() {
            TaskFunction<Integer, Integer> parity = increment.cache(number -> "" + number % 2, Duration.ofHours(1));
            Entrypoint<Integer, Integer> even = Entrypoint.of(
                            "even", Codecs.INT, Codecs.INT, (number, context) -> parity.call(context, number)
                                    .await())
                    .with(new InMemoryNodeCache(Clock.systemUTC(), 100));

            assertThat(even.invoke(2, RunConfig.DEFAULT).state().get(even.output()))
                    .isEqualTo(3);
            assertThat(even.invoke(4, RunConfig.DEFAULT).state().get(even.output()))
                    .isEqualTo(3);
        }
    }

    private <R> TaskFunction<Integer, R> gives(String name, Codec<R> codec, R result) {
        return TaskFunction.of(name, Codecs.INT, codec, (number, context) -> {
            count(name);
            return result;
        });
    }

    private int count(String what) {
        return executions.merge(what, 1, Integer::sum);
    }

    private <I, O> Entrypoint<I, O> stored(Entrypoint<I, O> flow) {
        return flow.with(threads, new InMemoryStore(Clock.systemUTC()));
    }

    private static RetryPolicy now() {
        return RetryPolicy.DEFAULT
                .on(IOException.class)
                .delays(Duration.ZERO, 1, Duration.ZERO)
                .withoutJitter();
    }

    private static List<Tree> questions(RunResult result) {
        return result instanceof RunResult.Interrupted waiting
                ? waiting.interrupts().stream().map(Interrupt::value).toList()
                : List.of();
    }

    private static List<String> updates(GraphStream events) {
        List<String> seen = new ArrayList<>();
        try (events) {
            while (events.hasNext()) {
                seen.add(
                        switch (events.next()) {
                            case StreamEvent.NodeUpdate update
                            when update.update() instanceof Tree.Int(long value) ->
                                update.node() + ": " + value + (update.cached() ? " cached" : "");
                            case StreamEvent.Interrupted _ -> "interrupt";
                            default -> "?";
                        });
            }
        }
        return seen;
    }
}
