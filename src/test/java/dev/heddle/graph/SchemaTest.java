package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.State;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.GuardedCheckpointer;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** §3: which keys a graph has, who reads and writes them, and what stands beside them. */
final class SchemaTest {
    private static final Key<String> QUESTION = Key.lastValue("question", Codecs.TEXT);
    private static final Key<String> ANSWER = Key.lastValue("answer", Codecs.TEXT);
    private static final Key<Integer> SECRET = Key.lastValue("secret", Codecs.INT);
    private static final Node NOTHING = (state, context) -> Update.NONE;

    @Nested
    final class Declaring {
        @Test
        void eachKeyHasAChannelOfItsOwnKind() {
            Key<Integer> sum = Key.reduced("sum", Codecs.INT, 0, Integer::sum);
            CompiledGraph graph = StateGraph.of(sum, QUESTION)
                    .node("a", (state, context) -> Update.of(sum, 2).and(QUESTION, "q2"))
                    .edge(START, "a")
                    .compile("kinds");

            State end = graph.invoke(Update.of(sum, 1).and(QUESTION, "q1"), RunConfig.DEFAULT)
                    .state();

            assertThat(end.get(sum)).isEqualTo(3);
            assertThat(end.get(QUESTION)).isEqualTo("q2");
        }

        @Test
        void keysOfInputOutputNodesAndTheGraphAreUnited() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .input(QUESTION)
                    .output(ANSWER)
                    .node("a", (state, context) -> Update.of(SECRET, 1).and(TRAIL, List.of("a")))
                    .node(
                            "b",
                            (state, context) -> Update.of(ANSWER, state.get(QUESTION) + state.get(SECRET)),
                            NodeOptions.NONE.reads(QUESTION, SECRET))
                    .edge(START, "a")
                    .edge("a", "b")
                    .compile("united");

            assertThat(graph.invoke(Update.of(QUESTION, "q"), RunConfig.DEFAULT)
                            .state()
                            .tree())
                    .isEqualTo(Tree.fields("answer", Tree.of("q1")));
        }

        @Test
        void twoKeysOfOneNameAreRefusedWhereverTheyAreDeclared() {
            Key<Integer> other = Key.reduced("answer", Codecs.INT, 0, Integer::sum);
            Key<String> twin = Key.lastValue("answer", Codecs.TEXT);

            for (Key<?> second : List.of(other, twin)) {
                refuses(() -> StateGraph.of(ANSWER, second));
                refuses(() -> StateGraph.of(ANSWER).input(second));
                refuses(() -> StateGraph.of(ANSWER).output(second));
                refuses(() -> StateGraph.of(ANSWER).privateKeys(second));
                refuses(() -> StateGraph.of(ANSWER).node("a", NOTHING, NodeOptions.NONE.reads(second)));
            }
        }

        private static void refuses(Runnable building) {
            assertThatExceptionOfType(GraphException.InvalidGraph.class)
                    .isThrownBy(building::run)
                    .withMessageContaining("Key 'answer': declared twice");
        }
    }

    @Nested
    final class Reading {
        @Test
        void aNodeReadsOnlyTheKeysThatItDeclares() {
            List<Tree> seen = new ArrayList<>();
            CompiledGraph graph = StateGraph.of(QUESTION, ANSWER)
                    .node(
                            "a",
                            (state, context) -> {
                                seen.add(state.tree());
                                return Update.NONE;
                            },
                            NodeOptions.NONE.reads(QUESTION))
                    .edge(START, "a")
                    .compile("reads");

            graph.invoke(Update.of(QUESTION, "q").and(ANSWER, "a"), RunConfig.DEFAULT);

            assertThat(seen).containsExactly(Tree.fields("question", Tree.of("q")));
        }

        @Test
        void aKeyThatANodeDoesNotDeclareIsUnknownToIt() {
            CompiledGraph graph = StateGraph.of(QUESTION, ANSWER)
                    .node(
                            "a",
                            (state, context) -> Update.of(ANSWER, state.get(ANSWER)),
                            NodeOptions.NONE.reads(QUESTION))
                    .edge(START, "a")
                    .compile("reads");

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> graph.invoke(Update.of(ANSWER, "a"), RunConfig.DEFAULT))
                    .withCauseInstanceOf(GraphException.UnknownKey.class);
        }

        @Test
        void aNodeMayWriteKeysThatItDoesNotRead() {
            CompiledGraph graph = StateGraph.of(QUESTION, ANSWER)
                    .node("a", (state, context) -> Update.of(ANSWER, "a"), NodeOptions.NONE.reads(QUESTION))
                    .edge(START, "a")
                    .compile("writes");

            assertThat(graph.invoke(Update.NONE, RunConfig.DEFAULT).state().get(ANSWER))
                    .isEqualTo("a");
        }

        @Test
        void aggregatesAreAlwaysThereAndLastValuesOnlyOnceWritten() {
            List<Tree> seen = new ArrayList<>();
            CompiledGraph graph = StateGraph.of(TRAIL, QUESTION)
                    .node("a", (state, context) -> {
                        seen.add(state.tree());
                        return Update.NONE;
                    })
                    .edge(START, "a")
                    .compile("present");

            graph.invoke(Update.NONE, RunConfig.DEFAULT);
            graph.invoke(Update.of(QUESTION, "q"), RunConfig.DEFAULT);

            assertThat(seen)
                    .containsExactly(
                            Tree.fields("trail", Tree.of(List.of())),
                            Tree.fields("trail", Tree.of(List.of()), "question", Tree.of("q")));
        }

        @Test
        void aKeyThatOnlyANodeReadsIsPrivate() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", (state, context) -> Update.of(SECRET, 1))
                    .node("b", (state, context) -> trail("" + state.get(SECRET)), NodeOptions.NONE.reads(SECRET))
                    .edge(START, "a")
                    .edge("a", "b")
                    .compile("private");

            assertThat(graph.invoke(Update.of(SECRET, 5), RunConfig.DEFAULT)
                            .state()
                            .tree())
                    .isEqualTo(Tree.fields("trail", Tree.of(List.of(Tree.of("1")))));
        }
    }

    @Nested
    final class Dropping {
        @Test
        void inputThatIsNoKeyIsDropped() {
            CompiledGraph graph = answering();

            assertThat(graph.invoke(
                                    Update.of(Tree.fields("question", Tree.of("q"), "other", Tree.of(1))),
                                    RunConfig.DEFAULT)
                            .state()
                            .tree())
                    .isEqualTo(Tree.fields("question", Tree.of("q"), "answer", Tree.of("q!")));
        }

        @Test
        void inputThatIsNoInputKeyIsDropped() {
            List<Tree> seen = new ArrayList<>();
            CompiledGraph graph = StateGraph.of(QUESTION, ANSWER)
                    .input(QUESTION)
                    .node("a", (state, context) -> {
                        seen.add(state.tree());
                        return Update.NONE;
                    })
                    .edge(START, "a")
                    .compile("input");

            graph.invoke(Update.of(QUESTION, "q").and(ANSWER, "given"), RunConfig.DEFAULT);

            assertThat(seen).containsExactly(Tree.fields("question", Tree.of("q")));
        }

        @Test
        void whatANodeWritesByANameThatIsNoKeyIsDropped() {
            CompiledGraph graph = StateGraph.of(ANSWER)
                    .node(
                            "a",
                            (state, context) -> Update.of(
                                    Tree.fields("answer", Tree.of("a"), "other", Tree.of(1), "__end__", Tree.of(2))))
                    .edge(START, "a")
                    .compile("names");

            assertThat(graph.invoke(Update.NONE, RunConfig.DEFAULT).state().tree())
                    .isEqualTo(Tree.fields("answer", Tree.of("a")));
        }

        @Test
        void aTypedKeyThatIsNotDeclaredIsAnError() {
            CompiledGraph graph = StateGraph.of(ANSWER)
                    .node("a", (state, context) -> Update.of(SECRET, 1))
                    .edge(START, "a")
                    .compile("typed");

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, RunConfig.DEFAULT))
                    .havingCause()
                    .isInstanceOf(GraphException.UnknownKey.class)
                    .withMessageContaining("Key 'secret': not part of this graph");
            assertThatExceptionOfType(GraphException.UnknownKey.class)
                    .isThrownBy(() -> graph.invoke(Update.of(SECRET, 1), RunConfig.DEFAULT));
        }

        @Test
        void aKeyGivenTwiceInTheInputIsAnError() {
            assertThatExceptionOfType(GraphException.BadInput.class)
                    .isThrownBy(
                            () -> answering().invoke(Update.of(QUESTION, "1").and(QUESTION, "2"), RunConfig.DEFAULT))
                    .withMessageContaining("Input 'question': given twice");
        }

        @Test
        void theArgumentOfASendIsNotFiltered() {
            Key<String> foreign = Key.lastValue("foreign", Codecs.TEXT);
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", (state, context) -> Send.to("w", foreign, "f"))
                    .node("w", (state, context) -> trail(state.get(foreign)))
                    .edge(START, "a")
                    .compile("send");

            assertThat(graph.invoke(Update.NONE, RunConfig.DEFAULT).state().get(TRAIL))
                    .containsExactly("f");
        }
    }

    @Nested
    final class Showing {
        @Test
        void theResultHasTheOutputKeysOnly() {
            CompiledGraph graph = StateGraph.of(QUESTION, ANSWER)
                    .output(ANSWER)
                    .node("a", (state, context) -> Update.of(ANSWER, "a"))
                    .edge(START, "a")
                    .compile("output");

            State end =
                    graph.invoke(Update.of(QUESTION, "q"), RunConfig.DEFAULT).state();

            assertThat(end.tree()).isEqualTo(Tree.fields("answer", Tree.of("a")));
            assertThatExceptionOfType(GraphException.UnknownKey.class).isThrownBy(() -> end.find(QUESTION));
        }

        @Test
        void aSnapshotHasAllKeysThePrivateOnesToo() {
            CompiledGraph graph = StateGraph.of(QUESTION, ANSWER)
                    .privateKeys(SECRET)
                    .node("a", (state, context) -> Update.of(SECRET, 1))
                    .edge(START, "a")
                    .compile("snapshot")
                    .with(new GuardedCheckpointer(new InMemoryCheckpointer()), new InMemoryStore(Clock.systemUTC()));

            State end = graph.invoke(Update.of(QUESTION, "q"), RunConfig.thread("t"))
                    .state();

            assertThat(end.tree()).isEqualTo(Tree.fields("question", Tree.of("q")));
            assertThat(graph.state("t").values())
                    .isEqualTo(Tree.fields("question", Tree.of("q"), "secret", Tree.of(1)));
        }
    }

    @Nested
    final class Managed {
        @Test
        void remainingStepsAndWhetherItIsTheLastAreTheContextsNotTheStates() {
            List<String> seen = new ArrayList<>();
            Node look = (state, context) -> {
                seen.add(context.remainingSteps() + (context.isLastStep() ? "T" : "F"));
                return Update.NONE;
            };
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", look)
                    .node("b", look)
                    .node("c", look)
                    .edge(START, "a")
                    .edge("a", "b")
                    .edge("b", "c")
                    .compile("managed");

            State end = graph.invoke(Update.NONE, RunConfig.DEFAULT.withRecursionLimit(4))
                    .state();

            assertThat(seen).containsExactly("3F", "2F", "1T");
            assertThat(end.tree()).isEqualTo(Tree.fields("trail", Tree.of(List.of())));
        }
    }

    private static CompiledGraph answering() {
        return StateGraph.of(QUESTION, ANSWER)
                .node("a", (state, context) -> Update.of(ANSWER, state.get(QUESTION) + "!"))
                .edge(START, "a")
                .compile("answering");
    }
}
