package dev.heddle.graph.pregel;

import dev.heddle.graph.types.MessageView;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Streaming;
import java.time.Clock;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The events of one graph of a run on their way out. Only what is wanted is built. */
final class Events {
    private final EnumSet<StreamMode> modes;
    private final Outlet outlet;
    private final List<String> namespace;
    private final BitSet keys;

    /** Where the events of all graphs of a run go. Tasks send at the same time; the sink sees one event at a time. */
    record Outlet(Streaming streaming, Consumer<StreamEvent> sink, Clock clock, Set<String> shown, Object turn) {
        Outlet(Streaming streaming, Consumer<StreamEvent> sink, Clock clock) {
            this(streaming, sink, clock, ConcurrentHashMap.newKeySet(), new Object());
        }

        private void send(StreamEvent event) {
            synchronized (turn) {
                sink.accept(event);
            }
        }
    }

    Events(Outlet outlet, PregelGraph graph, String namespace) {
        this.outlet = outlet;
        boolean root = namespace.isEmpty();
        boolean shown = !outlet.streaming().modes().isEmpty()
                && (root || outlet.streaming().subgraphs());
        this.modes = shown ? EnumSet.copyOf(outlet.streaming().modes()) : EnumSet.noneOf(StreamMode.class);
        this.namespace = root ? List.of() : List.of(namespace.split("\\|", -1));
        this.keys = keys(graph, root, outlet.streaming().keys());
    }

    private static BitSet keys(PregelGraph graph, boolean root, @Nullable List<String> names) {
        if (!root || (names == null && graph.returned() >= 0)) {
            return graph.outputs();
        }
        BitSet keys = new BitSet();
        for (int channel = 0; channel < graph.channels().size(); channel++) {
            keys.set(
                    channel,
                    graph.isKey(channel)
                            && (names == null
                                    || names.contains(graph.channel(channel).name())));
        }
        return keys;
    }

    /** Whether events of this mode are read; others are not even built. */
    boolean wants(StreamMode mode) {
        return modes.contains(mode);
    }

    /** Whether tasks are shown, in whatever mode. */
    boolean wantsTasks() {
        return !modes.isEmpty() && (wants(StreamMode.TASKS) || wants(StreamMode.DEBUG));
    }

    boolean wantsCheckpoints() {
        return !modes.isEmpty() && (wants(StreamMode.CHECKPOINTS) || wants(StreamMode.DEBUG));
    }

    List<String> namespace() {
        return namespace;
    }

    /** The keys that are shown of the state. */
    BitSet keys() {
        return keys;
    }

    void send(StreamEvent event) {
        outlet.send(event);
    }

    /** Sends in a mode, and in DEBUG with its circumstances. */
    void send(StreamMode mode, long step, StreamEvent event) {
        if (wants(mode)) {
            outlet.send(event);
        }
        if (wants(StreamMode.DEBUG)) {
            outlet.send(new StreamEvent.Debug(namespace, step, outlet.clock().instant(), event));
        }
    }

    /** Shows a piece of a message, or a whole one of which nothing was shown yet. */
    void message(String node, String taskId, long step, MessageView message) {
        if (wants(StreamMode.MESSAGES) && (outlet.shown().add(message.id()) || message.piece())) {
            send(new StreamEvent.MessageChunk(namespace, node, taskId, step, message));
        }
    }
}
