package dev.heddle.bench;

import static dev.heddle.graph.state.StateGraph.END;
import static dev.heddle.graph.state.StateGraph.START;

import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Codecs;

/** The first result of a fresh process with Heddle, by classes of the engine alone: a graph of one node, made and run. */
final class HeddleFirst {
    private static final Key<Integer> N = Key.lastValue("n", Codecs.INT);

    private HeddleFirst() {}

    public static void main(String... args) {
        int result = StateGraph.of(N)
                .node("n", (state, context) -> Update.of(N, state.get(N) + 1))
                .edge(START, "n")
                .edge("n", END)
                .compile("first")
                .invoke(Update.of(N, 41), RunConfig.DEFAULT)
                .state()
                .get(N);
        System.out.println("result " + result);
        PeakMemory.print();
    }
}
