package dev.heddle.graph.pregel;

import dev.heddle.graph.pregel.PregelGraph.NodeSpec;
import dev.heddle.graph.types.Send;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One execution of a node in a superstep. Its worker fills in the writes or the failure; the driver reads them after. */
final class Task {
    private final String checkpointId;
    private final String namespace;
    private @Nullable String id;

    /** The number of its node when it was triggered, else the place of its send. */
    final int number;

    final NodeSpec node;
    /** The send that started it; null when it was triggered and runs on the state. */
    final @Nullable Send send;

    /** What it wrote, in order. */
    List<Write> writes = new ArrayList<>();
    /** What it threw; null when it did not. */
    @Nullable
    Throwable failure;
    /** Whether its writes were found in storage, so that it need not run. */
    boolean stored;

    Task(String checkpointId, String namespace, int number, NodeSpec node, @Nullable Send send) {
        this.checkpointId = checkpointId;
        this.namespace = namespace;
        this.number = number;
        this.node = node;
        this.send = send;
    }

    /** Same for the same work after a crash. Made when first asked for: most runs never ask. */
    String id() {
        String name = id;
        if (name == null) {
            name = TaskIds.of(checkpointId, namespace, node.name(), send == null ? -1 : number);
            id = name;
        }
        return name;
    }

    /** A value for a channel. */
    record Write(int channel, Object value) {}
}
