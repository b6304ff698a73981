package dev.heddle.graph.pregel;

import dev.heddle.graph.types.MessageView;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The events of one run on their way out. Tasks of one superstep send at the same time; the sink sees one at a time. */
final class Events {
    static final List<String> ROOT = List.of();

    private final EnumSet<StreamMode> modes;
    private final Consumer<StreamEvent> sink;
    private final Object turn = new Object();
    /** Messages that were shown, whole or in pieces: none is shown twice. */
    private final Set<String> shown = ConcurrentHashMap.newKeySet();

    Events(Set<StreamMode> modes, Consumer<StreamEvent> sink) {
        this.modes = modes.isEmpty() ? EnumSet.noneOf(StreamMode.class) : EnumSet.copyOf(modes);
        this.sink = sink;
    }

    /** Whether events of this mode are read; others are not even built. */
    boolean wants(StreamMode mode) {
        return modes.contains(mode);
    }

    void send(StreamEvent event) {
        synchronized (turn) {
            sink.accept(event);
        }
    }

    /** Shows a piece of a message, or a whole one of which nothing was shown yet. */
    void message(String node, long step, MessageView message) {
        if (wants(StreamMode.MESSAGES) && (shown.add(message.id()) || message.piece())) {
            send(new StreamEvent.MessageChunk(ROOT, node, step, message));
        }
    }
}
