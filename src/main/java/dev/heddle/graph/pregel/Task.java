package dev.heddle.graph.pregel;

import dev.heddle.graph.pregel.PregelGraph.NodeSpec;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.Interrupt;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One execution of a node in a superstep. Its worker fills in how it ended; the driver reads that after. */
final class Task {
    private final Lineage lineage;
    private @Nullable String id;

    /** The number of its node when it was triggered, else the place of its send. */
    final int number;

    final NodeSpec node;
    /** The send that started it; null when it was triggered and runs on the state. */
    final @Nullable Send send;
    /** What it reads. */
    final State state;

    /** How it ended; null while it has not. */
    volatile @Nullable Ending ending;
    /** What went wrong around it, in storage for example; null when nothing did. */
    @Nullable
    volatile Throwable trouble;
    /** The id under which its error handler works in its place; null while it does so itself. */
    volatile @Nullable String handlerId;
    /** Whether its writes were found in storage, so that it need not run. */
    boolean stored;
    /** What storage knows of its earlier executions. */
    Notes notes = Notes.NONE;

    Task(Lineage lineage, int number, NodeSpec node, @Nullable Send send, State state) {
        this.lineage = lineage;
        this.number = number;
        this.node = node;
        this.send = send;
        this.state = state;
    }

    /** Same for the same work after a crash. Made when first asked for: most runs never ask. */
    String id() {
        String name = id;
        if (name == null) {
            name = TaskIds.of(lineage.place(), lineage.namespace(), node.name(), send == null ? -1 : number);
            id = name;
        }
        return name;
    }

    /** The name under which its end is shown: its node's, or that of the handler in its place. */
    String shownName() {
        return handlerId == null ? node.name() : Reserved.ERROR_HANDLER + node.name();
    }

    /** The id under which its end is shown. */
    String shownId() {
        String handler = handlerId;
        return handler == null ? id() : handler;
    }

    List<String> path() {
        return send == null ? List.of(Reserved.PULL, node.name()) : List.of(Reserved.PUSH, Integer.toString(number));
    }

    /**
     * Ends it, the first time that this is said.
     *
     * @return false if it has ended before: who says so came too late
     */
    synchronized boolean end(Ending how) {
        if (ending != null) {
            return false;
        }
        ending = how;
        return true;
    }

    /** What it wrote; nothing while it has not finished. */
    List<Write> writes() {
        return ending instanceof Ending.Finished(List<Write> writes) ? writes : List.of();
    }

    /** A value for a channel. */
    record Write(int channel, Object value) {}

    /** How an execution ended. */
    sealed interface Ending {
        /** With these writes, in their order. */
        record Finished(List<Write> writes) implements Ending {}

        /** With what it threw. */
        record Failed(Throwable failure) implements Ending {}

        /** It waits for answers. */
        record Interrupted(List<Interrupt> interrupts) implements Ending {}

        /** With a command for the graph that holds this one. */
        record Escaped(Command command) implements Ending {}

        /** The run was asked to stop before it came to an end. */
        record Unfinished() implements Ending {}
    }
}
