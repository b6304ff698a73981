package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.graph.types.StreamMode.CHECKPOINTS;
import static dev.heddle.graph.types.StreamMode.CUSTOM;
import static dev.heddle.graph.types.StreamMode.DEBUG;
import static dev.heddle.graph.types.StreamMode.MESSAGES;
import static dev.heddle.graph.types.StreamMode.TASKS;
import static dev.heddle.graph.types.StreamMode.UPDATES;
import static dev.heddle.graph.types.StreamMode.VALUES;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Interrupt;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.MessageView;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.StateSnapshot;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.Streaming;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.FakeClock;
import dev.heddle.testing.GuardedCheckpointer;
import dev.heddle.tree.Codec;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** §17: what a run tells while it goes on. */
final class StreamingTest {
    private static final Key<String> ITEM = Key.lastValue("item", Codecs.TEXT);
    private static final Key<Integer> COUNT = Key.lastValue("count", Codecs.INT);
    private static final Key<List<String>> SAID = Key.reduced(
                    "said", Codecs.list(Codecs.TEXT), List.of(), StreamingTest::joined)
            .showingMessages(texts -> texts.stream().map(StreamingTest::message).toList());
    private static final Node MARK = (state, context) -> trail(context.node());
    private static final RunConfig THREAD = RunConfig.thread("t");

    @Nested
    final class ValuesMode {
        @Test
        void showsTheStateOfTheInputAndAfterEachSuperstep() {
            assertThat(events(chain(), trail("in"), Streaming.of(VALUES)))
                    .containsExactly("values 0 {trail:[in]}", "values 1 {trail:[in,a]}", "values 2 {trail:[in,a,b]}");
        }

        @Test
        void inputThatWritesNothingIsNotShown() {
            assertThat(events(chain(), Update.NONE, Streaming.of(VALUES)))
                    .containsExactly("values 1 {trail:[a]}", "values 2 {trail:[a,b]}");
        }

        @Test
        void aSuperstepThatWritesNothingIsNotShown() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", (state, context) -> Update.NONE)
                    .node("b", MARK)
                    .edge(START, "a")
                    .edge("a", "b")
                    .compile("silent");

            assertThat(events(graph, trail("in"), Streaming.of(VALUES)))
                    .containsExactly("values 0 {trail:[in]}", "values 2 {trail:[in,b]}");
        }

        @Test
        void aRunThatGoesOnBeginsWithTheStateAsItStands() {
            CompiledGraph graph = stored(asking());
            events(graph, trail("in"), Streaming.of(VALUES));

            assertThat(events(graph, Command.resume(Tree.of("!")), Streaming.of(VALUES)))
                    .containsExactly("values 1 {trail:[in]}", "values 1 {trail:[in,a,!]}");
        }

        @Test
        void anInterruptIsShownWithItsQuestionsAndWithWhatSiblingsWrote() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", MARK)
                    .node("b", (state, context) -> trail(Codecs.text(context.interrupt(Tree.of("?")), "answer")))
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("siblings");

            assertThat(events(
                            stored(graph),
                            trail("in"),
                            RunConfig.thread("t").withMaxConcurrency(1),
                            Streaming.of(VALUES)))
                    .containsExactly(
                            "values 0 {trail:[in]}", "values 1 {trail:[in]} asks [?]", "values 1 {trail:[in,a]}");
        }

        @Test
        void privateKeysAreShownWhichAResultLeavesOut() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .privateKeys(COUNT)
                    .node("a", (state, context) -> Update.of(COUNT, 1))
                    .edge(START, "a")
                    .compile("private");

            assertThat(events(graph, Update.NONE, Streaming.of(VALUES))).contains("values 1 {trail:[],count:1}");
            assertThat(graph.invoke(Update.NONE, RunConfig.DEFAULT).state().tree())
                    .isEqualTo(Tree.fields("trail", Tree.of(List.of())));
        }
    }

    @Nested
    final class UpdatesMode {
        @Test
        void showsWhatEachNodeWrote() {
            assertThat(events(chain(), trail("in"), Streaming.of(UPDATES)))
                    .containsExactly("updates a {trail:[a]}", "updates b {trail:[b]}");
        }

        @Test
        void aNodeThatWroteNothingShowsNull() {
            assertThat(events(one((state, context) -> Update.NONE), Update.NONE, Streaming.of(UPDATES)))
                    .containsExactly("updates a null");
        }

        @Test
        void aKeyWrittenRepeatedlyMakesAList() {
            assertThat(events(one((state, context) -> trail("1").and(trail("2"))), Update.NONE, Streaming.of(UPDATES)))
                    .containsExactly("updates a [{trail:[1]},{trail:[2]}]");
        }

        @Test
        void tasksOfOneNameAreShownApart() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("w", (state, context) -> trail(state.get(ITEM)))
                    .route(START, state -> List.of(Send.to("w", ITEM, "1"), Send.to("w", ITEM, "2")))
                    .compile("sends");

            assertThat(events(graph, Update.NONE, Streaming.of(UPDATES)))
                    .containsExactlyInAnyOrder("updates w {trail:[1]}", "updates w {trail:[2]}");
        }

        @Test
        void siblingsComeInTheOrderInWhichTheyFinish() {
            CountDownLatch bDone = new CountDownLatch(1);
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", (state, context) -> {
                        assertThat(bDone.await(20, TimeUnit.SECONDS)).isTrue();
                        return trail("a");
                    })
                    .node("b", MARK)
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("siblings");

            List<String> seen = new ArrayList<>();
            try (GraphStream stream = graph.stream(Update.NONE, RunConfig.DEFAULT, Streaming.of(UPDATES))) {
                while (stream.hasNext()) {
                    seen.add(text(stream.next()));
                    bDone.countDown();
                }
            }

            assertThat(seen).containsExactly("updates b {trail:[b]}", "updates a {trail:[a]}");
        }

        @Test
        void anInterruptShowsItsQuestionsAndAStopShowsNone() {
            assertThat(events(stored(asking()), Update.NONE, Streaming.of(UPDATES)))
                    .containsExactly("interrupted [?]");
            assertThat(events(
                            StateGraph.of(TRAIL)
                                    .node("a", MARK)
                                    .edge(START, "a")
                                    .compile("stop", CompileOptions.DEFAULT.interruptBefore("a")),
                            Update.NONE,
                            Streaming.of(UPDATES)))
                    .containsExactly("interrupted []");
        }

        @Test
        void writesFoundInStorageAreShownAsCached() {
            AtomicInteger asked = new AtomicInteger();
            CompiledGraph graph = stored(StateGraph.of(TRAIL)
                    .node("a", MARK)
                    .node("b", (state, context) -> {
                        asked.incrementAndGet();
                        context.interrupt(Tree.of("?"));
                        return trail("b");
                    })
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("cached"));
            events(graph, Update.NONE, Streaming.of(UPDATES));

            assertThat(events(graph, Command.resume(Tree.of("!")), Streaming.of(UPDATES)))
                    .containsExactly("updates a {trail:[a]} cached", "updates b {trail:[b]}");
            assertThat(asked).hasValue(2);
        }
    }

    @Nested
    final class TasksMode {
        @Test
        void showsEachTasksBeginningAndEnd() {
            assertThat(events(chain(), trail("in"), Streaming.of(TASKS)))
                    .containsExactly(
                            "task a 1 {trail:[in]} by [branch:to:a]",
                            "task end a 1 {trail:[a]}",
                            "task b 2 {trail:[in,a]} by [branch:to:b]",
                            "task end b 2 {trail:[b]}");
        }

        @Test
        void beginningAndEndShareAnIdThatIsTheTasksOwn() {
            List<String> ids = new ArrayList<>();
            CompiledGraph graph = one((state, context) -> {
                ids.add(context.taskId());
                return Update.NONE;
            });
            try (GraphStream stream = graph.stream(Update.NONE, RunConfig.DEFAULT, Streaming.of(TASKS))) {
                while (stream.hasNext()) {
                    switch (stream.next()) {
                        case StreamEvent.TaskStarted started -> ids.add(started.taskId());
                        case StreamEvent.TaskEnded ended -> ids.add(ended.taskId());
                        default -> throw new AssertionError("not asked for");
                    }
                }
            }

            assertThat(ids).hasSize(3);
            assertThat(Set.copyOf(ids)).hasSize(1);
        }

        @Test
        void aSendsInputIsItsArgument() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("w", (state, context) -> Update.NONE)
                    .route(START, state -> List.of(Send.to("w", ITEM, "1")))
                    .compile("send");

            assertThat(events(graph, Update.NONE, Streaming.of(TASKS)))
                    .containsExactly("task w 1 {item:1} by [__pregel_push]", "task end w 1 {}");
        }

        @Test
        void aKeyWrittenRepeatedlyIsShownByItsWrites() {
            assertThat(events(one((state, context) -> trail("1").and(trail("2"))), Update.NONE, Streaming.of(TASKS)))
                    .contains("task end a 1 {trail:{$writes:[[1],[2]]}}");
        }

        @Test
        void aFailureIsShownAsAnError() {
            CompiledGraph graph = one((state, context) -> {
                throw new IllegalStateException("broken");
            });
            List<String> seen = new ArrayList<>();

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> read(graph.stream(Update.NONE, RunConfig.DEFAULT, Streaming.of(TASKS)), seen));
            assertThat(seen)
                    .containsExactly(
                            "task a 1 {trail:[]} by [branch:to:a]",
                            "task end a 1 {} failed IllegalStateException: broken");
        }

        @Test
        void anInterruptIsShownWithTheTasksEnd() {
            assertThat(events(stored(asking()), Update.NONE, Streaming.of(TASKS)))
                    .containsExactly("task a 1 {trail:[]} by [branch:to:a]", "task end a 1 {} asks [?]");
        }
    }

    @Nested
    final class CheckpointsMode {
        @Test
        void showsEachCheckpointWithTheTasksThatFollow() {
            assertThat(events(stored(chain()), trail("in"), Streaming.of(CHECKPOINTS)))
                    .containsExactly(
                            "checkpoint -1 {trail:[]} next [__start__]",
                            "checkpoint 0 {trail:[in]} next [a]",
                            "checkpoint 1 {trail:[in,a]} next [b]",
                            "checkpoint 2 {trail:[in,a,b]} next []");
        }

        @Test
        void eachNamesItsParent() {
            List<StateSnapshot> snapshots = new ArrayList<>();
            try (GraphStream stream = stored(chain()).stream(trail("in"), THREAD, Streaming.of(CHECKPOINTS))) {
                while (stream.hasNext()) {
                    if (stream.next() instanceof StreamEvent.CheckpointSaved saved) {
                        snapshots.add(saved.snapshot());
                    }
                }
            }

            assertThat(snapshots.getFirst().parent()).isNull();
            for (int i = 1; i < snapshots.size(); i++) {
                assertThat(snapshots.get(i).parent())
                        .isEqualTo(snapshots.get(i - 1).ref());
            }
        }

        @Test
        void withoutACheckpointerThereAreNone() {
            assertThat(events(chain(), trail("in"), Streaming.of(CHECKPOINTS))).isEmpty();
        }
    }

    @Nested
    final class DebugMode {
        @Test
        void showsCheckpointsAndTasksWithTheirStepAndTimeAndNothingElse() {
            Instant now = Instant.parse("2026-11-21T10:00:00Z");
            CompiledGraph graph = stored(one((state, context) -> {
                        context.emit(Tree.of("not shown"));
                        return trail("a");
                    }))
                    .with(FakeClock.at(now), new Random(1));
            List<String> seen = new ArrayList<>();
            try (GraphStream stream = graph.stream(Update.NONE, THREAD, Streaming.of(DEBUG))) {
                while (stream.hasNext()) {
                    StreamEvent.Debug debug = (StreamEvent.Debug) stream.next();
                    assertThat(debug.at()).isEqualTo(now);
                    seen.add(debug.step() + " " + text(debug.payload()));
                }
            }

            assertThat(seen)
                    .containsExactly(
                            "-1 checkpoint -1 {trail:[]} next [__start__]",
                            "0 checkpoint 0 {trail:[]} next [a]",
                            "1 task a 1 {trail:[]} by [branch:to:a]",
                            "1 task end a 1 {trail:[a]}",
                            "1 checkpoint 1 {trail:[a]} next []");
        }

        @Test
        void withTasksBothAreTold() {
            assertThat(events(one(MARK), Update.NONE, Streaming.of(DEBUG, TASKS)))
                    .containsExactly(
                            "task a 1 {trail:[]} by [branch:to:a]",
                            "debug 1 task a 1 {trail:[]} by [branch:to:a]",
                            "task end a 1 {trail:[a]}",
                            "debug 1 task end a 1 {trail:[a]}");
        }
    }

    @Nested
    final class CustomMode {
        @Test
        void showsWhatNodesEmitAsItIs() {
            CompiledGraph graph = one((state, context) -> {
                context.emit(Tree.of(1));
                context.emit(Tree.fields("k", Tree.of(true)));
                return Update.NONE;
            });

            assertThat(events(graph, Update.NONE, Streaming.of(CUSTOM)))
                    .containsExactly("custom a 1", "custom a {k:true}");
        }
    }

    @Nested
    final class MessagesMode {
        @Test
        void showsPiecesAndThenNotTheWholeAgain() {
            CompiledGraph graph = StateGraph.of(SAID)
                    .node("a", (state, context) -> {
                        context.emit(piece("m", "he"));
                        context.emit(piece("m", "llo"));
                        return Update.of(SAID, List.of("m"));
                    })
                    .edge(START, "a")
                    .compile("pieces");

            assertThat(events(graph, Update.NONE, Streaming.of(MESSAGES)))
                    .containsExactly("message a 1 m he…", "message a 1 m llo…");
        }

        @Test
        void showsWholeMessagesThatANodeWritesOnce() {
            CompiledGraph graph = StateGraph.of(SAID)
                    .node("a", (state, context) -> Update.of(SAID, List.of("m1", "m2")))
                    .node("b", (state, context) -> Update.of(SAID, List.of("m2", "m3")))
                    .edge(START, "a")
                    .edge("a", "b")
                    .compile("whole");

            assertThat(events(graph, Update.NONE, Streaming.of(MESSAGES)))
                    .containsExactly("message a 1 m1 m1", "message a 1 m2 m2", "message b 2 m3 m3");
        }

        @Test
        void messagesOfTheInputAreNotShown() {
            CompiledGraph graph = StateGraph.of(SAID)
                    .node("a", (state, context) -> Update.NONE)
                    .edge(START, "a")
                    .compile("input");

            assertThat(events(graph, Update.of(SAID, List.of("m")), Streaming.of(MESSAGES)))
                    .isEmpty();
        }

        @Test
        void keysThatShowNoMessagesStaySilent() {
            assertThat(events(one(MARK), Update.NONE, Streaming.of(MESSAGES))).isEmpty();
        }
    }

    @Nested
    final class Order {
        private final Node speaks = (state, context) -> {
            context.emit(Tree.of("hi"));
            return trail(context.node());
        };

        @Test
        void ofARunIsCheckpointsValuesCheckpointsThenTasksValuesCheckpoint() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", speaks)
                    .node("b", MARK)
                    .edge(START, "a")
                    .edge("a", "b")
                    .compile("order");

            assertThat(kinds(events(
                            stored(graph),
                            trail("in"),
                            Streaming.of(VALUES, UPDATES, TASKS, CHECKPOINTS, CUSTOM, MESSAGES))))
                    .containsExactly(
                            "checkpoint -1",
                            "values 0",
                            "checkpoint 0",
                            "task a",
                            "custom a hi",
                            "updates a",
                            "task end a",
                            "values 1",
                            "checkpoint 1",
                            "task b",
                            "updates b",
                            "task end b",
                            "values 2",
                            "checkpoint 2");
        }

        @Test
        void tasksBeginInTheOrderOfThePlan() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("c", MARK)
                    .node("a", MARK)
                    .node("b", MARK)
                    .edge(START, "c")
                    .edge(START, "b")
                    .edge(START, "a")
                    .compile("plan");

            assertThat(kinds(events(graph, Update.NONE, Streaming.of(TASKS))).subList(0, 3))
                    .containsExactly("task a", "task b", "task c");
        }

        @Test
        void ofAnInterruptIsUpdatesValuesAndThenTheTasksEnd() {
            assertThat(kinds(events(stored(asking()), trail("in"), Streaming.of(VALUES, UPDATES, TASKS))))
                    .containsExactly("values 0", "task a", "interrupted [?]", "values 1", "task end a");
        }

        @Test
        void ofAResumedRunBeginsWithValues() {
            CompiledGraph graph = stored(asking());
            events(graph, Update.NONE, Streaming.of(VALUES));

            assertThat(kinds(events(
                            graph, Command.resume(Tree.of("!")), Streaming.of(VALUES, UPDATES, TASKS, CHECKPOINTS))))
                    .containsExactly(
                            "values 1",
                            "checkpoint 0",
                            "task a",
                            "updates a",
                            "task end a",
                            "values 1",
                            "checkpoint 1");
        }
    }

    @Nested
    final class Subgraphs {
        private final CompiledGraph inner =
                StateGraph.of(TRAIL).node("x", MARK).edge(START, "x").compile("inner");
        private final CompiledGraph middle =
                StateGraph.of(TRAIL).node("in", inner).edge(START, "in").compile("middle");
        private final CompiledGraph outer = StateGraph.of(TRAIL)
                .node("a", MARK)
                .node("sub", middle)
                .edge(START, "a")
                .edge("a", "sub")
                .compile("outer");

        @Test
        void areNotShownUnlessAskedFor() {
            assertThat(events(outer, Update.NONE, Streaming.of(UPDATES)))
                    .containsExactly("updates a {trail:[a]}", "updates sub {trail:[a,a,x]}");
        }

        @Test
        void areShownInNamespacesOfNodeAndTask() {
            List<String> names = new ArrayList<>();
            List<String> tasks = new ArrayList<>();
            try (GraphStream stream = outer.stream(
                    Update.NONE, RunConfig.DEFAULT, Streaming.of(UPDATES, TASKS).withSubgraphs())) {
                while (stream.hasNext()) {
                    switch (stream.next()) {
                        case StreamEvent.NodeUpdate update ->
                            names.add(String.join("/", update.namespace()) + " " + update.node());
                        case StreamEvent.TaskStarted started -> {
                            if (started.node().equals("sub") || started.node().equals("in")) {
                                tasks.add(started.node() + ":" + started.taskId());
                            }
                        }
                        default -> {}
                    }
                }
            }

            assertThat(tasks).hasSize(2);
            assertThat(names).containsExactly(" a", String.join("/", tasks) + " x", tasks.getFirst() + " in", " sub");
        }

        @Test
        void valuesOfEachLevelAreItsOwn() {
            assertThat(events(outer, trail(), Streaming.of(VALUES).withSubgraphs()))
                    .containsExactly(
                            "values 0 {trail:[]}",
                            "values 1 {trail:[a]}",
                            "sub| values 0 {trail:[a]}",
                            "sub|in| values 0 {trail:[a]}",
                            "sub|in| values 1 {trail:[a,x]}",
                            "sub| values 1 {trail:[a,a,x]}",
                            "values 2 {trail:[a,a,a,x]}");
        }

        @Test
        void anInterruptSurfacesOnEachLevelWithTheSameId() {
            CompiledGraph asks = StateGraph.of(TRAIL)
                    .node("sub", asking())
                    .edge(START, "sub")
                    .compile("outer");
            List<String> ids = new ArrayList<>();
            List<Integer> levels = new ArrayList<>();
            try (GraphStream stream = stored(asks).stream(
                    Update.NONE, THREAD, Streaming.of(UPDATES).withSubgraphs())) {
                while (stream.hasNext()) {
                    if (stream.next() instanceof StreamEvent.Interrupted interrupted) {
                        levels.add(interrupted.namespace().size());
                        interrupted.interrupts().forEach(interrupt -> ids.add(interrupt.id()));
                    }
                }
            }

            assertThat(levels).containsExactly(1, 0);
            assertThat(ids).hasSize(2);
            assertThat(ids.getFirst()).isEqualTo(ids.getLast());
        }
    }

    @Nested
    final class Hiding {
        private final CompiledGraph graph = StateGraph.of(TRAIL)
                .node("a", MARK)
                .node("h", MARK, NodeOptions.NONE.hide())
                .edge(START, "a")
                .edge("a", "h")
                .compile("hidden");

        @Test
        void aHiddenNodeIsInNoTaskAndNoUpdate() {
            assertThat(kinds(events(graph, Update.NONE, Streaming.of(UPDATES, TASKS, DEBUG))))
                    .containsExactly("task a", "debug 1 task a", "updates a", "task end a", "debug 1 task end a");
        }

        @Test
        void whatAHiddenNodeWroteIsInTheValues() {
            assertThat(events(graph, Update.NONE, Streaming.of(VALUES))).endsWith("values 2 {trail:[a,h]}");
        }

        @Test
        void theStartIsHidden() {
            assertThat(kinds(events(graph, Update.NONE, Streaming.of(TASKS))))
                    .first()
                    .isEqualTo("task a");
        }
    }

    @Nested
    final class OutputKeys {
        private final CompiledGraph graph = StateGraph.of(TRAIL, COUNT)
                .node("a", (state, context) -> trail("a").and(COUNT, 1))
                .node("b", MARK)
                .edge(START, "a")
                .edge("a", "b")
                .compile("keys");

        @Test
        void limitUpdatesAndShowNullWhereNoneWasWritten() {
            assertThat(events(graph, Update.NONE, Streaming.of(UPDATES).keys("count")))
                    .containsExactly("updates a {count:1}", "updates b null");
        }

        @Test
        void limitValuesWhichAreShownOnlyWhenOneOfThemWasWritten() {
            assertThat(events(graph, Update.of(COUNT, 0), Streaming.of(VALUES).keys("count")))
                    .containsExactly("values 0 {count:0}", "values 1 {count:1}");
        }

        @Test
        void doNotLimitTasksNorTheResult() {
            try (GraphStream stream = graph.stream(
                    Update.NONE, RunConfig.DEFAULT, Streaming.of(TASKS).keys("count"))) {
                List<String> seen = new ArrayList<>();
                while (stream.hasNext()) {
                    seen.add(text(stream.next()));
                }
                assertThat(seen).contains("task end a 1 {trail:[a],count:1}");
                assertThat(stream.result().state().get(TRAIL)).containsExactly("a", "b");
            }
        }
    }

    @Nested
    final class OnlyWhatWasAskedFor {
        private final AtomicInteger encoded = new AtomicInteger();
        private final AtomicInteger viewed = new AtomicInteger();
        private final Codec<String> counting = Codecs.codec(
                Codecs.TEXT.schema(),
                value -> {
                    encoded.incrementAndGet();
                    return Codecs.TEXT.encode(value);
                },
                Codecs.TEXT::decode);
        private final Key<String> watched = Key.lastValue("watched", counting).showingMessages(value -> {
            viewed.incrementAndGet();
            return List.of(message(value));
        });
        private final CompiledGraph graph = StateGraph.of(watched)
                .node("a", (state, context) -> {
                    context.emit(Tree.of("custom"));
                    return Update.of(watched, "w");
                })
                .node("b", (state, context) -> Update.of(watched, state.get(watched) + "w"))
                .edge(START, "a")
                .edge("a", "b")
                .compile("watched");

        @Test
        void isBuiltSoThatARunWithoutReadersWritesNothingDown() {
            assertThat(events(graph, Update.NONE, Streaming.NONE)).isEmpty();
            assertThat(encoded).hasValue(0);
            assertThat(viewed).hasValue(0);
        }

        @Test
        void isBuiltSoThatCustomEventsWriteNoStateDown() {
            assertThat(events(graph, Update.NONE, Streaming.of(CUSTOM))).containsExactly("custom a custom");
            assertThat(encoded).hasValue(0);
            assertThat(viewed).hasValue(0);
        }

        @Test
        void isBuiltSoThatMessagesAreLookedForOnlyInTheirMode() {
            events(graph, Update.NONE, Streaming.of(VALUES, UPDATES, TASKS, DEBUG, CHECKPOINTS));
            assertThat(viewed).hasValue(0);
            events(graph, Update.NONE, Streaming.of(MESSAGES));
            assertThat(viewed).hasValue(2);
        }

        @Test
        void isBuiltForSubgraphsOnlyWhereTheyAreShown() {
            CompiledGraph outer =
                    StateGraph.of(TRAIL).node("sub", graph).edge(START, "sub").compile("outer");

            events(outer, Update.NONE, Streaming.of(VALUES, UPDATES, TASKS));
            int quiet = encoded.getAndSet(0);
            events(outer, Update.NONE, Streaming.of(VALUES, UPDATES, TASKS).withSubgraphs());

            // Its output becomes the update of the node that runs it, whoever looks on.
            assertThat(quiet).isEqualTo(1);
            assertThat(encoded).hasValueGreaterThan(quiet);
        }

        @Test
        void isBuiltSoThatTheClockIsReadForDebugAlone() {
            AtomicInteger looks = new AtomicInteger();
            Clock clock = new Clock() {
                @Override
                public Instant instant() {
                    looks.incrementAndGet();
                    return Instant.EPOCH;
                }

                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }
            };
            CompiledGraph timed = graph.with(clock, new Random(1));

            looks.set(0);
            events(timed, Update.NONE, Streaming.of(TASKS));
            int without = looks.getAndSet(0);
            events(timed, Update.NONE, Streaming.of(DEBUG));

            assertThat(looks.get() - without).isEqualTo(4);
        }
    }

    private static CompiledGraph one(Node node) {
        return StateGraph.of(TRAIL).node("a", node).edge(START, "a").compile("one");
    }

    private static CompiledGraph chain() {
        return StateGraph.of(TRAIL)
                .node("a", MARK)
                .node("b", MARK)
                .edge(START, "a")
                .edge("a", "b")
                .compile("chain");
    }

    private static CompiledGraph asking() {
        return one((state, context) -> trail("a", Codecs.text(context.interrupt(Tree.of("?")), "answer")));
    }

    private static CompiledGraph stored(CompiledGraph graph) {
        return graph.with(new GuardedCheckpointer(new InMemoryCheckpointer()), new InMemoryStore(Clock.systemUTC()));
    }

    private static List<String> joined(List<String> left, List<String> right) {
        List<String> joined = new ArrayList<>(left);
        right.stream().filter(text -> !left.contains(text)).forEach(joined::add);
        return List.copyOf(joined);
    }

    private static MessageView message(String text) {
        return new MessageView(text, text, false, Tree.of(text));
    }

    private static MessageView piece(String id, String text) {
        return new MessageView(id, text, true, Tree.of(text));
    }

    private static List<String> events(CompiledGraph graph, Input input, Streaming streaming) {
        return events(graph, input, THREAD, streaming);
    }

    private static List<String> events(CompiledGraph graph, Input input, RunConfig config, Streaming streaming) {
        List<String> seen = new ArrayList<>();
        read(graph.stream(input, config, streaming), seen);
        return seen;
    }

    private static void read(GraphStream stream, List<String> seen) {
        try (stream) {
            while (stream.hasNext()) {
                seen.add(text(stream.next()));
            }
        }
    }

    /** Events without what they carry. */
    private static List<String> kinds(List<String> events) {
        return events.stream()
                .map(event -> event.replaceAll("(task(?: end)? \\S+) .*", "$1").replaceAll(" [{\\[](?!\\?).*", ""))
                .toList();
    }

    private static String text(StreamEvent event) {
        StringBuilder level = new StringBuilder();
        event.namespace()
                .forEach(part -> level.append(part, 0, part.indexOf(':')).append('|'));
        return (level.isEmpty() ? "" : level + " ")
                + switch (event) {
                    case StreamEvent.Values e -> "values " + e.step() + " " + text(e.values()) + asks(e.interrupts());
                    case StreamEvent.NodeUpdate e ->
                        "updates " + e.node() + " " + text(e.update()) + (e.cached() ? " cached" : "");
                    case StreamEvent.Interrupted e ->
                        "interrupted "
                                + e.interrupts().stream()
                                        .map(i -> text(i.value()))
                                        .toList();
                    case StreamEvent.TaskStarted e ->
                        "task " + e.node() + " " + e.step() + " " + text(e.input()) + " by " + e.triggers();
                    case StreamEvent.TaskEnded e ->
                        "task end " + e.node() + " " + e.step() + " " + text(e.result())
                                + (e.error() == null ? "" : " failed " + e.error()) + asks(e.interrupts());
                    case StreamEvent.CheckpointSaved e -> text(e.snapshot());
                    case StreamEvent.Debug e -> "debug " + e.step() + " " + text(e.payload());
                    case StreamEvent.Custom e -> "custom " + e.node() + " " + text(e.data());
                    case StreamEvent.MessageChunk e ->
                        "message " + e.node() + " " + e.step() + " "
                                + e.message().id() + " " + e.message().text()
                                + (e.message().piece() ? "…" : "");
                };
    }

    private static String text(StateSnapshot snapshot) {
        return "checkpoint " + Objects.requireNonNull(snapshot.metadata()).step() + " " + text(snapshot.values())
                + " next " + snapshot.next();
    }

    private static String asks(List<Interrupt> interrupts) {
        return interrupts.isEmpty()
                ? ""
                : " asks " + interrupts.stream().map(i -> text(i.value())).toList();
    }

    /** A tree in few characters. */
    private static String text(Tree tree) {
        return switch (tree) {
            case Tree.Null n -> "null";
            case Tree.Bool b -> "" + b.value();
            case Tree.Num n -> n.decimal().toPlainString();
            case Tree.Text t -> t.value();
            case Tree.Bytes b -> "bytes";
            case Tree.Items items ->
                items.items().stream().map(StreamingTest::text).collect(Collectors.joining(",", "[", "]"));
            case Tree.Fields fields ->
                fields.fields().entrySet().stream()
                        .map(field -> field.getKey() + ":" + text(field.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
        };
    }
}
