package dev.heddle.bench;

import static dev.heddle.graph.state.StateGraph.END;
import static dev.heddle.graph.state.StateGraph.START;

import dev.heddle.agent.message.Messages;
import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Update;
import dev.heddle.llm.types.AiMessage;
import dev.heddle.llm.types.HumanMessage;
import dev.heddle.llm.types.Message;
import java.util.List;

/** Work e with Heddle: a conversation in a saver of its own. */
final class HeddleChat {
    private static final Key<List<Message>> MESSAGES = Messages.key("messages");

    private final InMemoryCheckpointer saver = new InMemoryCheckpointer();
    private final CompiledGraph graph = HeddleWorks.stored(
            StateGraph.of(MESSAGES)
                    .node(
                            "model",
                            (state, context) -> Update.of(
                                    MESSAGES,
                                    List.of(new AiMessage(
                                            null,
                                            Work.message(
                                                    "a", state.get(MESSAGES).size()),
                                            List.of()))))
                    .edge(START, "model")
                    .edge("model", END)
                    .compile("chat"),
            saver);
    private final RunConfig config = RunConfig.thread("chat");

    /** One turn: a message in, a message out. */
    void turn(int turn) {
        graph.invoke(Update.of(MESSAGES, List.of(new HumanMessage(null, Work.message("h", turn)))), config);
    }

    /** What a measurement of memory holds on to. */
    Object saver() {
        return saver;
    }
}
