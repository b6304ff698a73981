package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.END;
import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Trail.TRAIL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphDrawing;
import dev.heddle.graph.state.GraphDrawing.DrawnNode;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.types.Destination;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** §5.7: how graphs are drawn. The shapes are those that LangGraph 1.2 gives for the same graphs. */
final class DrawingTest {
    private static final Node NOTHING = (state, context) -> Update.NONE;

    @Nested
    final class Edges {
        @Test
        void edgesAreDrawnAndANodeFromWhichNothingLeadsOnLeadsToTheEnd() {
            CompiledGraph graph =
                    nodes("a", "b").edge(START, "a").edge("a", "b").compile("chain");

            assertThat(edges(graph.drawing())).containsExactly("__start__ --> a", "a --> b", "b --> __end__");
        }

        @Test
        void anEdgeToTheEndIsNotDrawnWhereSomethingElseFollows() {
            CompiledGraph graph = nodes("a", "b")
                    .edge(START, "a")
                    .edge("a", "b")
                    .edge("a", END)
                    .compile("end");

            assertThat(edges(graph.drawing())).containsExactly("__start__ --> a", "a --> b", "b --> __end__");
        }

        @Test
        void aJoinIsDrawnAsAnEdgeFromEachMember() {
            CompiledGraph graph = nodes("a", "b", "c")
                    .edge(START, "a")
                    .edge(START, "b")
                    .join(List.of("a", "b"), "c")
                    .compile("join");

            assertThat(edges(graph.drawing()))
                    .containsExactly("__start__ --> a", "__start__ --> b", "a --> c", "b --> c", "c --> __end__");
        }

        @Test
        void theWaysOfABranchAreConditionalAndCarryLabelsThatSayMoreThanTheirTarget() {
            CompiledGraph graph = nodes("a", "b", "c")
                    .edge(START, "a")
                    .branch("a", state -> "yes", ways("yes", "b", "no", END, "c", "c"))
                    .edge("b", "c")
                    .compile("ways");

            assertThat(edges(graph.drawing()))
                    .containsExactly(
                            "__start__ --> a",
                            "a -. no .-> __end__",
                            "a -. yes .-> b",
                            "a -.-> c",
                            "b --> c",
                            "c --> __end__");
        }

        @Test
        void ofSeveralWaysBetweenTwoNodesOneEdgeIsDrawnUnconditionalIfAnyIs() {
            CompiledGraph graph = nodes("a", "b", "c")
                    .edge(START, "a")
                    .edge("a", "b")
                    .branch("a", state -> "x", ways("x", "b", "y", "c", "z", "c"))
                    .compile("both");

            assertThat(edges(graph.drawing()))
                    .containsExactly("__start__ --> a", "a --> b", "a -. y, z .-> c", "b --> __end__", "c --> __end__");
        }

        @Test
        void aBranchWithoutWaysMayLeadToEveryNodeAndToTheEnd() {
            CompiledGraph graph =
                    nodes("a", "b").edge(START, "a").branch("a", state -> "b").compile("anywhere");

            assertThat(edges(graph.drawing()))
                    .containsExactly("__start__ --> a", "a -.-> __end__", "a -.-> a", "a -.-> b", "b --> __end__");
        }

        @Test
        void aBranchAtTheStartIsConditionalToo() {
            CompiledGraph graph = nodes("a", "b")
                    .branch(START, state -> "l", ways("l", "a", "m", "b"))
                    .compile("start");

            assertThat(edges(graph.drawing()))
                    .containsExactly("__start__ -. l .-> a", "__start__ -. m .-> b", "a --> __end__", "b --> __end__");
        }

        @Test
        void declaredDestinationsOfCommandsAreConditional() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", NOTHING, NodeOptions.NONE.destinations("b", END))
                    .node("b", NOTHING)
                    .edge(START, "a")
                    .compile("commands");

            assertThat(edges(graph.drawing()))
                    .containsExactly("__start__ --> a", "a -.-> __end__", "a -.-> b", "b --> __end__");
        }

        @Test
        void aGraphThatNothingEndsHasNoEnd() {
            CompiledGraph graph = nodes("a").edge(START, "a").edge("a", "a").compile("loop");

            assertThat(edges(graph.drawing())).containsExactly("__start__ --> a", "a --> a");
            assertThat(ids(graph.drawing())).containsExactly("__start__", "a");
        }
    }

    @Nested
    final class Nodes {
        @Test
        void theStartComesFirstThenTheNodesByNameThenTheEnd() {
            CompiledGraph graph =
                    nodes("b", "Z", "a").edge(START, "b").edge(START, "Z").compile("order");

            assertThat(ids(graph.drawing())).containsExactly("__start__", "Z", "a", "b", "__end__");
        }

        @Test
        void deferralAndStopsAreInTheMetadataWithWhatWasGiven() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", NOTHING, NodeOptions.NONE.metadata(Tree.fields("k", Tree.of(1))))
                    .node("b", NOTHING, NodeOptions.NONE.defer())
                    .node("c", NOTHING)
                    .edge(START, "a")
                    .edge("a", "b")
                    .edge("b", "c")
                    .compile(
                            "metadata",
                            CompileOptions.DEFAULT.interruptBefore("a", "b").interruptAfter("b", "c"));

            assertThat(graph.drawing().nodes())
                    .extracting(DrawnNode::metadata)
                    .containsExactly(
                            Tree.EMPTY,
                            Tree.fields("k", Tree.of(1), "__interrupt", Tree.of("before")),
                            Tree.fields("defer", Tree.of(true), "__interrupt", Tree.of("before,after")),
                            Tree.fields("__interrupt", Tree.of("after")),
                            Tree.EMPTY);
        }

        @Test
        void aHiddenNodeIsDrawnPast() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", NOTHING)
                    .node("h", NOTHING, NodeOptions.NONE.hide())
                    .node("i", NOTHING, NodeOptions.NONE.hide())
                    .node("z", NOTHING)
                    .edge(START, "a")
                    .branch("a", state -> "on", ways("on", "h", "off", END))
                    .edge("h", "i")
                    .edge("i", "z")
                    .compile("hidden");

            assertThat(ids(graph.drawing())).containsExactly("__start__", "a", "z", "__end__");
            assertThat(edges(graph.drawing()))
                    .containsExactly("__start__ --> a", "a -. off .-> __end__", "a -. on .-> z", "z --> __end__");
        }
    }

    @Nested
    final class Xray {
        private final CompiledGraph inner =
                nodes("x", "y").edge(START, "x").edge("x", "y").compile("inner");
        private final CompiledGraph middle = StateGraph.of(TRAIL)
                .node("in", inner)
                .node("p", NOTHING)
                .edge(START, "p")
                .edge("p", "in")
                .compile("middle");
        private final CompiledGraph outer = StateGraph.of(TRAIL)
                .node("a", NOTHING)
                .node("sub", middle)
                .node("z", NOTHING)
                .edge(START, "a")
                .edge("a", "sub")
                .edge("sub", "z")
                .compile("outer");

        @Test
        void withoutXrayASubgraphIsOneNode() {
            assertThat(edges(outer.drawing()))
                    .containsExactly("__start__ --> a", "a --> sub", "sub --> z", "z --> __end__");
            assertThat(outer.drawing().nodes())
                    .filteredOn(DrawnNode::subgraph)
                    .extracting(DrawnNode::id)
                    .containsExactly("sub");
        }

        @Test
        void xrayOpensAsManyLevelsAsItSays() {
            assertThat(edges(outer.drawing(1)))
                    .containsExactlyInAnyOrder(
                            "__start__ --> a", "a --> sub:p", "sub:p --> sub:in", "sub:in --> z", "z --> __end__");
            assertThat(edges(outer.drawing(2)))
                    .containsExactlyInAnyOrder(
                            "__start__ --> a",
                            "a --> sub:p",
                            "sub:p --> sub:in:x",
                            "sub:in:x --> sub:in:y",
                            "sub:in:y --> z",
                            "z --> __end__");
        }

        @Test
        void aNegativeXrayOpensAllLevels() {
            assertThat(outer.drawing(-1)).isEqualTo(outer.drawing(2));
            assertThat(ids(outer.drawing(-1)))
                    .containsExactly("__start__", "a", "sub:in:x", "sub:in:y", "sub:p", "z", "__end__");
        }

        @Test
        void aSubgraphOfSeveralFirstAndLastNodesKeepsItsOwnStartAndEnd() {
            CompiledGraph fan =
                    nodes("x", "y").edge(START, "x").edge(START, "y").compile("fan");
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("sub", fan)
                    .node("z", NOTHING)
                    .edge(START, "sub")
                    .edge("sub", "z")
                    .compile("graph");

            assertThat(edges(graph.drawing(1)))
                    .containsExactlyInAnyOrder(
                            "__start__ --> sub:__start__",
                            "sub:__start__ --> sub:x",
                            "sub:__start__ --> sub:y",
                            "sub:x --> sub:__end__",
                            "sub:y --> sub:__end__",
                            "sub:__end__ --> z",
                            "z --> __end__");
        }

        @Test
        void aSubgraphOfOneNodeIsThatNode() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("sub", nodes("x").edge(START, "x").compile("one"))
                    .edge(START, "sub")
                    .compile("graph");

            assertThat(edges(graph.drawing(1))).containsExactly("__start__ --> sub:x", "sub:x --> __end__");
        }

        @Test
        void aSubgraphThatNeverEndsStaysClosed() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("sub", nodes("x").edge(START, "x").edge("x", "x").compile("endless"))
                    .edge(START, "sub")
                    .compile("graph");

            assertThat(graph.drawing(-1)).isEqualTo(graph.drawing());
        }
    }

    @Nested
    final class Forms {
        @Test
        void asATreeItHasTheFormOfLangGraphsJson() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", NOTHING, NodeOptions.NONE.defer())
                    .edge(START, "a")
                    .branch("a", state -> "again", ways("again", "a", "done", END))
                    .compile("tree");

            assertThat(graph.drawing().tree())
                    .isEqualTo(Tree.fields(
                            "nodes",
                            Tree.of(List.of(
                                    node("__start__", Tree.EMPTY),
                                    node("a", Tree.fields("defer", Tree.of(true))),
                                    Tree.fields("id", Tree.of("__end__")))),
                            "edges",
                            Tree.of(List.of(
                                    Tree.fields("source", Tree.of("__start__"), "target", Tree.of("a")),
                                    edge("a", "__end__", "done"),
                                    edge("a", "a", "again")))));
        }

        @Test
        void asMermaidItHasSolidAndDottedArrowsWithLabels() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", NOTHING)
                    .node("b", NOTHING)
                    .edge(START, "a")
                    .route("a", "pick", state -> List.of(Destination.to("b")), ways("b", "b", "say \"no\"", END))
                    .edge("b", "a")
                    .compile("mermaid");

            assertThat(graph.drawing().mermaid()).isEqualTo("""
                            graph TD;
                            \t__start__(["__start__"]);
                            \ta["a"];
                            \tb["b"];
                            \t__end__(["__end__"]);
                            \t__start__ --> a;
                            \ta -. "say #quot;no#quot;" .-> __end__;
                            \ta -.-> b;
                            \tb --> a;
                            """);
        }

        @Test
        void asMermaidAnOpenSubgraphIsABoxAndNamesAreMadeSafe() {
            CompiledGraph inner = nodes("x y").edge(START, "x y").compile("inner");
            CompiledGraph middle =
                    StateGraph.of(TRAIL).node("in", inner).edge(START, "in").compile("middle");
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("sub", middle)
                    .node("end", NOTHING)
                    .edge(START, "sub")
                    .edge("sub", "end")
                    .compile("boxes");

            assertThat(graph.drawing(-1).mermaid()).isEqualTo("""
                            graph TD;
                            \t__start__(["__start__"]);
                            \t\\65nd["end"];
                            \t__end__(["__end__"]);
                            \tsubgraph sub["sub"]
                            \tsubgraph sub\\3ain["in"]
                            \tsub\\3ain\\3ax\\20y["x y"];
                            \tend
                            \tend
                            \t__start__ --> sub\\3ain\\3ax\\20y;
                            \t\\65nd --> __end__;
                            \tsub\\3ain\\3ax\\20y --> \\65nd;
                            """);
        }

        private static Tree node(String id, Tree.Fields metadata) {
            Map<String, Tree> fields = new LinkedHashMap<>();
            fields.put("id", Tree.of(id));
            fields.put("type", Tree.of("runnable"));
            fields.put(
                    "data",
                    Tree.fields(
                            "id",
                            Tree.of(List.of(Tree.of("heddle"), Tree.of("graph"), Tree.of("Node"))),
                            "name",
                            Tree.of(id)));
            if (!metadata.equals(Tree.EMPTY)) {
                fields.put("metadata", metadata);
            }
            return new Tree.Fields(fields);
        }

        private static Tree edge(String source, String target, String label) {
            Map<String, Tree> fields = new LinkedHashMap<>();
            fields.put("source", Tree.of(source));
            fields.put("target", Tree.of(target));
            fields.put("data", Tree.of(label));
            fields.put("conditional", Tree.of(true));
            return new Tree.Fields(fields);
        }
    }

    private static StateGraph nodes(String... names) {
        StateGraph graph = StateGraph.of(TRAIL);
        for (String name : names) {
            graph.node(name, NOTHING);
        }
        return graph;
    }

    private static Map<String, String> ways(String... labelsAndTargets) {
        Map<String, String> ways = new LinkedHashMap<>();
        for (int i = 0; i < labelsAndTargets.length; i += 2) {
            ways.put(labelsAndTargets[i], labelsAndTargets[i + 1]);
        }
        return ways;
    }

    private static List<String> ids(GraphDrawing drawing) {
        return drawing.nodes().stream().map(DrawnNode::id).toList();
    }

    private static List<String> edges(GraphDrawing drawing) {
        return drawing.edges().stream()
                .map(edge -> edge.source()
                        + (!edge.conditional()
                                ? " --> "
                                : edge.label() == null ? " -.-> " : " -. " + edge.label() + " .-> ")
                        + edge.target())
                .toList();
    }
}
