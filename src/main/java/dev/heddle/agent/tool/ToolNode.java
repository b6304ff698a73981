package dev.heddle.agent.tool;

import dev.heddle.agent.message.Messages;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.NodeResult;
import dev.heddle.graph.types.State;
import dev.heddle.graph.types.Update;
import dev.heddle.llm.types.Message;
import dev.heddle.llm.types.ToolCall;
import dev.heddle.llm.types.ToolMessage;
import dev.heddle.llm.types.ToolSpec;
import dev.heddle.tree.Tree;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Executes one tool call, the argument of the send that starts it, so that the calls of one answer run in parallel.
 *
 * <p>Whatever happens becomes a tool message, for the model to react to: an unknown tool, bad arguments, a failure, a
 * time-out. Output over {@link #MOST_CHARACTERS} is cut with a note. Start and end are told by custom events {@code
 * {"tool":{"name":"calculator","status":"start"|"end"}}}.
 */
public final class ToolNode implements Node {
    /** The call to execute. */
    public static final Key<ToolCall> CALL = Messages.toolCallKey("tool_call");

    /** Most characters of a tool's output that go into the conversation. */
    public static final int MOST_CHARACTERS = 2_000;

    private final Map<String, Tool> tools = new LinkedHashMap<>();
    private final Key<List<Message>> messages;
    private final Duration timeout;

    /**
     * A node for these tools.
     *
     * @param messages where results go
     * @param timeout how long one call may take
     */
    public ToolNode(Collection<? extends Tool> tools, Key<List<Message>> messages, Duration timeout) {
        tools.forEach(tool -> this.tools.put(tool.spec().name(), tool));
        this.messages = messages;
        this.timeout = timeout;
    }

    /** The tools as a model sees them. */
    public List<ToolSpec> specs() {
        return tools.values().stream().map(Tool::spec).toList();
    }

    @Override
    public NodeResult run(State state, NodeContext context) throws InterruptedException {
        ToolCall call = state.get(CALL);
        String name = tools.containsKey(call.name()) ? call.name() : "unknown";
        context.emit(status(name, "start"));
        ToolMessage result = execute(call, context);
        context.emit(status(name, "end"));
        return Update.of(messages, List.of(result));
    }

    private ToolMessage execute(ToolCall call, NodeContext context) throws InterruptedException {
        Tool tool = tools.get(call.name());
        if (tool == null) {
            return failed(call, "There is no such tool. Tools: " + String.join(", ", tools.keySet()) + ".");
        }
        if (!(call.arguments() instanceof Tree.Fields arguments)) {
            return failed(call, "The arguments are no JSON object. Call it again with an object.");
        }
        Duration patience =
                context.timeLeft().filter(left -> left.compareTo(timeout) < 0).orElse(timeout);
        try {
            String output = within(patience, () -> tool.call(new Arguments(arguments), context));
            return new ToolMessage(null, call.id(), call.name(), cut(output), false);
        } catch (TimeoutException e) {
            return failed(call, "The tool did not answer within " + patience.toSeconds() + " seconds.");
        } catch (ExecutionException e) {
            return failed(call, words(e.getCause()));
        }
    }

    private static String words(@Nullable Throwable cause) {
        String expected = cause instanceof ToolException ? cause.getMessage() : null;
        return expected != null ? expected : "The tool failed: " + kind(cause) + ".";
    }

    private static String kind(@Nullable Throwable cause) {
        return cause == null ? "unknown" : cause.getClass().getSimpleName();
    }

    /** Runs work on a worker of its own, which is interrupted when time is up or we are interrupted ourselves. */
    private static <T> T within(Duration timeout, Callable<T> work)
            throws InterruptedException, ExecutionException, TimeoutException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().name("tool").start(task);
        try {
            return task.get(Math.max(0, timeout.toMillis()), TimeUnit.MILLISECONDS);
        } finally {
            task.cancel(true);
        }
    }

    private static ToolMessage failed(ToolCall call, String words) {
        return new ToolMessage(null, call.id(), call.name(), cut(words), true);
    }

    static String cut(String output) {
        if (output.length() <= MOST_CHARACTERS) {
            return output;
        }
        String note =
                "\n[cut: " + output.length() + " characters, the first " + MOST_CHARACTERS + " at most are shown]";
        int keep = MOST_CHARACTERS - note.length();
        // Never between the halves of one character.
        return output.substring(0, Character.isHighSurrogate(output.charAt(keep - 1)) ? keep - 1 : keep) + note;
    }

    private static Tree status(String name, String status) {
        return Tree.fields("tool", Tree.fields("name", Tree.of(name), "status", Tree.of(status)));
    }
}
