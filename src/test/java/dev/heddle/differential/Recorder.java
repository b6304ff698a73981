package dev.heddle.differential;

import dev.heddle.graph.types.CheckpointMetadata;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.Interrupt;
import dev.heddle.graph.types.StateSnapshot;
import dev.heddle.graph.types.StateSnapshot.Nested;
import dev.heddle.graph.types.StateSnapshot.TaskSnapshot;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes down what can be observed, with ids numbered in order of first appearance; the twin of {@code record.py}. */
final class Recorder {
    private final Map<String, Map<String, Integer>> known = new HashMap<>();

    private Tree number(String kind, String id) {
        Map<String, Integer> ids = known.computeIfAbsent(kind, k -> new HashMap<>());
        ids.putIfAbsent(id, ids.size() + 1);
        return Tree.of(kind + ids.get(id));
    }

    private Tree checkpoint(@Nullable CheckpointRef ref) {
        return ref == null || ref.checkpointId().isEmpty() ? Tree.NULL : number("c", ref.checkpointId());
    }

    private Tree namespace(List<String> levels) {
        return Tree.of(levels.stream().map(this::level).collect(Collectors.joining("|")));
    }

    private String level(String level) {
        int colon = level.indexOf(':');
        return colon < 0 ? level : level.substring(0, colon + 1) + Json.text(number("t", level.substring(colon + 1)));
    }

    private Tree interrupts(List<Interrupt> interrupts) {
        return Tree.of(interrupts.stream()
                .map(interrupt -> list(number("i", interrupt.id()), interrupt.value()))
                .toList());
    }

    private static Tree list(Tree... items) {
        return Tree.of(Arrays.asList(items));
    }

    private static Tree texts(List<String> texts) {
        return Tree.of(texts.stream().map(Tree::of).toList());
    }

    private static Tree.Fields with(Tree.Fields fields, String name, Tree value) {
        Map<String, Tree> all = new LinkedHashMap<>(fields.fields());
        all.put(name, value);
        return new Tree.Fields(all);
    }

    /**
     * An event.
     *
     * @param stored whether checkpoints are stored one by one; otherwise their parents are not defined
     */
    Tree event(StreamEvent event, boolean stored) {
        Tree ns = namespace(event.namespace());
        return switch (event) {
            case StreamEvent.Values values ->
                list(
                        Tree.of("values"),
                        ns,
                        values.interrupts().isEmpty()
                                ? values.values()
                                : with(values.values(), "__interrupt__", interrupts(values.interrupts())));
            case StreamEvent.NodeUpdate update -> {
                Tree.Fields told = Tree.fields(update.node(), update.update());
                yield list(
                        Tree.of("updates"),
                        ns,
                        update.cached() ? with(told, "__metadata__", Tree.fields("cached", Tree.of(true))) : told);
            }
            case StreamEvent.Interrupted interrupted ->
                list(Tree.of("updates"), ns, Tree.fields("__interrupt__", interrupts(interrupted.interrupts())));
            case StreamEvent.Custom custom -> list(Tree.of("custom"), ns, custom.data());
            case StreamEvent.TaskStarted started ->
                list(
                        Tree.of("task"),
                        ns,
                        number("t", started.taskId()),
                        Tree.of(started.node()),
                        started.input(),
                        texts(started.triggers().stream().sorted().toList()));
            case StreamEvent.TaskEnded ended ->
                list(
                        Tree.of("result"),
                        ns,
                        number("t", ended.taskId()),
                        Tree.of(ended.node()),
                        Tree.of(ended.error() != null),
                        ended.result(),
                        interrupts(ended.interrupts()));
            case StreamEvent.CheckpointSaved saved -> saved(ns, saved.snapshot(), stored);
            case StreamEvent.MessageChunk _, StreamEvent.Debug _ ->
                throw new IllegalArgumentException("Event: not asked for, got " + event);
        };
    }

    private Tree saved(Tree ns, StateSnapshot snapshot, boolean stored) {
        CheckpointMetadata metadata = snapshot.metadata();
        List<Tree> tasks = new ArrayList<>();
        snapshot.tasks().forEach(task -> tasks.add(number("t", task.id())));
        return list(
                Tree.of("checkpoint"),
                ns,
                checkpoint(snapshot.ref()),
                stored ? checkpoint(snapshot.parent()) : Tree.NULL,
                source(metadata),
                metadata == null ? Tree.NULL : Tree.of(metadata.step()),
                snapshot.values(),
                texts(snapshot.next()),
                Tree.of(tasks));
    }

    private static Tree source(@Nullable CheckpointMetadata metadata) {
        return metadata == null ? Tree.NULL : Tree.of(metadata.source().name().toLowerCase(Locale.ROOT));
    }

    private Tree tasks(List<TaskSnapshot> tasks, boolean subgraphs, boolean results) {
        List<Tree> told = new ArrayList<>();
        for (TaskSnapshot task : tasks) {
            told.add(task(task, subgraphs, results));
        }
        return Tree.of(told);
    }

    private Tree task(TaskSnapshot task, boolean subgraphs, boolean results) {
        Map<String, Tree> told = new LinkedHashMap<>();
        told.put("id", number("t", task.id()));
        told.put("name", Tree.of(task.name()));
        if (results && task.error() != null && task.result() == null) {
            told.put("failed", Tree.of(true));
        }
        if (!task.interrupts().isEmpty()) {
            told.put("interrupts", interrupts(task.interrupts()));
        }
        Tree result = task.result();
        if (result != null && results) {
            told.put("result", result);
        }
        if (subgraphs && task.nested() instanceof Nested.Whole(StateSnapshot snapshot)) {
            told.put("state", snapshot(snapshot, true, true));
        }
        return new Tree.Fields(told);
    }

    /** A snapshot, null where there is no checkpoint. */
    Tree snapshot(StateSnapshot snapshot, boolean subgraphs, boolean results) {
        CheckpointMetadata metadata = snapshot.metadata();
        if (metadata == null) {
            return Tree.NULL;
        }
        Map<String, Tree> told = new LinkedHashMap<>();
        told.put("id", checkpoint(snapshot.ref()));
        told.put("parent", checkpoint(snapshot.parent()));
        told.put("source", source(metadata));
        told.put("step", Tree.of(metadata.step()));
        told.put("values", snapshot.values());
        told.put("next", texts(snapshot.next()));
        told.put("tasks", tasks(snapshot.tasks(), subgraphs, results));
        return new Tree.Fields(told);
    }
}
