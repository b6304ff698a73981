package dev.heddle.http;

import dev.heddle.graph.types.MessageView;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.tree.Tree;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a chat's client is shown of a run's events. Remembers which messages it has shown; one per stream, for one worker.
 */
final class ChatView {
    private final Json json;
    private final Set<String> shown = new HashSet<>();

    ChatView(Json json) {
        this.json = json;
    }

    /** The JSON to send for an event; empty when it is not for clients. */
    Optional<String> of(StreamEvent event) {
        return switch (event) {
            case StreamEvent.TaskStarted started ->
                started.namespace().isEmpty()
                        ? Optional.of(json.object(body -> body.writeStringField("node", started.node())))
                        : Optional.empty();
            case StreamEvent.MessageChunk chunk -> token(chunk.message());
            case StreamEvent.Custom custom -> tool(custom.data());
            case StreamEvent.TaskEnded _,
                    StreamEvent.NodeUpdate _,
                    StreamEvent.Values _,
                    StreamEvent.Interrupted _,
                    StreamEvent.Debug _,
                    StreamEvent.CheckpointSaved _ -> Optional.empty();
        };
    }

    /**
     * Every piece is shown: a node that talks to itself sends none. A whole message is shown when it is the model's and
     * none of its pieces was.
     */
    private Optional<String> token(MessageView message) {
        boolean first = shown.add(message.id());
        boolean wanted = message.piece() || (first && ChatAnswer.isOf(message.tree(), "ai"));
        return wanted && !message.text().isEmpty()
                ? Optional.of(json.object(body -> body.writeStringField("token", message.text())))
                : Optional.empty();
    }

    /** Of a node's own words only {@code {"tool":{"name","status"}}} is for clients, and of that only these two. */
    private Optional<String> tool(Tree data) {
        return data instanceof Tree.Fields fields
                        && fields.get("tool") instanceof Tree.Fields tool
                        && tool.get("name") instanceof Tree.Text(String name)
                        && tool.get("status") instanceof Tree.Text(String status)
                ? Optional.of(json.object(body -> {
                    body.writeObjectFieldStart("tool");
                    body.writeStringField("name", name);
                    body.writeStringField("status", status);
                    body.writeEndObject();
                }))
                : Optional.empty();
    }
}
