package dev.heddle.graph.pregel;

import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.TimeoutPolicy;
import dev.heddle.tree.Codec;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps sends: {@code {"node": "work", "argument": …}}, with {@code "timeout": [run, idle, signs]} where it has one. */
final class Sends {
    private Sends() {}

    static final Codec<Send> CODEC = Codecs.codec(Tree.fields("type", Tree.of("object")), Sends::encode, Sends::decode);

    private static Tree encode(Send send) {
        TimeoutPolicy timeout = send.timeout();
        return timeout == null
                ? Tree.fields("node", Tree.of(send.node()), "argument", send.argument())
                : Tree.fields(
                        "node",
                        Tree.of(send.node()),
                        "argument",
                        send.argument(),
                        "timeout",
                        Tree.of(List.of(
                                millis(timeout.run()),
                                millis(timeout.idle()),
                                Tree.of(timeout.signs().name()))));
    }

    private static Send decode(Tree tree) {
        Tree.Fields fields = Codecs.fields(tree, "Send");
        String node = Codecs.text(fields.get("node"), "Send node");
        return fields.get("timeout") instanceof Tree.Items(List<Tree> parts)
                ? new Send(
                        node,
                        fields.get("argument"),
                        new TimeoutPolicy(
                                duration(parts.get(0)),
                                duration(parts.get(1)),
                                TimeoutPolicy.Signs.valueOf(Codecs.text(parts.get(2), "Send timeout"))))
                : new Send(node, fields.get("argument"));
    }

    private static Tree millis(@Nullable Duration duration) {
        return duration == null ? Tree.NULL : Tree.of(duration.toMillis());
    }

    private static @Nullable Duration duration(Tree tree) {
        return tree instanceof Tree.Int(long millis) ? Duration.ofMillis(millis) : null;
    }

    /** The send as it may be stored: without what its graph keeps out of storage. */
    static Send stored(PregelGraph graph, Send send) {
        if (!(send.argument() instanceof Tree.Fields argument)) {
            return send;
        }
        Map<String, Tree> kept = new LinkedHashMap<>(argument.fields());
        kept.keySet().removeIf(name -> {
            int channel = graph.channelNumber(name);
            return channel >= 0 && !graph.channel(channel).tracked();
        });
        return kept.size() == argument.fields().size()
                ? send
                : new Send(send.node(), new Tree.Fields(kept), send.timeout());
    }

    /** The list of sends that a checkpoint holds. */
    static Tree stored(PregelGraph graph, Tree sends) {
        return Tree.of(Codecs.items(sends, "Sends").stream()
                .map(send -> CODEC.encode(stored(graph, CODEC.decode(send))))
                .toList());
    }
}
