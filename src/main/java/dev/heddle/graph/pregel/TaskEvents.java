package dev.heddle.graph.pregel;

import dev.heddle.graph.channel.Channel;
import dev.heddle.graph.types.Interrupt;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.MessageView;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Shows what the tasks of one graph do. Hidden nodes are not shown. */
final class TaskEvents {
    private final Values values;
    private final Lineage lineage;
    private final Events events;

    TaskEvents(Values values, Lineage lineage, Events events) {
        this.values = values;
        this.lineage = lineage;
        this.events = events;
    }

    void started(Task task) {
        if (events.wantsTasks() && task.node.visible()) {
            started(task.id(), task.node.name(), task.state.tree(), triggers(values.graph, task));
        }
    }

    void handlerStarts(Task task, String name, String id) {
        if (events.wantsTasks()) {
            started(id, name, task.state.tree(), List.of(Reserved.PUSH));
        }
    }

    void callStarts(String name, String id, Tree input) {
        if (events.wantsTasks()) {
            started(id, name, input, List.of(Reserved.PUSH));
        }
    }

    private void started(String id, String name, Tree input, List<String> triggers) {
        long step = lineage.step();
        events.send(
                StreamMode.TASKS,
                step,
                new StreamEvent.TaskStarted(events.namespace(), id, name, step, input, triggers));
    }

    /** The channels that can have started a task, sorted. */
    static List<String> triggers(PregelGraph graph, Task task) {
        if (task.send != null) {
            return List.of(Reserved.PUSH);
        }
        TreeSet<String> names = new TreeSet<>();
        for (int slot : graph.slotsOf(task.number)) {
            names.add(graph.channel(graph.slotChannel(slot)).name());
        }
        return List.copyOf(names);
    }

    /** A task has written, or its writes were found. */
    void finished(Task task, List<Task.Write> writes, boolean cached) {
        if (!task.node.visible()) {
            return;
        }
        if (events.wants(StreamMode.UPDATES)) {
            events.send(new StreamEvent.NodeUpdate(events.namespace(), task.shownName(), updates(writes), cached));
        }
        if (events.wants(StreamMode.MESSAGES) && !cached) {
            for (Task.Write write : writes) {
                Key<?> key = values.graph.channel(write.channel()).key();
                if (key != null) {
                    messages(key, write.value())
                            .forEach(message ->
                                    events.message(task.shownName(), task.shownId(), lineage.step(), message));
                }
            }
        }
    }

    @SuppressWarnings("unchecked") // a write's value was made for the key of its channel
    private static <T> List<MessageView> messages(Key<T> key, Object value) {
        return value instanceof Channel.Overwrite(Object inner) ? key.messagesIn((T) inner) : key.messagesIn((T) value);
    }

    void interrupted(Task task, List<Interrupt> interrupts) {
        if (task.node.visible()) {
            asked(interrupts);
        }
    }

    /** The run stops with these questions. */
    void asked(List<Interrupt> interrupts) {
        if (events.wants(StreamMode.UPDATES)) {
            events.send(new StreamEvent.Interrupted(events.namespace(), interrupts));
        }
        if (events.wants(StreamMode.VALUES)) {
            events.send(
                    new StreamEvent.Values(events.namespace(), lineage.step(), values.tree(events.keys()), interrupts));
        }
    }

    /** A task that ran has ended. */
    void ended(Task task, Task.Ending ending) {
        if (!events.wantsTasks() || !task.node.visible()) {
            return;
        }
        switch (ending) {
            case Task.Ending.Finished(List<Task.Write> writes) ->
                ended(task.shownId(), task.shownName(), null, result(writes), List.of());
            case Task.Ending.Failed(Throwable failure) ->
                ended(task.shownId(), task.shownName(), TaskRun.text(failure), Tree.EMPTY, List.of());
            case Task.Ending.Interrupted(List<Interrupt> interrupts) -> {
                if (!interrupts.isEmpty()) {
                    ended(task.shownId(), task.shownName(), null, Tree.EMPTY, interrupts);
                }
            }
            case Task.Ending.Unfinished _, Task.Ending.Escaped _ -> {}
        }
    }

    void callEnded(String name, String id, Tree result) {
        callUpdate(name, result, false);
        ended(id, name, null, Tree.fields(Reserved.RETURN, result), List.of());
    }

    /** The result of a call was found in the cache. */
    void callKnown(String name, Tree result) {
        callUpdate(name, result, true);
    }

    private void callUpdate(String name, Tree result, boolean cached) {
        if (events.wants(StreamMode.UPDATES)) {
            events.send(new StreamEvent.NodeUpdate(events.namespace(), name, result, cached));
        }
    }

    void callFailed(String name, String id, String error) {
        ended(id, name, error, Tree.EMPTY, List.of());
    }

    private void ended(String id, String name, @Nullable String error, Tree result, List<Interrupt> interrupts) {
        if (events.wantsTasks()) {
            long step = lineage.step();
            events.send(
                    StreamMode.TASKS,
                    step,
                    new StreamEvent.TaskEnded(events.namespace(), id, name, step, error, result, interrupts));
        }
    }

    /**
     * Key -> value; null when no shown key was written, a list of maps when one was written repeatedly. For an entrypoint
     * what it returned.
     */
    private Tree updates(List<Task.Write> writes) {
        int returned = values.graph.returned();
        Map<String, Tree> fields = new LinkedHashMap<>();
        List<Tree> each = new ArrayList<>();
        boolean repeated = false;
        for (Task.Write write : writes) {
            if (write.channel() == returned) {
                return Writes.encode(values.graph.channel(returned), write.value());
            }
            if (events.keys().get(write.channel())) {
                String name = values.graph.channel(write.channel()).name();
                Tree value = Writes.encode(values.graph.channel(write.channel()), write.value());
                repeated |= fields.put(name, value) != null;
                each.add(Tree.fields(name, value));
            }
        }
        return fields.isEmpty() ? Tree.NULL : repeated ? Tree.of(each) : new Tree.Fields(fields);
    }

    private Tree result(List<Task.Write> writes) {
        return result(values.graph, writes);
    }

    /** Key -> value of every key that was written; {@code {"$writes": [..]}} where it was written repeatedly. */
    static Tree result(PregelGraph graph, List<Task.Write> writes) {
        Map<String, List<Tree>> byKey = new LinkedHashMap<>();
        for (Task.Write write : writes) {
            if (graph.isKey(write.channel())) {
                byKey.computeIfAbsent(graph.channel(write.channel()).name(), name -> new ArrayList<>())
                        .add(Writes.encode(graph.channel(write.channel()), write.value()));
            }
        }
        Map<String, Tree> fields = new LinkedHashMap<>();
        byKey.forEach((name, all) ->
                fields.put(name, all.size() == 1 ? all.getFirst() : Tree.fields("$writes", Tree.of(all))));
        return new Tree.Fields(fields);
    }
}
