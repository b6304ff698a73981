package dev.heddle.graph.pregel;

import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.types.CachePolicy;
import dev.heddle.graph.types.NodeCache;
import dev.heddle.graph.types.State;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Uses the node cache: tasks whose node has met their input before get what it wrote then. */
public final class NodeMemory {
    private NodeMemory() {}

    /** Ends the tasks that need not run, and shows what they wrote. */
    static void recall(@Nullable NodeCache cache, PregelGraph graph, List<Task> tasks, TaskEvents show) {
        if (cache == null) {
            return;
        }
        for (Task task : tasks) {
            CachePolicy policy = task.node.options().cache();
            if (policy != null && task.ending == null) {
                cache.get(name(graph, task.node.name()), key(policy, task.state))
                        .ifPresent(writes -> {
                            List<Task.Write> known = Writes.fromStore(graph, stored(writes));
                            task.end(new Task.Ending.Finished(known));
                            show.finished(task, known, true);
                        });
            }
        }
    }

    /** Keeps what tasks have written. */
    static void remember(@Nullable NodeCache cache, PregelGraph graph, List<Task> tasks) {
        if (cache == null) {
            return;
        }
        for (Task task : tasks) {
            CachePolicy policy = task.node.options().cache();
            if (policy != null
                    && task.handlerId == null
                    && task.ending instanceof Task.Ending.Finished(List<Task.Write> writes)) {
                cache.put(
                        name(graph, task.node.name()),
                        key(policy, task.state),
                        tree(Writes.toStore(graph, "", writes)),
                        policy.ttl());
            }
        }
    }

    /** What a call of a task of the functional API gave for this input before; null when it must run. */
    static @Nullable Tree recallCall(
            @Nullable NodeCache cache, PregelGraph graph, String task, @Nullable CachePolicy policy, Tree input) {
        return cache == null || policy == null
                ? null
                : cache.get(taskName(graph, task), key(policy, new Views.Argument(input)))
                        .orElse(null);
    }

    /** Keeps what a call gave. */
    static void rememberCall(
            @Nullable NodeCache cache,
            PregelGraph graph,
            String task,
            @Nullable CachePolicy policy,
            Tree input,
            Tree result) {
        if (cache != null && policy != null) {
            cache.put(taskName(graph, task), key(policy, new Views.Argument(input)), result, policy.ttl());
        }
    }

    /** Forgets what a node or the calls of a task gave. */
    public static void clear(NodeCache cache, PregelGraph graph, String name) {
        cache.clear(name(graph, name));
        cache.clear(taskName(graph, name));
    }

    /** The name under which the cache knows a node. */
    private static String name(PregelGraph graph, String node) {
        return graph.name() + "@" + graph.version() + "/" + node;
    }

    /** The name under which the cache knows the calls of a task; no node can have it. */
    private static String taskName(PregelGraph graph, String task) {
        return name(graph, "task:" + task);
    }

    private static String key(CachePolicy policy, State state) {
        Function<State, String> key = policy.key();
        return key == null ? TreeHash.of(state.tree()) : key.apply(state);
    }

    private static Tree tree(List<PendingWrite> writes) {
        return Tree.of(writes.stream()
                .map(write -> Tree.fields("channel", Tree.of(write.channel()), "value", write.value()))
                .toList());
    }

    private static List<PendingWrite> stored(Tree tree) {
        List<PendingWrite> writes = new ArrayList<>();
        for (Tree item : Codecs.items(tree, "Cached writes")) {
            Tree.Fields write = Codecs.fields(item, "Cached write");
            writes.add(new PendingWrite(
                    "", writes.size(), Codecs.text(write.get("channel"), "Cached write"), write.get("value")));
        }
        return writes;
    }
}
