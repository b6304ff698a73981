package dev.heddle.http;

import dev.heddle.graph.types.StreamMode;
import dev.heddle.http.ChatRequests.Chat;
import dev.heddle.run.ActiveRun;
import dev.heddle.run.RunRequest;
import dev.heddle.run.Runs;
import dev.heddle.tree.Tree;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The plain chat: one human message in, the answer out, as a stream or whole.
 *
 * <p>{@code POST /chat/{thread_id}} with {@code {"content"}} streams, each event flushed:
 *
 * <pre>
 * data: {"node":"planner"}                              a node of the graph starts
 * data: {"tool":{"name":"calculator","status":"start"}} and "end"
 * data: {"token":"Hel"}                                 a piece of the answer
 * data: {"error":{"code","message"}}                    the turn has failed
 * : heartbeat                                           after each silence of {@link RouterOptions#heartbeat}
 * data: [DONE]                                          always last
 * </pre>
 *
 * <p>{@code POST /chat} with {@code {"content","thread_id"?}} answers {@code {"answer","thread_id","cost_usd"}}; without
 * thread id a new thread begins. The cost is that of this turn, exact; null when the graph does not tell it.
 *
 * <p>What goes wrong before the run has started is an error reply in both. {@code x-heddle-model} and {@code
 * x-heddle-thread-id} are on every reply of a well-formed request, so that a failed first turn is not lost.
 */
final class ChatRoutes {
    private static final Set<StreamMode> MODES = Set.of(StreamMode.TASKS, StreamMode.MESSAGES, StreamMode.CUSTOM);

    private final RouterOptions options;
    private final Runs runs;
    private final Json json;

    ChatRoutes(RouterOptions options, Runs runs, Json json) {
        this.options = options;
        this.runs = runs;
        this.json = json;
    }

    HttpReply stream(Exchange exchange) {
        Chat chat = ChatRequests.ofThread(exchange.parameter("thread_id"), exchange.request(), json);
        ActiveRun run = start(exchange, chat, MODES);
        return new HttpReply(
                200,
                Map.of(
                        "content-type", "text/event-stream",
                        "cache-control", "no-store",
                        "x-accel-buffering", "no"),
                new ChatStream(RunReader.start(run, new ChatView(json)::of), exchange, json, options.heartbeat()));
    }

    HttpReply answer(Exchange exchange) {
        Chat chat = ChatRequests.ofAny(exchange.request(), json, options.threadIds());
        try (ActiveRun run = start(exchange, chat, Set.of())) {
            ChatAnswer answer = ChatAnswer.of(run.values());
            return Router.reply(200, Map.of(), json.object(body -> {
                body.writeStringField("answer", answer.text());
                body.writeStringField("thread_id", chat.threadId());
                body.writeFieldName("cost_usd");
                if (answer.costUsd().isPresent()) {
                    body.writeNumber(answer.costUsd().get());
                } else {
                    body.writeNull();
                }
            }));
        }
    }

    private ActiveRun start(Exchange exchange, Chat chat, Set<StreamMode> modes) {
        exchange.thread(chat.threadId());
        exchange.header("x-heddle-model", options.model());
        Tree.Fields message = Tree.fields("type", Tree.of("human"), "content", Tree.of(chat.content()));
        return runs.start(new RunRequest(
                exchange.principal(),
                chat.threadId(),
                options.graph(),
                Tree.fields("messages", Tree.of(List.of(message))),
                modes,
                exchange.request().deadline()));
    }
}
