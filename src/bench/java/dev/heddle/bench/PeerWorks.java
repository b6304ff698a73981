package dev.heddle.bench;

import static org.bsc.langgraph4j.GraphDefinition.END;
import static org.bsc.langgraph4j.GraphDefinition.START;
import static org.bsc.langgraph4j.action.AsyncEdgeAction.edge_async;
import static org.bsc.langgraph4j.action.AsyncNodeAction.node_async;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bsc.langgraph4j.CompileConfig;
import org.bsc.langgraph4j.CompiledGraph;
import org.bsc.langgraph4j.GraphStateException;
import org.bsc.langgraph4j.RunnableConfig;
import org.bsc.langgraph4j.StateGraph;
import org.bsc.langgraph4j.checkpoint.MemorySaver;
import org.bsc.langgraph4j.state.AgentState;
import org.bsc.langgraph4j.state.Channel;
import org.bsc.langgraph4j.state.Channels;

/** The works of the benchmark with langgraph4j. */
final class PeerWorks {
    private PeerWorks() {}

    /** Work a. */
    static Work loop(int steps, List<String> ballast) throws GraphStateException {
        CompiledGraph<AgentState> graph = counting(steps)
                .compile(CompileConfig.builder().recursionLimit(steps + 10).build());
        return () -> Work.expect(
                steps,
                graph.invoke(input(ballast)).orElseThrow().<Integer>value("n").orElse(0));
    }

    /** Work b. Its memory saver keeps what the loop has serialised; the thread is released at the end of a run. */
    static Work storedLoop(int steps, List<String> ballast) throws GraphStateException {
        CompiledGraph<AgentState> graph = counting(steps)
                .compile(CompileConfig.builder()
                        .recursionLimit(steps + 10)
                        .checkpointSaver(new MemorySaver())
                        .releaseThread(true)
                        .build());
        RunnableConfig config = RunnableConfig.builder().threadId("loop").build();
        return () -> Work.expect(
                steps,
                graph.invoke(input(ballast), config)
                        .orElseThrow()
                        .<Integer>value("n")
                        .orElse(0));
    }

    /** Work d. It has no sends: 100 branches that are in the graph, which run one after the other. */
    static Work fan() throws GraphStateException {
        Map<String, Channel<?>> channels = Map.of("done", Channels.<Integer>appenderWithDuplicate(ArrayList::new));
        StateGraph<AgentState> graph = new StateGraph<>(channels, AgentState::new)
                .addNode("router", node_async(state -> Map.of()))
                .addNode(
                        "join",
                        node_async(state -> Map.of(
                                "total",
                                state.<List<Integer>>value("done").orElseThrow().size())))
                .addEdge(START, "router")
                .addEdge("join", END);
        for (int i = 0; i < 100; i++) {
            int item = i;
            graph.addNode("worker" + i, node_async(state -> Map.of("done", List.of(item))))
                    .addEdge("router", "worker" + i)
                    .addEdge("worker" + i, "join");
        }
        CompiledGraph<AgentState> compiled = graph.compile();
        return () -> Work.expect(
                100,
                compiled.invoke(Map.of("total", 0))
                        .orElseThrow()
                        .<Integer>value("total")
                        .orElse(0));
    }

    /** Work e. */
    static final class Chat {
        private final MemorySaver saver = new MemorySaver();
        private final CompiledGraph<AgentState> graph;
        private final RunnableConfig config =
                RunnableConfig.builder().threadId("chat").build();

        Chat() throws GraphStateException {
            Map<String, Channel<?>> channels =
                    Map.of("messages", Channels.<String>appenderWithDuplicate(ArrayList::new));
            graph = new StateGraph<>(channels, AgentState::new)
                    .addNode(
                            "model",
                            node_async(state -> Map.of(
                                    "messages",
                                    List.of(Work.message(
                                            "a",
                                            state.<List<String>>value("messages")
                                                    .orElseThrow()
                                                    .size())))))
                    .addEdge(START, "model")
                    .addEdge("model", END)
                    .compile(CompileConfig.builder().checkpointSaver(saver).build());
        }

        void turn(int turn) {
            graph.invoke(Map.of("messages", List.of(Work.message("h", turn))), config);
        }

        Object saver() {
            return saver;
        }
    }

    static StateGraph<AgentState> counting(int steps) throws GraphStateException {
        return new StateGraph<>(AgentState::new)
                .addNode(
                        "n",
                        node_async(
                                state -> Map.of("n", state.<Integer>value("n").orElse(0) + 1)))
                .addEdge(START, "n")
                .addConditionalEdges(
                        "n",
                        edge_async(state -> state.<Integer>value("n").orElse(0) >= steps ? END : "n"),
                        Map.of("n", "n", END, END));
    }

    private static Map<String, Object> input(List<String> ballast) {
        // It copies its state in every step by Java serialisation, where even an empty list costs much.
        return ballast.isEmpty() ? Map.of("n", 0) : Map.of("n", 0, "ballast", new ArrayList<>(ballast));
    }
}
