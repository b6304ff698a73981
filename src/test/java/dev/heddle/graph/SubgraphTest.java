package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.END;
import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.Durability;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Interrupt;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.Persistence;
import dev.heddle.graph.types.RetryPolicy;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.StateSnapshot;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Streaming;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.GuardedCheckpointer;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Graphs inside graphs. The behaviour is LangGraph 1.2. */
final class SubgraphTest {
    private static final RunConfig THREAD = RunConfig.thread("thread");
    private static final Key<Integer> SUM = Key.reduced("sum", Codecs.INT, 0, Integer::sum);
    private static final Key<Integer> SEEN = Key.lastValue("seen", Codecs.INT);
    private static final Key<String> SECRET = Key.lastValue("secret", Codecs.TEXT);

    private final GuardedCheckpointer threads = new GuardedCheckpointer(new InMemoryCheckpointer());
    private final Map<String, Integer> executions = new ConcurrentHashMap<>();
    private final List<String> namespaces = new ArrayList<>();

    @AfterEach
    void nothingThatWasStoredWasChanged() {
        threads.verify();
    }

    @Nested
    final class AsANode {
        @Test
        void getsTheKeysThatBothShareAndItsOutputIsTheUpdate() {
            CompiledGraph child = StateGraph.of(SUM)
                    .privateKeys(SECRET)
                    .node("add", (state, context) -> Update.of(SUM, 1).and(SECRET, "s"))
                    .edge(START, "add")
                    .compile("child");
            CompiledGraph parent = StateGraph.of(SEEN)
                    .output(SEEN)
                    .privateKeys(SUM)
                    .node("start", (state, context) -> Update.of(SEEN, 1))
                    .node("child", child)
                    .node("end", (state, context) -> Update.of(SEEN, state.get(SUM)))
                    .edge(START, "start")
                    .edge("start", "child")
                    .edge("child", "end")
                    .compile("parent");

            assertThat(parent.invoke(Update.NONE, RunConfig.DEFAULT).state().tree())
                    .isEqualTo(Tree.fields("seen", Tree.of(1)));
        }

        @Test
        void putsOutAlsoWhatItWasGivenSoThatSharedListsDouble() {
            CompiledGraph parent = parent(chain("s1", "s2").compile("child"));

            assertThat(parent.invoke(trail("i"), RunConfig.DEFAULT).state().get(TRAIL))
                    .containsExactly("i", "i", "s1", "s2");
        }

        @Test
        void goesThroughTheEdgesOfTheParent() {
            CompiledGraph parent = StateGraph.of(TRAIL)
                    .node("child", chain("s").compile("child"))
                    .node("after", leaves("after"))
                    .edge(START, "child")
                    .branch("child", state -> state.get(TRAIL).contains("s") ? "after" : END)
                    .compile("parent");

            assertThat(parent.invoke(Update.NONE, RunConfig.DEFAULT).state().get(TRAIL))
                    .containsExactly("s", "after");
        }

        @Test
        void failsAsItsNode() {
            CompiledGraph child = StateGraph.of(TRAIL)
                    .node("broken", (state, context) -> {
                        throw new IOException("inside");
                    })
                    .edge(START, "broken")
                    .compile("child");

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> parent(child).invoke(Update.NONE, RunConfig.DEFAULT))
                    .satisfies(failure -> assertThat(failure.node()).isEqualTo("child"))
                    .withCauseInstanceOf(GraphException.NodeFailed.class)
                    .withRootCauseInstanceOf(IOException.class);
        }
    }

    @Nested
    final class ThatInheritsItsPersistence {
        private final CompiledGraph graph = stored(parent(counter(CompileOptions.DEFAULT)));

        @Test
        void beginsAfreshInEachRun() {
            assertThat(seen(graph)).isZero();
            assertThat(seen(graph)).isZero();
        }

        @Test
        void goesOnWhereItAskedWithoutRepeatingWhatItHadFinished() {
            CompiledGraph asking = stored(parent(asks(CompileOptions.DEFAULT)));
            asking.invoke(trail("in"), THREAD);

            RunResult end = asking.invoke(Command.resume(Tree.of("yes")), THREAD);

            assertThat(end.state().get(TRAIL)).containsExactly("in", "in", "before", "yes");
            assertThat(executions).containsEntry("before", 1).containsEntry("ask", 2);
        }

        @Test
        void goesOnWhereItFailedWithoutRepeatingWhatItHadFinished() {
            AtomicBoolean broken = new AtomicBoolean(true);
            CompiledGraph failing = stored(parent(shaky(broken)));
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> failing.invoke(Update.NONE, THREAD));
            broken.set(false);

            assertThat(failing.invoke(Input.CONTINUE, THREAD).state().get(TRAIL))
                    .containsExactly("before", "shaky");
            assertThat(executions).containsEntry("before", 1).containsEntry("shaky", 2);
        }

        @Test
        void keepsItsCheckpointsUnderNodeAndTaskAndNamesThoseOfItsParents() {
            CompiledGraph asking = stored(parent(asks(CompileOptions.DEFAULT)));
            asking.invoke(trail("in"), THREAD);

            StateSnapshot root = asking.state("thread");
            String task = root.tasks().getFirst().id();
            StateSnapshot inner = asking.state(new CheckpointRef("thread", "child:" + task, ""), false);
            assertThat(inner.next()).containsExactly("ask");
            assertThat(inner.metadata().parents())
                    .isEqualTo(Map.of("", root.ref().checkpointId()));
        }
    }

    @Nested
    final class WithoutPersistence {
        @Test
        void beginsAgainWhenItIsAnswered() {
            CompiledGraph graph = stored(parent(asks(CompileOptions.DEFAULT.persistence(Persistence.NONE))));
            graph.invoke(trail("in"), THREAD);

            RunResult end = graph.invoke(Command.resume(Tree.of("yes")), THREAD);

            assertThat(end.state().get(TRAIL)).containsExactly("in", "in", "before", "yes");
            assertThat(executions).containsEntry("before", 2).containsEntry("ask", 2);
        }

        @Test
        void leavesNothingBehind() {
            CompiledGraph graph = stored(parent(asks(CompileOptions.DEFAULT.persistence(Persistence.NONE))));
            graph.invoke(trail("in"), THREAD);
            String task = graph.state("thread").tasks().getFirst().id();

            assertThat(threads.latest("thread", "child:" + task)).isEmpty();
        }
    }

    @Nested
    final class WithPersistencePerThread {
        private static final CompileOptions PER_THREAD = CompileOptions.DEFAULT.persistence(Persistence.PER_THREAD);

        @Test
        void goesOnWithItsStateInEachRunOfTheThread() {
            CompiledGraph graph = stored(parent(counter(PER_THREAD)));

            assertThat(seen(graph)).isEqualTo(0);
            assertThat(seen(graph)).isEqualTo(1);
            assertThat(seen(graph)).isEqualTo(2);
            assertThat(graph.invoke(Update.NONE, RunConfig.thread("another"))
                            .state()
                            .get(SEEN))
                    .isZero();
        }

        @Test
        void keepsItUnderTheNamesOfTheNodesAlone() {
            CompiledGraph graph = stored(parent(counter(PER_THREAD)));
            seen(graph);

            assertThat(threads.history("thread", "child", HistoryQuery.newest(10)))
                    .isNotEmpty();
            assertThat(graph.state(new CheckpointRef("thread", "child", ""), false)
                            .values()
                            .get("sum"))
                    .isEqualTo(Tree.of(1));
        }

        @ParameterizedTest
        @EnumSource(Durability.class)
        void goesOnWithItsStateInEachSuperstepOfARun(Durability durability) {
            CompiledGraph loop = stored(StateGraph.of(SEEN, TRAIL)
                    .node("child", counter(PER_THREAD))
                    .edge(START, "child")
                    .branch("child", state -> state.get(SEEN) < 30 ? "child" : END)
                    .compile("parent"));

            assertThat(loop.invoke(Update.NONE, THREAD.with(durability)).state().get(SEEN))
                    .isEqualTo(30);
        }

        @Test
        void goesOnWhereItAsked() {
            CompiledGraph graph = stored(parent(asks(PER_THREAD)));
            graph.invoke(trail("in"), THREAD);

            RunResult end = graph.invoke(Command.resume(Tree.of("yes")), THREAD);

            assertThat(end.state().get(TRAIL)).containsExactly("in", "in", "before", "yes");
            assertThat(executions).containsEntry("before", 1);
        }

        @Test
        void cannotRunByItself() {
            CompiledGraph alone = stored(counter(PER_THREAD));

            assertThatExceptionOfType(GraphException.BadInput.class)
                    .isThrownBy(() -> alone.invoke(Update.NONE, THREAD))
                    .withMessageContaining("PER_THREAD");
        }

        @Test
        void seesOnReplayWhatItKnewThenAndGoesOnFromWhatTheReplayMade() {
            CompiledGraph graph = stored(parent(counter(PER_THREAD)));
            seen(graph);
            seen(graph);
            StateSnapshot second = beforeChild(graph, 0);
            assertThat(seen(graph)).isEqualTo(2);

            RunResult replay = graph.invoke(Input.CONTINUE, RunConfig.at(second.ref()));
            assertThat(replay.state().get(SEEN)).isEqualTo(1);
            assertThat(seen(graph)).isEqualTo(2);
        }
    }

    @Nested
    final class OnReplay {
        @Test
        void beginsAfreshWhenItKeepsItsStatePerCall() {
            CompiledGraph graph = stored(parent(asks(CompileOptions.DEFAULT)));
            graph.invoke(Update.NONE, THREAD);
            graph.invoke(Command.resume(Tree.of("yes")), THREAD);

            RunResult again = graph.invoke(
                    Input.CONTINUE, RunConfig.at(beforeChild(graph, 0).ref()));

            assertThat(questions(again)).containsExactly(Tree.of("go?"));
            assertThat(executions).containsEntry("before", 2).containsEntry("ask", 3);
        }
    }

    @Nested
    final class CalledInANode {
        @Test
        void goesOnWhileTheNodeRunsAgain() {
            CompiledGraph child = asks(CompileOptions.DEFAULT);
            CompiledGraph graph = stored(parent((state, context) -> {
                count("node");
                List<String> result = child.call(trail("in"), context).get(TRAIL);
                return trail(String.join("+", result));
            }));
            graph.invoke(Update.NONE, THREAD);

            RunResult end = graph.invoke(Command.resume(Tree.of("yes")), THREAD);

            assertThat(end.state().get(TRAIL)).containsExactly("in+before+yes");
            assertThat(executions).containsEntry("node", 2).containsEntry("before", 1);
        }

        @Test
        void severalTimesHasANamespaceForEachCall() {
            CompiledGraph child = watched();
            CompiledGraph graph = stored(parent((state, context) -> {
                child.call(Update.NONE, context);
                child.call(Update.NONE, context);
                child.call(Update.NONE, context);
                namespaces.add(context.execution().namespace());
                return Update.NONE;
            }));
            graph.invoke(Update.NONE, THREAD);

            String node = namespaces.removeLast();
            assertThat(namespaces)
                    .satisfiesExactly(
                            first -> assertThat(first).startsWith(node + "|inner:"),
                            second -> assertThat(second).startsWith(node + "|1|inner:"),
                            third -> assertThat(third).startsWith(node + "|2|inner:"));
        }

        @Test
        void severalTimesKeepsTheStateOfEachCall() {
            CompiledGraph child = counter(CompileOptions.DEFAULT);
            CompiledGraph graph = stored(parent((state, context) -> {
                int first = child.call(Update.of(SUM, 10), context).get(SEEN);
                int second = child.call(Update.of(SUM, 20), context).get(SEEN);
                context.interrupt(Tree.of("go?"));
                return trail(first + " " + second);
            }));
            graph.invoke(Update.NONE, THREAD);

            assertThat(graph.invoke(Command.resume(Tree.NULL), THREAD).state().get(TRAIL))
                    .containsExactly("10 20");
            assertThat(executions).containsEntry("count", 2);
        }

        @Test
        void onAThreadOfItsOwnKeepsItsOwnLineage() {
            Checkpointer own = new InMemoryCheckpointer();
            CompiledGraph child = counter(CompileOptions.DEFAULT).with(own, new InMemoryStore(Clock.systemUTC()));
            CompiledGraph graph = stored(parent((state, context) -> Update.of(
                    SEEN,
                    child.invoke(Update.NONE, RunConfig.thread("child-thread"))
                            .state()
                            .get(SEEN))));

            assertThat(seen(graph)).isZero();
            assertThat(seen(graph)).isEqualTo(1);
            assertThat(own.latest("child-thread", "")).isPresent();
        }
    }

    @Nested
    final class Asking {
        @Test
        void showsTheQuestionOnEveryLevelWithTheSameId() {
            CompiledGraph middle = parent(asks(CompileOptions.DEFAULT));
            CompiledGraph graph = stored(StateGraph.of(TRAIL)
                    .node("middle", middle)
                    .edge(START, "middle")
                    .compile("root"));
            List<StreamEvent.Interrupted> stops = new ArrayList<>();
            RunResult result = stream(graph, trail("in"), Set.of(StreamMode.UPDATES), event -> {
                if (event instanceof StreamEvent.Interrupted stop) {
                    stops.add(stop);
                }
            });

            Interrupt question = ((RunResult.Interrupted) result).interrupts().getFirst();
            assertThat(stops).allSatisfy(stop -> assertThat(stop.interrupts()).containsExactly(question));
            assertThat(stops).extracting(stop -> stop.namespace().size()).containsExactly(2, 1, 0);
            assertThat(graph.state("thread").interrupts()).containsExactly(question);
        }

        @Test
        void isAnsweredAtTheRootById() {
            CompiledGraph graph = stored(parent(parent(asks(CompileOptions.DEFAULT))));
            Interrupt question = ((RunResult.Interrupted) graph.invoke(trail("in"), THREAD))
                    .interrupts()
                    .getFirst();

            RunResult end = graph.invoke(Command.resume(Map.of(question.id(), Tree.of("yes"))), THREAD);

            assertThat(end.state().get(TRAIL)).endsWith("before", "yes");
            assertThat(executions).containsEntry("before", 1);
        }

        @Test
        void inSeveralTasksOfOneSubgraphCountsAsOneQuestion() {
            CompiledGraph child = StateGraph.of(TRAIL)
                    .node("ask1", asksFor("first?"))
                    .node("ask2", asksFor("second?"))
                    .edge(START, "ask1")
                    .edge(START, "ask2")
                    .compile("child");
            CompiledGraph graph = stored(parent(child));
            assertThat(questions(graph.invoke(Update.NONE, THREAD)))
                    .containsExactlyInAnyOrder(Tree.of("first?"), Tree.of("second?"));

            assertThat(questions(graph.invoke(Command.resume(Tree.of("A")), THREAD)))
                    .hasSize(1);
            RunResult end = graph.invoke(Command.resume(Tree.of("B")), THREAD);
            assertThat(end.state().get(TRAIL)).containsExactlyInAnyOrder("A", "B");
        }

        @Test
        void stopsBeforeANodeOfTheSubgraphAndGoesOnFromThere() {
            CompiledGraph child = chain("s1", "s2").compile("child", CompileOptions.DEFAULT.interruptBefore("s2"));
            CompiledGraph graph = stored(parent(child));

            RunResult stop = graph.invoke(Update.NONE, THREAD);
            assertThat(stop).isInstanceOf(RunResult.Interrupted.class);
            assertThat(questions(stop)).isEmpty();
            assertThat(graph.invoke(Input.CONTINUE, THREAD).state().get(TRAIL)).containsExactly("s1", "s2");
            assertThat(executions).containsEntry("s1", 1).containsEntry("s2", 1);
        }
    }

    @Nested
    final class Streams {
        @Test
        void showSubgraphsByNodeAndTaskWhereTheyAreWanted() {
            CompiledGraph graph = stored(parent(chain("s1", "s2").compile("child")));
            List<String> seen = new ArrayList<>();
            stream(graph, Update.NONE, Set.of(StreamMode.UPDATES), event -> {
                if (event instanceof StreamEvent.NodeUpdate update) {
                    seen.add(update.namespace().stream()
                                    .map(part -> part.substring(0, part.indexOf(':')))
                                    .toList()
                            + update.node());
                }
            });

            assertThat(seen).containsExactly("[child]s1", "[child]s2", "[]child");
        }

        @Test
        void leaveSubgraphsOutOtherwise() {
            CompiledGraph graph = stored(parent(chain("s1", "s2").compile("child")));
            List<StreamEvent> seen = new ArrayList<>();
            try (GraphStream events = graph.stream(Update.NONE, THREAD, Set.of(StreamMode.values()))) {
                events.forEachRemaining(seen::add);
            }

            assertThat(seen).isNotEmpty().allSatisfy(event -> assertThat(event.namespace())
                    .isEmpty());
        }

        @Test
        void nameTheTaskWhoseCheckpointNamespaceItIs() {
            CompiledGraph graph = stored(parent(watched()));
            List<String> seen = new ArrayList<>();
            stream(graph, Update.NONE, Set.of(StreamMode.TASKS), event -> {
                if (event instanceof StreamEvent.TaskStarted started
                        && started.node().equals("inner")) {
                    seen.add(String.join("|", started.namespace()) + "|inner:" + started.taskId());
                }
            });

            assertThat(seen).isEqualTo(namespaces).hasSize(1);
        }
    }

    @Nested
    final class Retried {
        @Test
        void keepsItsNamespaceAndWhatItHadFinished() {
            CompiledGraph child = StateGraph.of(TRAIL)
                    .node("before", leaves("before"))
                    .node("shaky", (state, context) -> {
                        namespaces.add(context.execution().namespace());
                        if (count("shaky") == 1) {
                            throw new IOException("once");
                        }
                        return trail("shaky");
                    })
                    .edge(START, "before")
                    .edge("before", "shaky")
                    .compile("child");
            RetryPolicy now = RetryPolicy.DEFAULT
                    .on(IOException.class)
                    .delays(Duration.ZERO, 1, Duration.ZERO)
                    .withoutJitter();
            CompiledGraph graph = stored(StateGraph.of(TRAIL)
                    .node("child", child, NodeOptions.NONE.retry(now))
                    .edge(START, "child")
                    .compile("parent"));

            assertThat(graph.invoke(Update.NONE, THREAD).state().get(TRAIL)).containsExactly("before", "shaky");
            assertThat(executions).containsEntry("before", 1).containsEntry("shaky", 2);
            assertThat(namespaces.get(1)).isEqualTo(namespaces.get(0));
        }
    }

    /** Counts in a state that the parent does not see: writes how often it had run before. */
    private CompiledGraph counter(CompileOptions options) {
        return StateGraph.of(SUM, SEEN)
                .output(SEEN)
                .node("count", (state, context) -> {
                    count("count");
                    return Update.of(SEEN, state.get(SUM)).and(SUM, 1);
                })
                .edge(START, "count")
                .compile("counter", options);
    }

    /** "before", then a question whose answer is the next mark. */
    private CompiledGraph asks(CompileOptions options) {
        return StateGraph.of(TRAIL)
                .node("before", leaves("before"))
                .node("ask", asksFor("go?"))
                .edge(START, "before")
                .edge("before", "ask")
                .compile("asks", options);
    }

    private Node asksFor(String question) {
        return (state, context) -> {
            count("ask");
            return trail(context.interrupt(Tree.of(question), Codecs.TEXT));
        };
    }

    private CompiledGraph shaky(AtomicBoolean broken) {
        return StateGraph.of(TRAIL)
                .node("before", leaves("before"))
                .node("shaky", (state, context) -> {
                    count("shaky");
                    if (broken.get()) {
                        throw new IOException("broken");
                    }
                    return trail("shaky");
                })
                .edge(START, "before")
                .edge("before", "shaky")
                .compile("shaky");
    }

    /** Its one node tells its namespace. */
    private CompiledGraph watched() {
        return StateGraph.of(TRAIL)
                .node("inner", (state, context) -> {
                    namespaces.add(context.execution().namespace());
                    return Update.NONE;
                })
                .edge(START, "inner")
                .compile("watched");
    }

    private StateGraph chain(String... nodes) {
        StateGraph graph = StateGraph.of(TRAIL);
        String last = START;
        for (String node : nodes) {
            graph.node(node, leaves(node)).edge(last, node);
            last = node;
        }
        return graph;
    }

    private Node leaves(String mark) {
        return (state, context) -> {
            count(mark);
            return trail(mark);
        };
    }

    private static CompiledGraph parent(CompiledGraph child) {
        return StateGraph.of(TRAIL, SEEN)
                .node("child", child)
                .edge(START, "child")
                .compile("parent");
    }

    private static CompiledGraph parent(Node node) {
        return StateGraph.of(TRAIL, SEEN).node("node", node).edge(START, "node").compile("parent");
    }

    private CompiledGraph stored(CompiledGraph graph) {
        return graph.with(threads, new InMemoryStore(Clock.systemUTC()));
    }

    private int count(String what) {
        return executions.merge(what, 1, Integer::sum);
    }

    private static int seen(CompiledGraph graph) {
        return graph.invoke(Update.NONE, THREAD).state().get(SEEN);
    }

    /** The newest checkpoint but {@code skip} on which the child was to run. */
    private static StateSnapshot beforeChild(CompiledGraph graph, int skip) {
        return graph.history("thread", HistoryQuery.newest(100)).stream()
                .filter(snapshot -> snapshot.next().contains("child"))
                .skip(skip)
                .findFirst()
                .orElseThrow();
    }

    private static List<Tree> questions(RunResult result) {
        return result instanceof RunResult.Interrupted waiting
                ? waiting.interrupts().stream().map(Interrupt::value).toList()
                : List.of();
    }

    private static RunResult stream(
            CompiledGraph graph, Input input, Set<StreamMode> modes, Consumer<StreamEvent> reader) {
        Streaming streaming = new Streaming(modes, true, null);
        try (GraphStream events = graph.stream(input, THREAD, streaming)) {
            events.forEachRemaining(reader);
            return events.result();
        }
    }
}
