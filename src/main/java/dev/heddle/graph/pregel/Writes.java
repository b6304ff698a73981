package dev.heddle.graph.pregel;

import dev.heddle.graph.channel.Channel;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.pregel.PregelGraph.ChannelSpec;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.Destination;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.NodeResult;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.State;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.CodecException;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Translates between what nodes return, what tasks write and what storage keeps of it. Pure. */
final class Writes {
    private static final String NO_WRITES = "__no_writes__";

    private Writes() {}

    /**
     * What a task writes when its node returned {@code result}: values, then the ways out of the node.
     *
     * @param first what it writes before, whatever its node returned
     */
    static List<Task.Write> of(Values values, Task task, List<Task.Write> first, NodeResult result) {
        PregelGraph graph = values.graph;
        List<Task.Write> writes = new ArrayList<>(first);
        Update update = result instanceof Command command ? command.update() : (Update) result;
        for (Update.Entry<?> entry : update.entries()) {
            writes.add(write(graph, entry));
        }
        if (result instanceof Command command) {
            command.destinations().forEach(to -> lead(graph, task, to, writes));
        }
        task.node.edges().forEach(to -> lead(graph, task, Destination.to(to), writes));
        if (!task.node.branches().isEmpty()) {
            State fresh = new OwnWrites(values, List.copyOf(writes));
            for (Function<State, List<Destination>> branch : task.node.branches()) {
                branch.apply(fresh).forEach(to -> lead(graph, task, to, writes));
            }
        }
        return writes;
    }

    /** What the input of a run writes: each field that is a key of the graph; others are dropped. */
    static List<Task.Write> ofInput(PregelGraph graph, Tree.Fields input) {
        List<Task.Write> writes = new ArrayList<>();
        input.fields().forEach((name, value) -> {
            int channel = graph.channelNumber(name);
            if (channel >= 0 && graph.isKey(channel)) {
                writes.add(new Task.Write(channel, decode(graph.channels().get(channel), value)));
            }
        });
        return writes;
    }

    /**
     * The input as it is stored: typed, prepared and written down again.
     *
     * @throws GraphException.BadInput if a field has another shape than its key
     */
    static Tree.Fields checked(PregelGraph graph, Tree.Fields input) {
        Map<String, Tree> checked = new LinkedHashMap<>();
        for (Key<?> key : graph.keys()) {
            Tree value = input.fields().get(key.name());
            if (value != null) {
                checked.put(key.name(), prepared(key, value));
            }
        }
        return new Tree.Fields(checked);
    }

    /** What storage keeps of a task's writes. */
    static List<PendingWrite> toStore(PregelGraph graph, Task task) {
        List<PendingWrite> stored = new ArrayList<>();
        for (Task.Write write : task.writes) {
            ChannelSpec<?> channel = graph.channels().get(write.channel());
            stored.add(new PendingWrite(task.id(), stored.size(), channel.name(), encode(channel, write.value())));
        }
        if (stored.isEmpty()) {
            stored.add(new PendingWrite(task.id(), 0, NO_WRITES, Tree.NULL));
        }
        return stored;
    }

    /** The writes that storage kept of a task; null when it has none. */
    static @Nullable List<Task.Write> fromStore(PregelGraph graph, String taskId, List<PendingWrite> stored) {
        List<Task.Write> writes = new ArrayList<>();
        boolean found = false;
        for (PendingWrite write : stored) {
            if (write.taskId().equals(taskId) && write.index() >= 0) {
                found = true;
                int channel = graph.channelNumber(write.channel());
                if (channel >= 0) {
                    ChannelSpec<?> spec = graph.channels().get(channel);
                    Object value = decode(spec, write.value());
                    if (channel == PregelGraph.SENDS) {
                        ((List<?>) value).forEach(send -> writes.add(new Task.Write(channel, send)));
                    } else {
                        writes.add(new Task.Write(channel, value));
                    }
                }
            }
        }
        return found ? writes : null;
    }

    /** What a task wrote to keys, key -> value; the last of several to one key. */
    static Tree.Fields toShow(PregelGraph graph, Task task) {
        Map<String, Tree> fields = new LinkedHashMap<>();
        for (Task.Write write : task.writes) {
            if (graph.isKey(write.channel())) {
                ChannelSpec<?> channel = graph.channels().get(write.channel());
                fields.put(channel.name(), encode(channel, write.value()));
            }
        }
        return new Tree.Fields(fields);
    }

    private static <T> Task.Write write(PregelGraph graph, Update.Entry<T> entry) {
        return new Task.Write(graph.channelOf(entry.key()), prepare(entry.key(), entry.value()));
    }

    private static <T> Object prepare(Key<T> key, T value) {
        return Objects.requireNonNull(key.prepared(value));
    }

    private static <T> Tree prepared(Key<T> key, Tree value) {
        try {
            return key.codec().encode(key.prepared(key.codec().decode(value)));
        } catch (CodecException e) {
            throw new GraphException.BadInput(
                    "Input '" + key.name() + "': wrong shape, expected " + e.expected() + ", got " + e.got()
                            + ". See the graph's input schema.",
                    e);
        }
    }

    private static void lead(PregelGraph graph, Task task, Destination to, List<Task.Write> writes) {
        switch (to) {
            case Destination.To(String node) -> {
                if (!node.equals(PregelGraph.END)) {
                    writes.add(new Task.Write(graph.triggerOf(known(graph, task, node)), Tree.NULL));
                }
            }
            case Send send -> {
                known(graph, task, send.node());
                writes.add(new Task.Write(PregelGraph.SENDS, send));
            }
        }
    }

    private static int known(PregelGraph graph, Task task, String node) {
        int number = graph.nodeNumber(node);
        if (number < 0 || node.equals(PregelGraph.START)) {
            throw new GraphException.InvalidUpdate(
                    "branch:to:" + node,
                    "no such node to lead to from '" + task.node.name() + "', expected one of "
                            + graph.nodes().stream()
                                    .map(PregelGraph.NodeSpec::name)
                                    .filter(name -> !name.equals(PregelGraph.START))
                                    .toList()
                            + ", got another name. Add the node or correct the branch.");
        }
        return number;
    }

    @SuppressWarnings("unchecked") // a write's value was made for the channel with its number
    private static <T> Tree encode(ChannelSpec<T> channel, Object value) {
        return value instanceof Send send
                ? channel.codec().encode((T) List.of(send))
                : channel.codec().encode((T) value);
    }

    private static <T> Object decode(ChannelSpec<T> channel, Tree value) {
        return Objects.requireNonNull(channel.codec().decode(value));
    }

    /** The state at the beginning of the superstep with one task's own writes on top: what its branches read. */
    private static final class OwnWrites implements State {
        private final Values values;
        private final Map<Integer, List<Object>> own = new HashMap<>();
        private final Map<Integer, Channel<?>> changed = new HashMap<>();

        OwnWrites(Values values, List<Task.Write> writes) {
            this.values = values;
            for (Task.Write write : writes) {
                own.computeIfAbsent(write.channel(), c -> new ArrayList<>()).add(write.value());
            }
        }

        @Override
        @SuppressWarnings("unchecked") // the changed channel is a copy of the one made for this key
        public <T> Optional<T> find(Key<T> key) {
            Channel<T> channel = values.channel(key);
            int number = values.graph.channelOf(key);
            List<Object> writes = own.get(number);
            if (writes == null) {
                return channel.get();
            }
            return ((Channel<T>)
                            changed.computeIfAbsent(number, n -> PregelAlgorithm.updated(key.name(), channel, writes)))
                    .get();
        }
    }

    /** The argument of a send as a state: what its node reads. */
    record Argument(Tree.Fields fields) implements State {
        @Override
        public <T> Optional<T> find(Key<T> key) {
            return Optional.ofNullable(fields.fields().get(key.name())).map(key.codec()::decode);
        }
    }
}
