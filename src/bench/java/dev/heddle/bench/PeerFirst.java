package dev.heddle.bench;

import static org.bsc.langgraph4j.GraphDefinition.END;
import static org.bsc.langgraph4j.GraphDefinition.START;
import static org.bsc.langgraph4j.action.AsyncNodeAction.node_async;

import java.util.Map;
import org.bsc.langgraph4j.StateGraph;
import org.bsc.langgraph4j.state.AgentState;

/** The first result of a fresh process with langgraph4j. */
final class PeerFirst {
    private PeerFirst() {}

    public static void main(String... args) throws Exception {
        int result = new StateGraph<>(AgentState::new)
                .addNode(
                        "n",
                        node_async(
                                state -> Map.of("n", state.<Integer>value("n").orElse(0) + 1)))
                .addEdge(START, "n")
                .addEdge("n", END)
                .compile()
                .invoke(Map.of("n", 41))
                .orElseThrow()
                .<Integer>value("n")
                .orElse(0);
        System.out.println("result " + result);
        PeakMemory.print();
    }
}
