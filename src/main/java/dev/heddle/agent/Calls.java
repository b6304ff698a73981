package dev.heddle.agent;

import dev.heddle.graph.types.MessageView;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.llm.types.CallContext;
import dev.heddle.llm.types.ChatDelta;
import dev.heddle.llm.types.Principal;
import dev.heddle.tree.Tree;
import java.time.Instant;
import java.util.Objects;

/** From a node's surroundings to a model call's. */
final class Calls {
    private Calls() {}

    /** A call whose words nobody shall see, such as the router's. */
    static CallContext silent(NodeContext context) {
        RunConfig config = context.config();
        Principal principal = config.configurable().get(Principal.SETTING) instanceof Tree.Text owner
                ? new Principal(owner.value())
                : Principal.LOCAL;
        return new CallContext(
                principal,
                config.threadId(),
                config.runId(),
                Objects.requireNonNullElse(config.deadline(), Instant.MAX),
                delta -> {});
    }

    /** A call whose words go to the stream as they come. */
    static CallContext streaming(NodeContext context) {
        return silent(context).withSink(delta -> show(context, delta));
    }

    /** Shows a piece of an answer. */
    static void show(NodeContext context, ChatDelta delta) {
        context.emit(piece(delta));
    }

    private static MessageView piece(ChatDelta delta) {
        Tree.Fields tree = Tree.fields(
                "type", Tree.of("AIMessageChunk"), "id", Tree.of(delta.messageId()), "content", Tree.of(delta.text()));
        return new MessageView(delta.messageId(), delta.text(), true, tree);
    }
}
