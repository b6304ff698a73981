package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.END;
import static dev.heddle.graph.state.StateGraph.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Codecs;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a builder refuses. */
final class StateGraphTest {
    private static final Key<Integer> COUNT = Key.lastValue("count", Codecs.INT);
    private static final Node NOTHING = (state, context) -> Update.NONE;

    @ParameterizedTest
    @ValueSource(strings = {"", "__start__", "__end__", "__mine", "a|b", "a:b"})
    void refusesReservedNamesAndSeparators(String name) {
        refuses(() -> StateGraph.of(COUNT).node(name, NOTHING), "bad name");
        refuses(() -> StateGraph.of(Key.lastValue(name, Codecs.INT)), "bad name");
    }

    @Test
    void refusesWhatIsDeclaredTwice() {
        refuses(() -> graph().node("a", NOTHING), "Node 'a': declared twice");
        refuses(() -> StateGraph.of(COUNT, Key.lastValue("count", Codecs.TEXT)), "Key 'count': declared twice");
    }

    @Test
    void refusesAGraphWithoutAWayIn() {
        refuses(() -> graph().compile("g"), "Graph 'g': no way in");
    }

    @Test
    void refusesWaysFromTheEndToTheStartAndToStrangers() {
        refuses(() -> graph().edge(END, "a"), "END as its source");
        refuses(() -> graph().edge("a", START), "START as its target");
        refuses(() -> graph().edge(START, "b").compile("g"), "expected one of [a], got 'b'");
        refuses(() -> graph().edge(START, "a").branch("b", state -> END).compile("g"), "got 'b'");
    }

    @Test
    void aCompiledGraphDoesNotChangeWithItsBuilder() {
        StateGraph builder = graph().edge(START, "a");
        var compiled = builder.compile("g");
        String version = compiled.version();
        builder.node("b", (state, context) -> Update.of(COUNT, 1)).edge("a", "b");

        assertThat(compiled.invoke(Update.NONE, RunConfig.DEFAULT).state().find(COUNT))
                .isEmpty();
        assertThat(compiled.version())
                .isEqualTo(version)
                .isNotEqualTo(builder.compile("g").version());
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
