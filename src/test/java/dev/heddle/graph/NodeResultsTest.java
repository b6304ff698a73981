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
import dev.heddle.graph.types.NodeResult;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** §7: what a node's result means. */
final class NodeResultsTest {
    private static final Key<String> ITEM = Key.lastValue("item", Codecs.TEXT);
    private static final Node MARK = (state, context) -> trail(context.node());

    @Nested
    final class Kinds {
        @Test
        void nothingWritesNothingButTheEdgesFire() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", (state, context) -> Update.NONE)
                    .node("b", MARK)
                    .edge(START, "a")
                    .edge("a", "b")
                    .compile("nothing");

            assertThat(run(graph)).containsExactly("b");
            assertThat(updates(graph)).first().isEqualTo(Tree.NULL);
        }

        @Test
        void anUpdateIsWrittenAndMayNameAKeyTwice() {
            CompiledGraph graph = one((state, context) -> trail("1").and(trail("2")));

            assertThat(run(graph)).containsExactly("1", "2");
            assertThat(updates(graph)).containsExactly(Tree.of(List.of(marks("1"), marks("2"))));
        }

        @Test
        void anUpdateByNameIsWrittenLikeATypedOne() {
            assertThat(run(one((state, context) -> Update.of(marks("named"))))).containsExactly("named");
        }

        @Test
        void aSendStartsItsNode() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", (state, context) -> Send.to("w", ITEM, "sent"))
                    .node("w", (state, context) -> trail(state.get(ITEM)))
                    .edge(START, "a")
                    .compile("send");

            assertThat(run(graph)).containsExactly("sent");
        }

        @Test
        void severalResultsAreAppliedInTheirOrder() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node(
                            "a",
                            (state, context) -> NodeResult.of(
                                    trail("1"),
                                    Command.to("b", trail("2")),
                                    Send.to("w", ITEM, "sent"),
                                    NodeResult.of(trail("3"), trail("4"))))
                    .node("b", MARK)
                    .node("w", (state, context) -> trail(state.get(ITEM)))
                    .edge(START, "a")
                    .compile("several");

            assertThat(run(graph)).containsExactly("1", "2", "3", "4", "b", "sent");
            assertThat(updates(graph))
                    .first()
                    .isEqualTo(Tree.of(List.of(marks("1"), marks("2"), marks("3"), marks("4"))));
        }

        @Test
        void severalResultsForDifferentKeysAreShownAsOneUpdate() {
            CompiledGraph graph = StateGraph.of(TRAIL, ITEM)
                    .node("a", (state, context) -> NodeResult.of(trail("1"), Update.of(ITEM, "i")))
                    .edge(START, "a")
                    .compile("several");

            assertThat(updates(graph))
                    .containsExactly(Tree.fields("trail", Tree.of(List.of(Tree.of("1"))), "item", Tree.of("i")));
        }

        @Test
        void noResultsAtAllAreNothing() {
            assertThat(updates(one((state, context) -> NodeResult.of()))).containsExactly(Tree.NULL);
        }
    }

    @Nested
    final class Commands {
        @Test
        void aCommandWritesAndGoesWhereItSays() {
            assertThat(run(three((state, context) -> Command.to("c", trail("a")))))
                    .containsExactly("a", "c");
        }

        @Test
        void aCommandGoesToSeveralNodesAndSends() {
            CompiledGraph graph = three((state, context) ->
                    Command.to(Destination.to("c"), Destination.to("b"), Send.to("b", TRAIL, List.of("x"))));

            assertThat(run(graph)).containsExactly("b", "c", "b");
        }

        @Test
        void edgesAndBranchesOfTheNodeFireInAddition() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", (state, context) -> Command.to("b", trail("a")))
                    .node("b", MARK)
                    .node("c", MARK)
                    .node("d", MARK)
                    .edge(START, "a")
                    .edge("a", "c")
                    .branch("a", state -> "d")
                    .compile("addition");

            assertThat(run(graph)).containsExactly("a", "b", "c", "d");
        }

        @Test
        void theEndAsADestinationIsNone() {
            assertThat(run(three((state, context) -> Command.to(END, trail("a")))))
                    .containsExactly("a");
        }

        @Test
        void anUnknownDestinationFailsTheNode() {
            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> run(three((state, context) -> Command.to("lost"))))
                    .havingCause()
                    .withMessageContaining("branch:to:lost")
                    .withMessageContaining("expected one of [a, b, c]");
        }

        @Test
        void keysOfItsUpdateMayRepeat() {
            assertThat(run(three((state, context) ->
                            Command.of(trail("1").and(trail("2")).and(trail("3"))))))
                    .containsExactly("1", "2", "3");
        }

        /** Nodes a, b and c of which only a is led to. */
        private static CompiledGraph three(Node a) {
            return StateGraph.of(TRAIL)
                    .node("a", a)
                    .node("b", MARK)
                    .node("c", MARK)
                    .edge(START, "a")
                    .compile("three");
        }
    }

    @Nested
    final class ToTheParent {
        @Test
        void isAppliedThereAsIfTheSubgraphsNodeHadReturnedItAndItsEdgesFireToo() {
            CompiledGraph inner = inner(
                    (state, context) -> Command.to("target", trail("update")).inParent());

            assertThat(run(outer(inner))).containsExactly("update", "next", "target");
        }

        @Test
        void theRestOfTheSubgraphIsAbandoned() {
            CompiledGraph inner = StateGraph.of(TRAIL)
                    .node("before", MARK)
                    .node("leaves", (state, context) -> Command.to("target").inParent())
                    .node("never", MARK)
                    .edge(START, "before")
                    .edge("before", "leaves")
                    .edge("leaves", "never")
                    .compile("inner");

            assertThat(run(outer(inner))).containsExactly("next", "target");
        }

        @Test
        void otherResultsBesideItAreLost() {
            CompiledGraph inner = inner((state, context) ->
                    NodeResult.of(trail("lost"), Command.of(trail("kept")).inParent(), trail("lost too")));

            assertThat(run(outer(inner))).containsExactly("kept", "next");
        }

        @Test
        void sendsMayGoThere() {
            CompiledGraph inner =
                    inner((state, context) -> Command.to(Send.to("worker", ITEM, "1"), Send.to("worker", ITEM, "2"))
                            .inParent());

            assertThat(run(outer(inner))).containsExactly("next", "1", "2");
        }

        @Test
        void goesThroughTwoLevelsOneAfterTheOther() {
            CompiledGraph inner = inner(
                    (state, context) -> Command.to("up", trail("from inner")).inParent());
            CompiledGraph middle = StateGraph.of(TRAIL)
                    .node("inner", inner)
                    .node("up", (state, context) -> Command.to("target", trail("from middle after " + state.get(TRAIL)))
                            .inParent())
                    .edge(START, "inner")
                    .compile("middle");

            assertThat(run(outer(middle))).containsExactly("from middle after [from inner]", "next", "target");
        }

        @Test
        void aDestinationThatOnlyTheSubgraphKnowsIsUnknownThere() {
            CompiledGraph inner = inner((state, context) -> Command.to("inside").inParent());

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> run(outer(inner)))
                    .withMessageContaining("Node 'sub'")
                    .havingCause()
                    .withMessageContaining("branch:to:inside");
        }

        @Test
        void aNodeThatCallsASubgraphReturnsWithItsCommand() {
            CompiledGraph inner = inner(
                    (state, context) -> Command.to("target", trail("update")).inParent());
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("calls", (state, context) -> {
                        inner.call(Update.NONE, context);
                        return trail("not reached");
                    })
                    .node("target", MARK)
                    .edge(START, "calls")
                    .compile("calling");

            assertThat(run(graph)).containsExactly("update", "target");
        }

        @Test
        void siblingsOfTheSubgraphFinishAndCount() {
            CompiledGraph inner = inner(
                    (state, context) -> Command.to("target", trail("update")).inParent());
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("sibling", MARK)
                    .node("sub", inner)
                    .node("target", MARK)
                    .edge(START, "sibling")
                    .edge(START, "sub")
                    .compile("siblings");

            assertThat(run(graph)).containsExactly("sibling", "update", "target");
        }

        @Test
        void atTheRootThereIsNone() {
            CompiledGraph root = inner((state, context) -> Command.to("inside").inParent());

            assertThatExceptionOfType(GraphException.NoParentGraph.class)
                    .isThrownBy(() -> run(root))
                    .withMessageContaining("Run: command for the parent graph");
        }

        @Test
        void asInputThereIsNone() {
            CompiledGraph root = inner(MARK);

            assertThatExceptionOfType(GraphException.NoParentGraph.class)
                    .isThrownBy(() -> root.invoke(Command.to("inside").inParent(), RunConfig.DEFAULT))
                    .withMessageContaining("Input: command for the parent graph");
        }

        private static CompiledGraph inner(Node node) {
            return StateGraph.of(TRAIL)
                    .node("inside", node)
                    .edge(START, "inside")
                    .compile("inner");
        }

        private static CompiledGraph outer(CompiledGraph inner) {
            return StateGraph.of(TRAIL)
                    .node("sub", inner)
                    .node("next", MARK)
                    .node("target", MARK)
                    .node("worker", (state, context) -> trail(state.get(ITEM)))
                    .edge(START, "sub")
                    .edge("sub", "next")
                    .compile("outer");
        }
    }

    private static CompiledGraph one(Node node) {
        return StateGraph.of(TRAIL).node("a", node).edge(START, "a").compile("one");
    }

    private static Tree.Fields marks(String mark) {
        return Tree.fields("trail", Tree.of(List.of(Tree.of(mark))));
    }

    private static List<String> run(CompiledGraph graph) {
        return graph.invoke(Update.NONE, RunConfig.DEFAULT).state().get(TRAIL);
    }

    private static List<Tree> updates(CompiledGraph graph) {
        List<Tree> updates = new ArrayList<>();
        try (GraphStream stream = graph.stream(Update.NONE, RunConfig.DEFAULT, Set.of(StreamMode.UPDATES))) {
            while (stream.hasNext()) {
                if (stream.next() instanceof StreamEvent.NodeUpdate update) {
                    updates.add(update.update());
                }
            }
        }
        return updates;
    }
}
