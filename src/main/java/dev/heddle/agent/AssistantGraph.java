package dev.heddle.agent;

import static dev.heddle.graph.state.StateGraph.END;
import static dev.heddle.graph.state.StateGraph.START;

import dev.heddle.agent.message.ContextWindow;
import dev.heddle.agent.message.Messages;
import dev.heddle.agent.tool.ToolNode;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.types.Destination;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.NodeResult;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.State;
import dev.heddle.graph.types.Update;
import dev.heddle.llm.types.AiMessage;
import dev.heddle.llm.types.ChatDelta;
import dev.heddle.llm.types.ChatModel;
import dev.heddle.llm.types.ChatOptions;
import dev.heddle.llm.types.ChatReply;
import dev.heddle.llm.types.ChatRequest;
import dev.heddle.llm.types.HumanMessage;
import dev.heddle.llm.types.Message;
import dev.heddle.llm.types.SystemMessage;
import dev.heddle.llm.types.Tier;
import dev.heddle.llm.types.TokenCounter;
import dev.heddle.llm.types.ToolCall;
import dev.heddle.llm.types.ToolMessage;
import dev.heddle.llm.types.ToolSpec;
import dev.heddle.tree.Codecs;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The graph {@code assistant}: routes a question to a model of fitting ability, which may call tools until it can answer.
 *
 * <pre>
 *   START -> router -> planner -> executor (one send for each tool call) -> critic -> planner
 *                          |                                                  |
 *                          +-- no calls, or no budget for them --> critic ----+-> END
 * </pre>
 *
 * <p>State: {@link #MESSAGES}, {@link #TASK_ID}, {@link #TOOL_CALLS_REMAINING}, {@link #COST_USD}, {@link
 * #TURN_COST_USD}, {@link #TIER}.
 */
public final class AssistantGraph {
    /** The conversation. */
    public static final Key<List<Message>> MESSAGES = Messages.key("messages");
    /** The run that asked last. */
    public static final Key<String> TASK_ID = Key.lastValue("task_id", Codecs.TEXT);
    /** Tool calls that this run may still make. */
    public static final Key<Integer> TOOL_CALLS_REMAINING = Key.lastValue("tool_calls_remaining", Codecs.INT);
    /** What the thread has cost so far, in US dollars, exact. */
    public static final Key<BigDecimal> COST_USD =
            Key.reduced("cost_usd", Codecs.DECIMAL, BigDecimal.ZERO, BigDecimal::add);
    /** What this run has cost so far, in US dollars, exact. */
    public static final Key<BigDecimal> TURN_COST_USD = Key.lastValue("turn_cost_usd", Codecs.DECIMAL);
    /** The tier that answers this run. */
    public static final Key<String> TIER = Key.lastValue("tier", Codecs.TEXT);

    /** Name under which it is compiled. */
    public static final String NAME = "assistant";

    private static final SystemMessage ROUTING = SystemMessage.of("""
            You sort questions by how hard they are to answer. Say one word and nothing else.
            SIMPLE: greetings, small talk, plain facts.
            MODERATE: needs a tool, a calculation or several steps.
            COMPLEX: needs analysis, comparison, planning or long reasoning.""");
    private static final SystemMessage ANSWERING = SystemMessage.of("""
            You are a helpful assistant. Use the tools where they help, and say so when you do not know something.
            Answer in the language of the question.""");

    private final ChatModel model;
    private final List<Tier> tiers;
    private final ToolNode tools;
    private final int toolCallBudget;
    private final TokenCounter counter;

    private AssistantGraph(
            ChatModel model, List<Tier> tiers, ToolNode tools, int toolCallBudget, TokenCounter counter) {
        this.model = model;
        this.tiers = List.copyOf(tiers);
        this.tools = tools;
        this.toolCallBudget = toolCallBudget;
        this.counter = counter;
    }

    /**
     * The graph.
     *
     * @param model answers for every tier
     * @param tiers cheapest first; the router asks the first and chooses among all by name
     * @param tools must write to {@link #MESSAGES}
     * @param toolCallBudget most tool calls of one run; 0 for none
     * @param counter estimates tokens for trimming
     */
    public static CompiledGraph compile(
            ChatModel model, List<Tier> tiers, ToolNode tools, int toolCallBudget, TokenCounter counter) {
        AssistantGraph nodes = new AssistantGraph(model, tiers, tools, toolCallBudget, counter);
        return StateGraph.of(MESSAGES, TASK_ID, TOOL_CALLS_REMAINING, COST_USD, TURN_COST_USD, TIER)
                .node("router", nodes::router)
                .node("planner", nodes::planner)
                .node("executor", tools)
                .node("critic", AssistantGraph::critic)
                .edge(START, "router")
                .edge("router", "planner")
                .route("planner", AssistantGraph::afterPlanner)
                .edge("executor", "critic")
                .branch("critic", AssistantGraph::afterCritic)
                .compile(NAME);
    }

    /** Asks the cheapest model how hard the question is, and resets what counts per run. */
    private NodeResult router(State state, NodeContext context) {
        Tier cheapest = tiers.getFirst();
        HumanMessage question = HumanMessage.of(lastQuestion(state.get(MESSAGES)) + "\n\n" + Routing.QUESTION);
        ChatReply reply = model.chat(
                new ChatRequest(
                        cheapest,
                        ContextWindow.fit(ROUTING, List.of(question), List.of(), cheapest, counter),
                        List.of(),
                        ChatOptions.terse(Routing.MOST_TOKENS)),
                Calls.silent(context));
        return Update.of(TASK_ID, context.config().runId())
                .and(TIER, Routing.choose(reply.message().text(), tiers).name())
                .and(TOOL_CALLS_REMAINING, toolCallBudget)
                .and(COST_USD, reply.costUsd())
                .and(TURN_COST_USD, reply.costUsd());
    }

    /** Asks the chosen model for an answer or for tool calls. */
    private NodeResult planner(State state, NodeContext context) {
        Tier tier = Routing.choose(state.get(TIER), tiers);
        List<ToolSpec> offered = toolCallBudget > 0 ? tools.specs() : List.of();
        ChatReply reply = model.chat(
                new ChatRequest(
                        tier,
                        ContextWindow.fit(ANSWERING, state.get(MESSAGES), offered, tier, counter),
                        offered,
                        ChatOptions.DEFAULT),
                Calls.streaming(context));
        AiMessage message = complete(reply, context);
        int remaining = state.get(TOOL_CALLS_REMAINING);
        List<ToolCall> calls = message.toolCalls();
        boolean affordable = calls.size() <= remaining;
        return Update.of(MESSAGES, affordable ? List.of(message) : refused(message))
                .and(TOOL_CALLS_REMAINING, affordable ? remaining - calls.size() : remaining)
                .and(COST_USD, reply.costUsd())
                .and(TURN_COST_USD, state.get(TURN_COST_USD).add(reply.costUsd()));
    }

    /** What the model said; an answer that was cut short says so, and half-written calls are not made. */
    private static AiMessage complete(ChatReply reply, NodeContext context) {
        AiMessage message = reply.message();
        String note =
                switch (reply.finishReason()) {
                    case STOP, TOOL_CALLS, OTHER -> "";
                    case LENGTH -> "\n\n[The answer was cut off here: it met the model's limit of tokens.]";
                    case CONTENT_FILTER -> "\n\n[The provider withheld the rest of this answer.]";
                };
        if (note.isEmpty()) {
            return message;
        }
        Calls.show(context, new ChatDelta(Objects.requireNonNullElse(message.id(), context.taskId()), note));
        return new AiMessage(message.id(), message.text() + note, List.of());
    }

    /** The calls that the budget does not allow, each with a result that says so, and an answer that does. */
    private List<Message> refused(AiMessage wish) {
        List<Message> messages = new ArrayList<>();
        messages.add(wish);
        for (ToolCall call : wish.toolCalls()) {
            messages.add(new ToolMessage(
                    null,
                    call.id(),
                    call.name(),
                    "Not executed: the limit of tool calls for one answer does not allow it.",
                    true));
        }
        messages.add(AiMessage.of("I stopped here: the limit of " + toolCallBudget
                + " tool calls for one answer does not allow the next step, so this is no complete answer. Ask a narrower"
                + " question, or ask me to go on."));
        return messages;
    }

    /** One send for each call; the critic when there is none to make. */
    private static List<Destination> afterPlanner(State state) {
        if (state.get(MESSAGES).getLast() instanceof AiMessage answer
                && !answer.toolCalls().isEmpty()) {
            return answer.toolCalls().stream()
                    .<Destination>map(call -> Send.to("executor", ToolNode.CALL, call))
                    .toList();
        }
        return List.of(Destination.to("critic"));
    }

    /** Looks at what there is. An empty answer is no answer, and is made an honest one. */
    private static NodeResult critic(State state, NodeContext context) {
        if (state.get(MESSAGES).getLast() instanceof AiMessage answer
                && answer.text().isBlank()) {
            return Update.of(
                    MESSAGES,
                    List.of(AiMessage.of("The model gave an empty answer. Please ask again, or put it differently.")));
        }
        return Update.NONE;
    }

    /** Results of tools go back to the planner; an answer ends the run. */
    private static String afterCritic(State state) {
        return state.get(MESSAGES).getLast() instanceof ToolMessage ? "planner" : END;
    }

    private static String lastQuestion(List<Message> messages) {
        return messages.reversed().stream()
                .filter(HumanMessage.class::isInstance)
                .findFirst()
                .map(Message::text)
                .orElse("");
    }
}
