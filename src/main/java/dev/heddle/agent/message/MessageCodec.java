package dev.heddle.agent.message;

import dev.heddle.llm.types.AiMessage;
import dev.heddle.llm.types.HumanMessage;
import dev.heddle.llm.types.Message;
import dev.heddle.llm.types.RemoveMessage;
import dev.heddle.llm.types.SystemMessage;
import dev.heddle.llm.types.ToolCall;
import dev.heddle.llm.types.ToolMessage;
import dev.heddle.tree.Codec;
import dev.heddle.tree.CodecException;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages in the form of LangChain's wire:
 *
 * <pre>{@code
 * {"type":"human","id":"…","content":"…"}
 * {"type":"ai","id":"…","content":"…","tool_calls":[{"id":"…","name":"…","args":{…},"type":"tool_call"}]}
 * {"type":"tool","id":"…","content":"…","tool_call_id":"…","name":"…","status":"success"}
 * }</pre>
 *
 * On the way in the {@code id} may be missing, and what LangChain understands is understood too: {@code
 * {"role":"user"|"assistant"|"system","content":"…"}}, the pair {@code ["user","…"]}, a bare text for a human's words, and
 * the types of chunks, for example {@code "AIMessageChunk"}, for whole messages.
 */
final class MessageCodec implements Codec<Message> {
    static final MessageCodec INSTANCE = new MessageCodec();

    private static final Tree HUMAN = Tree.of("human");
    private static final Tree AI = Tree.of("ai");
    private static final Tree SYSTEM = Tree.of("system");
    private static final Tree TOOL = Tree.of("tool");
    private static final Tree REMOVE = Tree.of("remove");

    /** A list of messages; on the way in also one message alone. */
    static final Codec<List<Message>> LIST = list(Codecs.list(INSTANCE));

    private static final String CHUNK = "MessageChunk";

    private MessageCodec() {}

    private static Codec<List<Message>> list(Codec<List<Message>> strict) {
        return Codecs.codec(
                strict.schema(),
                strict::encode,
                tree -> strict.decode(
                        tree instanceof Tree.Text || tree instanceof Tree.Fields ? Tree.of(List.of(tree)) : tree));
    }

    @Override
    public Tree encode(Message message) {
        Map<String, Tree> fields = new LinkedHashMap<>();
        fields.put("type", type(message));
        if (message.id() != null) {
            fields.put("id", Tree.of(message.id()));
        }
        fields.put("content", Tree.of(message.text()));
        if (message instanceof AiMessage ai && !ai.toolCalls().isEmpty()) {
            fields.put(
                    "tool_calls",
                    Tree.of(ai.toolCalls().stream().map(MessageCodec::call).toList()));
        }
        if (message instanceof ToolMessage tool) {
            fields.put("tool_call_id", Tree.of(tool.toolCallId()));
            fields.put("name", Tree.of(tool.name()));
            fields.put("status", Tree.of(tool.failed() ? "error" : "success"));
        }
        return new Tree.Fields(fields);
    }

    @Override
    public Message decode(Tree tree) {
        if (tree instanceof Tree.Text(String words)) {
            return HumanMessage.of(words);
        }
        if (tree instanceof Tree.Items(List<Tree> pair) && pair.size() == 2) {
            return decode(Tree.fields("role", pair.getFirst(), "content", pair.getLast()));
        }
        Tree.Fields fields = Codecs.fields(tree, "Message");
        String type = Codecs.text(
                fields.fields().containsKey("role") ? fields.get("role") : fields.get("type"), "Message type");
        if (type.endsWith(CHUNK)) {
            type = type.substring(0, type.length() - CHUNK.length()).toLowerCase(Locale.ROOT);
        }
        String id = fields.get("id") instanceof Tree.Text text ? text.value() : null;
        if (type.equals("remove")) {
            return new RemoveMessage(Codecs.text(fields.get("id"), "Message id"));
        }
        String content = Codecs.text(fields.get("content"), "Message content");
        return switch (type) {
            case "human", "user" -> new HumanMessage(id, content);
            case "system" -> new SystemMessage(id, content);
            case "ai", "assistant" -> new AiMessage(id, content, calls(fields.get("tool_calls")));
            case "tool" -> tool(fields, id, content);
            default -> throw new CodecException("Message type", "human, ai, system, tool or remove", "another word");
        };
    }

    @Override
    public Tree.Fields schema() {
        return Tree.fields(
                "type", Tree.of("object"), "required", Tree.of(List.of(Tree.of("type"), Tree.of("content"))));
    }

    private static Tree type(Message message) {
        return switch (message) {
            case HumanMessage m -> HUMAN;
            case AiMessage m -> AI;
            case SystemMessage m -> SYSTEM;
            case ToolMessage m -> TOOL;
            case RemoveMessage m -> REMOVE;
        };
    }

    private static Tree call(ToolCall call) {
        Map<String, Tree> fields = new LinkedHashMap<>();
        fields.put("id", Tree.of(call.id()));
        fields.put("name", Tree.of(call.name()));
        fields.put("args", call.arguments());
        fields.put("type", Tree.of("tool_call"));
        return new Tree.Fields(fields);
    }

    private static List<ToolCall> calls(Tree calls) {
        if (calls instanceof Tree.Null) {
            return List.of();
        }
        return Codecs.items(calls, "Message tool_calls").stream()
                .map(MessageCodec::toolCall)
                .toList();
    }

    /** One call out of its tree; also how a call travels in a send. */
    static ToolCall toolCall(Tree tree) {
        Tree.Fields call = Codecs.fields(tree, "Tool call");
        return new ToolCall(
                Codecs.text(call.get("id"), "Tool call id"),
                Codecs.text(call.get("name"), "Tool call name"),
                call.get("args"));
    }

    private static ToolMessage tool(Tree.Fields fields, @Nullable String id, String content) {
        String name = fields.get("name") instanceof Tree.Text text ? text.value() : "";
        boolean failed = fields.get("status").equals(Tree.of("error"));
        return new ToolMessage(
                id, Codecs.text(fields.get("tool_call_id"), "Message tool_call_id"), name, content, failed);
    }

    /** A call by itself: how it travels in a send. */
    static final Codec<ToolCall> TOOL_CALL =
            Codecs.codec(Tree.fields("type", Tree.of("object")), MessageCodec::call, MessageCodec::toolCall);
}
