package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.END;
import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.types.Destination;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.State;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** §5: what a builder refuses, and what its ways mean. Drawing is in {@link DrawingTest}. */
final class BuildingTest {
    private static final Key<Integer> COUNT = Key.lastValue("count", Codecs.INT);
    private static final Key<String> ITEM = Key.lastValue("item", Codecs.TEXT);
    private static final Node NOTHING = (state, context) -> Update.NONE;
    private static final Node MARK = (state, context) -> trail(context.node());

    @Nested
    final class Refusing {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "__start__",
                    "__end__",
                    "__input__",
                    "__interrupt__",
                    "__pregel_tasks",
                    "__mine",
                    "a|b",
                    "a:b"
                })
        void reservedNamesAndSeparators(String name) {
            refuses(() -> StateGraph.of(COUNT).node(name, NOTHING), "Node '" + name + "': bad name");
            refuses(() -> StateGraph.of(Key.lastValue(name, Codecs.INT)), "Key '" + name + "': bad name");
        }

        @Test
        void aNodeThatIsThere() {
            refuses(() -> graph().node("a", NOTHING), "Node 'a': declared twice");
        }

        @Test
        void aGraphWithoutAWayIn() {
            refuses(() -> graph().compile("g"), "Graph 'g': no way in");
        }

        @Test
        void theEndAsASource() {
            refuses(() -> graph().edge(END, "a"), "END as its source");
            refuses(() -> graph().branch(END, state -> "a"), "END as its source");
            refuses(() -> graph().join(List.of("a", END), "a"), "END as its source");
        }

        @Test
        void theStartAsATarget() {
            refuses(() -> graph().edge("a", START), "START as its target");
            refuses(() -> graph().branch("a", state -> "x", Map.of("x", START)), "START as its target");
            refuses(
                    () -> graph().route("a", "r", state -> List.of(Destination.to("x")), Map.of("x", START)),
                    "START as its target");
        }

        @Test
        void waysFromAndToUnknownNodes() {
            refuses(
                    () -> graph().edge(START, "b").compile("g"),
                    "unknown node in an edge, expected one of [a], got 'b'");
            refuses(() -> graph().edge(START, "a").edge("b", "a").compile("g"), "unknown node in an edge");
            refuses(() -> graph().edge(START, "a").branch("b", state -> END).compile("g"), "unknown node in a branch");
        }

        @Test
        void aWayOfABranchToAnUnknownNode() {
            refuses(
                    () -> graph().edge(START, "a")
                            .branch("a", state -> "x", Map.of("x", "b"))
                            .compile("g"),
                    "unknown node in the ways of branch 'branch1', expected one of [a], got 'b'");
        }

        @Test
        void aJoinOfTheStartOfNobodyOrOfAnUnknownNode() {
            refuses(() -> graph().join(List.of("a", START), "a"), "not START, got [a, __start__]");
            refuses(() -> graph().join(List.of(), "a"), "expected one node or more");
            refuses(() -> graph().edge(START, "a").join(List.of("b"), "a").compile("g"), "unknown node in a join");
            refuses(() -> graph().edge(START, "a").join(List.of("a"), "b").compile("g"), "unknown node in a join");
        }

        @Test
        void aSecondBranchOfOneNameOnANode() {
            Function<State, List<Destination>> route = state -> List.of();

            refuses(
                    () -> graph().route("a", "pick", route, null).route("a", "pick", route, null),
                    "Branch 'pick': declared twice");
        }

        @Test
        void anUnknownNodeToStopAt() {
            refuses(
                    () -> graph().edge(START, "a").compile("g", CompileOptions.DEFAULT.interruptBefore("b")),
                    "unknown node in a list of nodes to stop at, expected one of [a], got 'b'");
            refuses(
                    () -> graph().edge(START, "a").compile("g", CompileOptions.DEFAULT.interruptAfter("b")),
                    "unknown node in a list of nodes to stop at");
        }

        @Test
        void anUnknownDestinationOfCommands() {
            refuses(
                    () -> StateGraph.of(COUNT)
                            .node("a", NOTHING, NodeOptions.NONE.destinations("b"))
                            .edge(START, "a")
                            .compile("g"),
                    "unknown node in destinations, expected one of [a], got 'b'");
        }

        private static StateGraph graph() {
            return StateGraph.of(COUNT).node("a", NOTHING);
        }

        private static void refuses(ThrowingCallable building, String words) {
            assertThatExceptionOfType(GraphException.InvalidGraph.class)
                    .isThrownBy(building)
                    .withMessageContaining(words)
                    .withMessageContaining(", expected ");
        }
    }

    @Nested
    final class Compiling {
        @Test
        void aNodeThatNothingReachesIsAllowed() {
            assertThat(run(marks("a", "lost").edge(START, "a"))).containsExactly("a");
        }

        @Test
        void twoNodesMayHaveBranchesOfOneName() {
            StateGraph graph = marks("a", "b")
                    .edge(START, "a")
                    .route("a", "pick", state -> List.of(Destination.to("b")), null)
                    .route("b", "pick", state -> List.of(), null);

            assertThat(run(graph)).containsExactly("a", "b");
        }

        @Test
        void aCompiledGraphDoesNotChangeWithItsBuilder() {
            Map<String, String> ways = new LinkedHashMap<>(Map.of("x", END));
            StateGraph builder = marks("a").edge(START, "a").branch("a", state -> "x", ways);
            CompiledGraph compiled = builder.compile("g");
            String version = compiled.version();
            ways.put("x", "a");
            builder.node("b", MARK).edge("a", "b");

            assertThat(compiled.invoke(Update.NONE, RunConfig.DEFAULT).state().get(TRAIL))
                    .containsExactly("a");
            assertThat(compiled.version())
                    .isEqualTo(version)
                    .isNotEqualTo(builder.compile("g").version());
        }
    }

    @Nested
    final class Edges {
        @Test
        void aNodeRunsOncePerSuperstepInWhichOneOfItsEdgesFires() {
            assertThat(run(marks("a", "b", "c")
                            .edge(START, "a")
                            .edge(START, "b")
                            .edge("a", "c")
                            .edge("b", "c")))
                    .containsExactly("a", "b", "c");
        }

        @Test
        void pathsOfUnequalLengthRunItSeveralTimes() {
            assertThat(run(marks("a", "b", "c", "d")
                            .edge(START, "a")
                            .edge(START, "b")
                            .edge("a", "d")
                            .edge("b", "c")
                            .edge("c", "d")))
                    .containsExactly("a", "b", "c", "d", "d");
        }

        @Test
        void anEdgeGivenTwiceIsOneEdge() {
            assertThat(run(marks("a", "b").edge(START, "a").edge("a", "b").edge("a", "b")))
                    .containsExactly("a", "b");
        }

        @Test
        void aSequenceIsItsNodesWithEdgesBetweenThem() {
            LinkedHashMap<String, Node> nodes = new LinkedHashMap<>();
            nodes.put("z", MARK);
            nodes.put("y", MARK);
            nodes.put("x", MARK);

            assertThat(run(StateGraph.of(TRAIL).sequence(START, nodes).edge("x", END)))
                    .containsExactly("z", "y", "x");
        }
    }

    @Nested
    final class Joins {
        @Test
        void aJoinRunsInTheSuperstepAfterTheLastOfItsMembers() {
            assertThat(run(marks("a", "b", "c", "d", "join")
                            .edge(START, "a")
                            .edge(START, "b")
                            .edge("b", "c")
                            .edge("c", "d")
                            .join(List.of("a", "d"), "join")))
                    .containsExactly("a", "b", "c", "d", "join");
        }

        @Test
        void theOrderOfItsMembersDoesNotCount() {
            assertThat(run(marks("a", "b", "join")
                            .edge(START, "b")
                            .edge("b", "a")
                            .join(List.of("a", "b"), "join")))
                    .containsExactly("b", "a", "join");
        }

        @Test
        void aMemberThatRunsMoreThanOnceCountsOnce() {
            StateGraph graph = marks("a", "b", "join")
                    .edge(START, "a")
                    .branch("a", state -> state.get(TRAIL).size() < 3 ? "a" : "b")
                    .join(List.of("a", "b"), "join");

            assertThat(run(graph)).containsExactly("a", "a", "a", "b", "join");
        }

        @Test
        void inALoopAllMembersMustRunAgain() {
            StateGraph graph = marks("a", "b", "join")
                    .edge(START, "a")
                    .edge(START, "b")
                    .join(List.of("a", "b"), "join")
                    .route("join", state -> switch (state.get(TRAIL).size()) {
                        case 3 -> List.of(Destination.to("a"));
                        case 4 -> List.of(Destination.to("b"));
                        default -> List.of();
                    })
                    .branch("a", state -> state.get(TRAIL).size() == 4 ? "b" : END);

            // After the first join a runs alone and the join waits; once b has run too it comes again.
            assertThat(run(graph)).containsExactly("a", "b", "join", "a", "b", "join");
        }

        @Test
        void aJoinWhoseMembersDoNotAllRunNeverComes() {
            assertThat(run(marks("a", "b", "join").edge(START, "a").join(List.of("a", "b"), "join")))
                    .containsExactly("a");
        }

        @Test
        void aJoinIntoADeferredNodeWaitsForTheEndToo() {
            StateGraph graph = StateGraph.of(TRAIL)
                    .node("a", MARK)
                    .node("b", MARK)
                    .node("long1", MARK)
                    .node("long2", MARK)
                    .node("z", MARK, NodeOptions.NONE.defer())
                    .edge(START, "a")
                    .edge(START, "b")
                    .edge("a", "long1")
                    .edge("long1", "long2")
                    .join(List.of("a", "b"), "z");

            assertThat(run(graph)).containsExactly("a", "b", "long1", "long2", "z");
        }
    }

    @Nested
    final class Branches {
        @Test
        void aBranchReadsTheStateWithItsOwnNodesWritesButNotItsSiblings() {
            StateGraph graph = marks("a", "b", "seen", "unseen")
                    .edge(START, "a")
                    .edge(START, "b")
                    .branch("b", state -> state.get(TRAIL).equals(List.of("in", "b")) ? "seen" : "unseen");

            assertThat(run(graph, trail("in"))).containsExactly("in", "a", "b", "seen");
        }

        @Test
        void theResultMayBeANodeTheEndASendOrAListOfThem() {
            StateGraph graph = StateGraph.of(TRAIL, ITEM)
                    .node("a", MARK)
                    .node("b", MARK)
                    .node("w", (state, context) -> trail(state.get(ITEM)))
                    .edge(START, "a")
                    .route("a", state -> List.of(Send.to("w", ITEM, "sent"), Destination.to(END), Destination.to("b")));

            assertThat(run(graph)).containsExactly("a", "b", "sent");
        }

        @Test
        void anEmptyListAndTheEndLeadNowhere() {
            assertThat(run(marks("a").edge(START, "a").route("a", state -> List.of())))
                    .containsExactly("a");
            assertThat(run(marks("a").edge(START, "a").branch("a", state -> END)))
                    .containsExactly("a");
        }

        @Test
        void waysMapResultsToNodesAndLeaveSendsAlone() {
            StateGraph graph = StateGraph.of(TRAIL, ITEM)
                    .node("a", MARK)
                    .node("b", MARK)
                    .node("w", (state, context) -> trail(state.get(ITEM)))
                    .edge(START, "a")
                    .route(
                            "a",
                            "pick",
                            state -> List.of(Destination.to("yes"), Send.to("w", ITEM, "sent")),
                            Map.of("yes", "b"));

            assertThat(run(graph)).containsExactly("a", "b", "sent");
        }

        @Test
        void aResultThatIsNotAmongTheWaysFailsTheNode() {
            fails(
                    marks("a").edge(START, "a").branch("a", state -> "maybe", Map.of("yes", END)),
                    "Channel 'branch:branch1': unknown way from 'a', expected one of [yes]");
        }

        @Test
        void nullAndTheStartAreNoDestinations() {
            fails(marks("a").edge(START, "a").branch("a", nothing()), "no valid destination from 'a'");
            fails(marks("a").edge(START, "a").branch("a", state -> START), "no valid destination from 'a'");
        }

        @Test
        void aSendToTheEndFailsTheNode() {
            fails(
                    marks("a").edge(START, "a").route("a", state -> List.of(new Send(END, Tree.NULL))),
                    "no such node to lead to from 'a'");
        }

        @Test
        void anUnknownDestinationFailsTheNode() {
            fails(
                    marks("a").edge(START, "a").branch("a", state -> "lost"),
                    "Channel 'branch:to:lost': no such node to lead to from 'a', expected one of [a]");
            fails(
                    marks("a").edge(START, "a").route("a", state -> List.of(new Send("lost", Tree.NULL))),
                    "Channel 'branch:to:lost': no such node to lead to from 'a', expected one of [a]");
        }

        @Test
        void severalBranchesAndEdgesOfANodeAllCount() {
            StateGraph graph = marks("a", "b", "c", "d")
                    .edge(START, "a")
                    .edge("a", "b")
                    .branch("a", state -> "c")
                    .branch("a", state -> "d");

            assertThat(run(graph)).containsExactly("a", "b", "c", "d");
        }

        @Test
        void theStartMayHaveABranchWhichReadsTheInput() {
            StateGraph graph =
                    marks("a", "b").branch(START, state -> state.get(TRAIL).getFirst());

            assertThat(run(graph, trail("b"))).containsExactly("b", "b");
        }

        @SuppressWarnings("NullAway") // what careless code may do
        private static Function<State, String> nothing() {
            @Nullable String none = null;
            return state -> none;
        }

        private static void fails(StateGraph graph, String words) {
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> run(graph))
                    .havingCause()
                    .isInstanceOf(GraphException.InvalidUpdate.class)
                    .withMessageContaining(words);
        }
    }

    @Nested
    final class Deferring {
        @Test
        void aDeferredNodeWaitsUntilNothingElseIsToRunAndRunsOnce() {
            StateGraph graph = StateGraph.of(TRAIL)
                    .node("a", MARK)
                    .node("b", MARK)
                    .node("c", MARK)
                    .node("z", MARK, NodeOptions.NONE.defer())
                    .edge(START, "a")
                    .edge("a", "z")
                    .edge("a", "b")
                    .edge("b", "c")
                    .edge("c", "z");

            assertThat(run(graph)).containsExactly("a", "b", "c", "z");
        }

        @Test
        void whatFollowsADeferredNodeRunsAfterIt() {
            StateGraph graph = StateGraph.of(TRAIL)
                    .node("a", MARK, NodeOptions.NONE.defer())
                    .node("b", MARK)
                    .node("z", MARK, NodeOptions.NONE.defer())
                    .edge(START, "a")
                    .edge(START, "z")
                    .edge("a", "b");

            // Both were released when nothing else was to run.
            assertThat(run(graph)).containsExactly("a", "z", "b");
        }

        @Test
        void pendingSendsAloneDoNotHoldADeferredNodeBack() {
            StateGraph graph = StateGraph.of(TRAIL)
                    .node("a", MARK)
                    .node("w", MARK)
                    .node("d", MARK, NodeOptions.NONE.defer())
                    .edge(START, "a")
                    .edge("a", "d")
                    .edge("w", "d")
                    .route("a", state -> List.of(new Send("w", Tree.NULL)));

            assertThat(run(graph)).containsExactly("a", "d", "w", "d");
        }
    }

    private static StateGraph marks(String... names) {
        StateGraph graph = StateGraph.of(TRAIL);
        for (String name : names) {
            graph.node(name, MARK);
        }
        return graph;
    }

    private static List<String> run(StateGraph graph) {
        return run(graph, Update.NONE);
    }

    private static List<String> run(StateGraph graph, Update input) {
        return graph.compile("test").invoke(input, RunConfig.DEFAULT).state().get(TRAIL);
    }
}
