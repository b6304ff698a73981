package dev.heddle.graph.pregel;

import dev.heddle.graph.channel.Channel;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.pregel.PregelGraph.BranchSpec;
import dev.heddle.graph.pregel.PregelGraph.ChannelSpec;
import dev.heddle.graph.pregel.PregelGraph.NodeSpec;
import dev.heddle.graph.types.ChannelKind;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Translates between what nodes return, what tasks write and what storage keeps of it. Pure. */
final class Writes {
    private Writes() {}

    /**
     * What a node writes that returned {@code result}: values and destinations of the result, then the ways out of the
     * node.
     *
     * @throws Signal.ToParent if the result, or the first such part of it, is for the graph that holds this one
     */
    static List<Task.Write> of(Values values, NodeSpec node, NodeResult result) {
        List<Task.Write> writes = new ArrayList<>(4);
        result(values.graph, node.name(), result, writes);
        waysOut(values, node, writes);
        return writes;
    }

    /** What is written in a node's place by its error handler: the node's own ways out are not taken. */
    static List<Task.Write> ofHandler(Values values, NodeSpec node, NodeResult result) {
        List<Task.Write> writes = new ArrayList<>(4);
        result(values.graph, node.name(), result, writes);
        return writes;
    }

    /** What the start writes: the input, then the ways into the graph. */
    static List<Task.Write> ofStart(Values values, NodeSpec start, Tree.Fields input) {
        PregelGraph graph = values.graph;
        List<Task.Write> writes = new ArrayList<>();
        input.fields().forEach((name, value) -> {
            int channel = graph.channelNumber(name);
            if (channel >= 0 && graph.isKey(channel)) {
                writes.add(new Task.Write(channel, decode(graph.channel(channel), value)));
            }
        });
        waysOut(values, start, writes);
        return writes;
    }

    private static void result(PregelGraph graph, String from, NodeResult result, List<Task.Write> writes) {
        if (result instanceof Update update) {
            update(graph, update, writes);
            return;
        }
        switch (result) {
            case Update update -> update(graph, update, writes);
            case Send send -> lead(graph, from, send, writes);
            case Command command -> command(graph, from, command, writes);
            case NodeResult.Several several -> {
                for (NodeResult part : several.results()) {
                    if (part instanceof Command command && command.graph() == Command.Graph.PARENT) {
                        throw new Signal.ToParent(command);
                    }
                }
                several.results().forEach(part -> result(graph, from, part, writes));
            }
        }
    }

    /** What a command writes, whoever gives it. */
    static void command(PregelGraph graph, String from, Command command, List<Task.Write> writes) {
        if (command.graph() == Command.Graph.PARENT) {
            throw new Signal.ToParent(command);
        }
        update(graph, command.update(), writes);
        command.destinations().forEach(to -> lead(graph, from, to, writes));
    }

    private static void update(PregelGraph graph, Update update, List<Task.Write> writes) {
        for (Update.Entry entry : update.entries()) {
            if (entry instanceof Update.Write<?> write) {
                writes.add(write(graph, write));
                continue;
            }
            switch (entry) {
                case Update.Write<?> write -> writes.add(write(graph, write));
                case Update.Named(String name, Tree value) -> {
                    int channel = graph.channelNumber(name);
                    if (channel >= 0 && graph.isKey(channel)) {
                        writes.add(named(graph.channel(channel), channel, value));
                    }
                }
            }
        }
    }

    private static void waysOut(Values values, NodeSpec node, List<Task.Write> writes) {
        PregelGraph graph = values.graph;
        int number = graph.nodeNumber(node.name());
        State fresh = node.branches().isEmpty() ? null : new Views.OwnWrites(values, List.copyOf(writes));
        for (int channel : graph.edgesOf(number)) {
            writes.add(new Task.Write(channel, Tree.NULL));
        }
        for (int join : graph.joinsOf(number)) {
            writes.add(new Task.Write(join, Tree.of(node.name())));
        }
        if (fresh != null) {
            for (BranchSpec branch : node.branches()) {
                for (Destination to : branch.route().apply(fresh)) {
                    lead(graph, node.name(), mapped(node, branch, to), writes);
                }
            }
        }
    }

    private static Destination mapped(NodeSpec node, BranchSpec branch, @Nullable Destination to) {
        if (to == null || (to instanceof Destination.To(String name) && PregelGraph.START.equals(name))) {
            throw new GraphException.InvalidUpdate(
                    "branch:" + branch.name(),
                    "no valid destination from '" + node.name()
                            + "', expected a node, END or a send, got null or START. Correct the branch.");
        }
        Map<String, String> ways = branch.ways();
        if (ways == null || !(to instanceof Destination.To(String label))) {
            return to;
        }
        String target = ways.get(label);
        if (target == null) {
            throw new GraphException.InvalidUpdate(
                    "branch:" + branch.name(),
                    "unknown way from '" + node.name() + "', expected one of " + ways.keySet()
                            + ", got another. Add it to the ways, or correct the branch.");
        }
        return Destination.to(target);
    }

    private static void lead(PregelGraph graph, String from, Destination to, List<Task.Write> writes) {
        String node = to instanceof Destination.To(String name) ? name : ((Send) to).node();
        if (to instanceof Send send) {
            known(graph, from, node);
            writes.add(new Task.Write(PregelGraph.SENDS, List.of(send)));
        } else if (!node.equals(PregelGraph.END)) {
            writes.add(new Task.Write(graph.triggerOf(known(graph, from, node)), Tree.NULL));
        }
    }

    private static int known(PregelGraph graph, String from, String node) {
        int number = graph.nodeNumber(node);
        if (number < 0 || node.equals(PregelGraph.START)) {
            throw new GraphException.InvalidUpdate(
                    "branch:to:" + node,
                    "no such node to lead to from '" + from + "', expected one of "
                            + graph.nodes().stream()
                                    .map(NodeSpec::name)
                                    .filter(name -> !name.equals(PregelGraph.START))
                                    .toList()
                            + ", got another name. Add the node or correct the branch.");
        }
        return number;
    }

    /**
     * The input of a run as it is stored: typed, prepared and written down again; what is no input key is dropped.
     *
     * @throws GraphException.BadInput if a field has another shape than its key, or comes twice
     */
    static Tree.Fields input(PregelGraph graph, Update input) {
        Map<String, Tree> fields = new LinkedHashMap<>();
        List<Task.Write> writes = new ArrayList<>();
        for (Update.Entry entry : input.entries()) {
            try {
                update(graph, Update.NONE.and(single(entry)), writes);
            } catch (CodecException e) {
                throw new GraphException.BadInput(
                        "Input '" + entry.name() + "': wrong shape, expected " + e.expected() + ", got " + e.got()
                                + ". See the graph's input schema.",
                        e);
            }
        }
        for (Task.Write write : writes) {
            ChannelSpec<?> channel = graph.channel(write.channel());
            if (graph.isInput(write.channel()) && fields.put(channel.name(), encode(channel, write.value())) != null) {
                throw new GraphException.BadInput("Input '" + channel.name()
                        + "': given twice, expected one value for a key, got 2. Combine them.");
            }
        }
        return new Tree.Fields(fields);
    }

    private static Update single(Update.Entry entry) {
        if (entry instanceof Update.Write<?> write) {
            return typed(write);
        }
        return switch (entry) {
            case Update.Write<?> write -> typed(write);
            case Update.Named(String name, Tree value) -> Update.of(Tree.fields(name, value));
        };
    }

    private static <T> Update typed(Update.Write<T> write) {
        return write.overwriting()
                ? Update.overwrite(write.key(), write.value())
                : Update.of(write.key(), write.value());
    }

    /** What storage keeps of writes. */
    static List<PendingWrite> toStore(PregelGraph graph, String taskId, List<Task.Write> writes) {
        List<PendingWrite> stored = new ArrayList<>(Math.max(1, writes.size()));
        for (Task.Write write : writes) {
            ChannelSpec<?> channel = graph.channel(write.channel());
            if (channel.tracked()) {
                stored.add(
                        new PendingWrite(taskId, stored.size(), channel.name(), encode(channel, stored(graph, write))));
            }
        }
        if (stored.isEmpty()) {
            stored.add(new PendingWrite(taskId, 0, Reserved.NO_WRITES, Tree.NULL));
        }
        return stored;
    }

    private static Object stored(PregelGraph graph, Task.Write write) {
        return write.channel() == PregelGraph.SENDS && graph.hasUntracked()
                ? ((List<?>) write.value())
                        .stream().map(send -> Sends.stored(graph, (Send) send)).toList()
                : write.value();
    }

    /** The writes that storage kept. Those to channels that this version of the graph does not know are dropped. */
    static List<Task.Write> fromStore(PregelGraph graph, List<PendingWrite> stored) {
        List<Task.Write> writes = new ArrayList<>();
        for (PendingWrite write : stored) {
            int channel = graph.channelNumber(write.channel());
            if (channel >= 0) {
                writes.add(new Task.Write(channel, decode(graph.channel(channel), write.value())));
            }
        }
        return writes;
    }

    private static <T> Task.Write write(PregelGraph graph, Update.Write<T> write) {
        int channel = graph.channelOf(write.key());
        Object value = Objects.requireNonNull(write.key().prepared(write.value()));
        if (!write.overwriting()) {
            return new Task.Write(channel, value);
        }
        if (!replaces(write.key().kind())) {
            throw new GraphException.InvalidUpdate(
                    write.key().name(),
                    "overwrite, expected a key that combines writes by a reducer, got one of another kind. Use Update.of.");
        }
        return new Task.Write(channel, new Channel.Overwrite(value));
    }

    private static <T> Task.Write named(ChannelSpec<T> spec, int channel, Tree value) {
        Object decoded = decode(spec, value);
        Key<T> key = spec.key();
        return new Task.Write(channel, key == null ? decoded : prepared(key, decoded));
    }

    @SuppressWarnings("unchecked") // the value was decoded by the codec of this key
    private static <T> Object prepared(Key<T> key, Object value) {
        return value instanceof Channel.Overwrite(Object inner)
                ? new Channel.Overwrite(prepared(key, inner))
                : Objects.requireNonNull(key.prepared((T) value));
    }

    /** A write as a tree. */
    @SuppressWarnings("unchecked") // a write's value was made for the channel with its number
    static <T> Tree encode(ChannelSpec<T> channel, Object value) {
        return value instanceof Channel.Overwrite(Object inner)
                ? Tree.fields(Reserved.OVERWRITE, channel.codec().encode((T) inner))
                : channel.codec().encode((T) value);
    }

    private static <T> Object decode(ChannelSpec<T> channel, Tree value) {
        Tree replacing = replaces(channel.kind()) ? overwrite(value) : null;
        return replacing == null
                ? Objects.requireNonNull(channel.codec().decode(value))
                : new Channel.Overwrite(Objects.requireNonNull(channel.codec().decode(replacing)));
    }

    private static boolean replaces(ChannelKind<?> kind) {
        return kind instanceof ChannelKind.Reduced || kind instanceof ChannelKind.Delta;
    }

    /** What replaces the value, when a tree says that it does. */
    private static @Nullable Tree overwrite(Tree value) {
        if (!(value instanceof Tree.Fields(Map<String, Tree> fields))) {
            return null;
        }
        if (fields.size() == 1) {
            return fields.get(Reserved.OVERWRITE);
        }
        return fields.size() == 2 && Tree.of(Reserved.OVERWRITE).equals(fields.get("type"))
                ? fields.get("value")
                : null;
    }
}
