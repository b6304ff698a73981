package dev.heddle.differential;

import static dev.heddle.differential.Json.fields;
import static dev.heddle.differential.Json.has;
import static dev.heddle.differential.Json.items;
import static dev.heddle.differential.Json.number;
import static dev.heddle.differential.Json.text;
import static dev.heddle.differential.Json.texts;

import dev.heddle.differential.Script.Scope;
import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.types.ChannelKind;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.Destination;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.NodeResult;
import dev.heddle.graph.types.Persistence;
import dev.heddle.graph.types.RetryPolicy;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.State;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds a graph from a case; the twin of {@code build.py}. */
final class ScriptedGraph {
    /** What a scripted node throws. */
    static final class ScriptedFailure extends Exception {
        private static final long serialVersionUID = 1L;

        ScriptedFailure() {
            super("scripted");
        }
    }

    /** Counts executions by path and remembers their order. */
    static final class Ledger {
        private final Map<String, Integer> counts = new HashMap<>();
        private List<Tree> ran = new ArrayList<>();

        synchronized int begin(String path) {
            ran.add(Tree.of(path));
            return counts.merge(path, 1, Integer::sum);
        }

        /** The executions since it was last asked. */
        synchronized Tree ran() {
            Tree list = Tree.of(ran);
            ran = new ArrayList<>();
            return list;
        }
    }

    private final Tree.Fields graph;
    private final Ledger ledger;
    private final String path;
    private final Map<String, Key<?>> keys = new HashMap<>();

    private ScriptedGraph(Tree.Fields graph, Ledger ledger, String path) {
        this.graph = graph;
        this.ledger = ledger;
        this.path = path;
    }

    /** The root graph of a case. */
    static CompiledGraph of(Tree.Fields graph, Ledger ledger) {
        return new ScriptedGraph(graph, ledger, "").compile(Persistence.INHERIT);
    }

    private CompiledGraph compile(Persistence persistence) {
        StateGraph builder = StateGraph.of(
                items(graph.get("keys")).stream().map(key -> key(fields(key))).toArray(Key<?>[]::new));
        if (has(graph, "input")) {
            builder.input(keys(graph.get("input")));
        }
        if (has(graph, "output")) {
            builder.output(keys(graph.get("output")));
        }
        items(graph.get("nodes")).forEach(node -> add(builder, fields(node)));
        for (Tree edge : items(graph.get("edges"))) {
            builder.edge(texts(edge).get(0), texts(edge).get(1));
        }
        for (Tree join : items(graph.get("joins"))) {
            builder.join(texts(items(join).get(0)), text(items(join).get(1)));
        }
        for (Tree branch : items(graph.get("branches"))) {
            builder.route(text(fields(branch).get("from")), state -> route(fields(branch), state));
        }
        RunConfig.Stops stops = stops(graph);
        return builder.compile(
                "graph",
                CompileOptions.DEFAULT
                        .persistence(persistence)
                        .interruptBefore(stops.before().toArray(String[]::new))
                        .interruptAfter(stops.after().toArray(String[]::new)));
    }

    static RunConfig.Stops stops(Tree.Fields from) {
        return new RunConfig.Stops(names(from, "interrupt_before"), names(from, "interrupt_after"));
    }

    private static Set<String> names(Tree.Fields from, String name) {
        return has(from, name) ? Set.copyOf(texts(from.get(name))) : Set.of();
    }

    private Key<?>[] keys(Tree names) {
        return texts(names).stream().map(keys::get).toArray(Key<?>[]::new);
    }

    private Key<?> key(Tree.Fields spec) {
        String name = text(spec.get("name"));
        Key<?> key =
                switch (text(spec.get("kind"))) {
                    case "last" -> Key.lastValue(name, Codecs.TREE);
                    case "any" -> Key.of(name, Codecs.TREE, new ChannelKind.AnyValue<>());
                    case "ephemeral" -> Key.ephemeral(name, Codecs.TREE);
                    case "untracked" -> Key.of(name, Codecs.TREE, new ChannelKind.Untracked<>(true));
                    case "topic" -> Key.of(name, Codecs.list(Codecs.TREE), new ChannelKind.Topic<Tree>(false, false));
                    case "topics" -> Key.of(name, Codecs.list(Codecs.TREE), new ChannelKind.Topic<Tree>(true, false));
                    case "sum" -> Key.reduced(name, Codecs.INT, 0, Integer::sum);
                    case "append" ->
                        Key.reduced(name, Codecs.list(Codecs.TREE), List.of(), (left, right) -> {
                            List<Tree> all = new ArrayList<>(left);
                            all.addAll(right);
                            return List.copyOf(all);
                        });
                    default -> throw new IllegalArgumentException("Key '" + name + "': unknown kind");
                };
        keys.put(name, key);
        return key;
    }

    private void add(StateGraph builder, Tree.Fields node) {
        String name = text(node.get("name"));
        NodeOptions options = has(node, "defer") ? NodeOptions.NONE.defer() : NodeOptions.NONE;
        if (has(node, "graph")) {
            Persistence persistence =
                    switch (text(node.get("persistence"))) {
                        case "inherit" -> Persistence.INHERIT;
                        case "thread" -> Persistence.PER_THREAD;
                        default -> Persistence.NONE;
                    };
            CompiledGraph inner =
                    new ScriptedGraph(fields(node.get("graph")), ledger, path + name + "/").compile(persistence);
            builder.node(name, inner, options);
            return;
        }
        if (has(node, "reads")) {
            options = options.reads(keys(node.get("reads")));
        }
        if (has(node, "attempts")) {
            options = options.retry(RetryPolicy.DEFAULT
                    .attempts(number(node.get("attempts")))
                    .delays(Duration.ZERO, 1, Duration.ZERO)
                    .withoutJitter()
                    .on(ScriptedFailure.class));
        }
        builder.node(name, scripted(node, name), options);
    }

    private Node scripted(Tree.Fields node, String name) {
        List<Tree> results = items(node.get("results"));
        return (state, context) -> {
            int execution = ledger.begin(path + name);
            Scope scope = new Scope(state.tree(), name, execution, new ArrayList<>());
            for (Tree statement : items(node.get("script"))) {
                perform(fields(statement), scope, context);
            }
            return result(results.get(Math.min(execution, results.size()) - 1), scope);
        };
    }

    private static void perform(Tree.Fields statement, Scope scope, NodeContext context) throws ScriptedFailure {
        if (has(statement, "fail")) {
            if (Script.contains(statement.get("fail"), scope.execution())) {
                throw new ScriptedFailure();
            }
        } else if (has(statement, "emit")) {
            context.emit(Script.evaluate(statement.get("emit"), scope));
        } else {
            scope.answers().add(context.interrupt(Script.evaluate(statement.get("interrupt"), scope)));
        }
    }

    private NodeResult result(Tree spec, Scope scope) {
        if (!(spec instanceof Tree.Fields fields)) {
            return Update.NONE;
        }
        if (has(fields, "list")) {
            return NodeResult.of(items(fields.get("list")).stream()
                    .map(one -> result(one, scope))
                    .toArray(NodeResult[]::new));
        }
        return has(fields, "update")
                ? update(keys, fields(fields.get("update")), scope)
                : command(keys, fields(fields.get("command")), scope);
    }

    static Command command(Map<String, Key<?>> own, Tree.Fields spec, Scope scope) {
        Map<String, Key<?>> keys = has(spec, "parent") ? Map.of() : own; // the keys of another graph go by name
        Command command =
                Command.of(has(spec, "update") ? update(keys, fields(spec.get("update")), scope) : Update.NONE);
        if (has(spec, "goto")) {
            command = command.going(targets(spec.get("goto"), scope).toArray(Destination[]::new));
        }
        return has(spec, "parent") ? command.inParent() : command;
    }

    /** Typed writes of sums and appended lists, writes by name of all others: so both ways are played. */
    static Update update(Map<String, Key<?>> keys, Tree.Fields spec, Scope scope) {
        Update update = Update.NONE;
        for (Map.Entry<String, Tree> write : spec.fields().entrySet()) {
            Key<?> key = keys.get(write.getKey());
            update = update.and(
                    key != null && key.kind() instanceof ChannelKind.Reduced<?>
                            ? typed(key, write.getValue(), scope)
                            : Update.of(Tree.fields(write.getKey(), Script.evaluate(write.getValue(), scope))));
        }
        return update;
    }

    private static <T> Update typed(Key<T> key, Tree expression, Scope scope) {
        return expression instanceof Tree.Fields fields && has(fields, "replace")
                ? Update.overwrite(key, key.codec().decode(Script.evaluate(fields.get("replace"), scope)))
                : Update.of(key, key.codec().decode(Script.evaluate(expression, scope)));
    }

    static List<Destination> targets(Tree spec, Scope scope) {
        List<Destination> targets = new ArrayList<>();
        for (Tree target : items(spec)) {
            targets.add(
                    target instanceof Tree.Fields send
                            ? new Send(text(send.get("send")), Script.evaluate(send.get("input"), scope))
                            : Destination.to(text(target)));
        }
        return targets;
    }

    private static List<Destination> route(Tree.Fields branch, State state) {
        Scope scope = new Scope(state.tree(), text(branch.get("from")), 0, List.of());
        for (Tree choice : items(branch.get("choose"))) {
            if (Script.holds(fields(choice).get("when"), scope)) {
                return targets(fields(choice).get("to"), scope);
            }
        }
        return List.of();
    }

    /** The stops that a step sets in place of the graph's; null when it sets none. */
    static RunConfig.@Nullable Stops override(Tree.Fields step, Tree.Fields graph) {
        boolean before = has(step, "interrupt_before");
        boolean after = has(step, "interrupt_after");
        return before || after
                ? new RunConfig.Stops(
                        names(before ? step : graph, "interrupt_before"),
                        names(after ? step : graph, "interrupt_after"))
                : null;
    }
}
