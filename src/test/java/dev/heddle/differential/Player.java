package dev.heddle.differential;

import static dev.heddle.differential.Json.fields;
import static dev.heddle.differential.Json.has;
import static dev.heddle.differential.Json.items;
import static dev.heddle.differential.Json.number;
import static dev.heddle.differential.Json.text;

import dev.heddle.differential.Script.Scope;
import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.Durability;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Interrupt;
import dev.heddle.graph.types.NodeResult;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.StateEdit;
import dev.heddle.graph.types.StateSnapshot;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Streaming;
import dev.heddle.tree.Tree;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plays the steps of a case against the engine, tasks one after the other in plan order, and records what happens; the
 * twin of {@code play.py}.
 */
final class Player {
    private static final String THREAD = "thread";
    private static final CheckpointRef HEAD = new CheckpointRef(THREAD, "", "");
    private static final HistoryQuery ALL = HistoryQuery.newest(Integer.MAX_VALUE);
    private static final Streaming EVERYTHING = Streaming.of(
                    StreamMode.VALUES, StreamMode.UPDATES, StreamMode.CUSTOM, StreamMode.TASKS, StreamMode.CHECKPOINTS)
            .withSubgraphs();

    private final Tree.Fields spec;
    private final boolean keeps;
    private final ScriptedGraph.Ledger ledger = new ScriptedGraph.Ledger();
    private final Recorder recorder = new Recorder();
    private final CompiledGraph graph;
    private @Nullable StateSnapshot head;
    private int runs;

    private Player(Tree.Fields spec) {
        this.spec = spec;
        keeps = spec.get("checkpointer").equals(Tree.of(true));
        CompiledGraph compiled = ScriptedGraph.of(fields(spec.get("graph")), ledger);
        graph = keeps ? compiled.with(new InMemoryCheckpointer(), new InMemoryStore(Clock.systemUTC())) : compiled;
    }

    /**
     * The record of a whole case.
     *
     * @param expected the reference's, which says where the state as it was stored is to be told
     */
    static Tree play(Tree.Fields spec, Tree expected) {
        Player player = new Player(spec);
        List<Tree> record = new ArrayList<>();
        for (Tree step : items(spec.get("steps"))) {
            record.add(player.play(fields(step), fields(items(expected).get(record.size()))));
        }
        record.add(player.end());
        return Tree.of(record);
    }

    private Tree end() {
        List<Tree> history = new ArrayList<>();
        if (keeps) {
            graph.history(HEAD, ALL).forEach(snapshot -> history.add(recorder.snapshot(snapshot, false, false)));
        }
        return Tree.fields("history", Tree.of(history));
    }

    private Tree play(Tree.Fields step, Tree.Fields expected) {
        Map<String, Tree> told = new LinkedHashMap<>();
        List<Tree> events = new ArrayList<>();
        String error = null;
        try {
            perform(step, events);
        } catch (GraphException e) {
            error = kind(e);
        }
        told.put("events", Tree.of(events));
        if (error != null) {
            told.put("error", Tree.of(error));
        }
        told.put("ran", ledger.ran());
        if (keeps) {
            told.put("state", state(expected.get("state")));
        }
        return new Tree.Fields(told);
    }

    private Tree state(Tree expected) {
        head = null;
        if (expected instanceof Tree.Fields fields && has(fields, "raises")) {
            Tree raw = recorder.snapshot(
                    graph.history(HEAD, HistoryQuery.newest(1)).getFirst(), false, false);
            return Tree.fields("raises", fields.get("raises"), "raw", raw);
        }
        StateSnapshot snapshot = graph.state(HEAD, true);
        head = snapshot;
        return recorder.snapshot(snapshot, true, true);
    }

    private void perform(Tree.Fields step, List<Tree> events) {
        switch (text(step.get("do"))) {
            case "invoke" -> {
                try (GraphStream stream = graph.stream(input(step.get("input")), config(step), EVERYTHING)) {
                    boolean stored = !step.get("durability").equals(Tree.of("exit"));
                    while (stream.hasNext()) {
                        events.add(recorder.event(stream.next(), stored));
                    }
                }
            }
            case "update" -> {
                String node = has(step, "as_node") ? text(step.get("as_node")) : null;
                graph.update(at(step), new StateEdit(values(step.get("values")), node));
            }
            default -> {
                List<List<StateEdit>> supersteps = new ArrayList<>();
                for (Tree superstep : items(step.get("supersteps"))) {
                    List<StateEdit> edits = new ArrayList<>();
                    for (Tree edit : items(superstep)) {
                        edits.add(new StateEdit(
                                values(fields(edit).get("values")),
                                text(fields(edit).get("as_node"))));
                    }
                    supersteps.add(edits);
                }
                graph.updateAll(HEAD, supersteps);
            }
        }
    }

    private static @Nullable NodeResult values(Tree values) {
        return values instanceof Tree.Fields fields ? ScriptedGraph.update(Map.of(), fields, Scope.NOTHING) : null;
    }

    private CheckpointRef at(Tree.Fields step) {
        if (!keeps || !has(step, "at")) {
            return keeps ? HEAD : new CheckpointRef("", "", "");
        }
        List<StateSnapshot> history = graph.history(HEAD, ALL);
        return history.isEmpty()
                ? HEAD
                : history.get(history.size() - 1 - number(step.get("at")) % history.size())
                        .ref();
    }

    private RunConfig config(Tree.Fields step) {
        RunConfig config = RunConfig.at(at(step))
                .withRunId(keeps ? "" : "run " + ++runs) // without a checkpointer it tells the tasks of runs apart
                .withRecursionLimit(number(spec.get("limit")))
                .withMaxConcurrency(1)
                .with(step.get("durability").equals(Tree.of("exit")) ? Durability.EXIT : Durability.SYNC);
        RunConfig.Stops stops = ScriptedGraph.override(step, fields(spec.get("graph")));
        return stops == null ? config : config.with(stops);
    }

    private Input input(Tree input) {
        if (!(input instanceof Tree.Fields fields)) {
            return Input.CONTINUE;
        }
        if (has(fields, "update")) {
            return ScriptedGraph.update(Map.of(), fields(fields.get("update")), Scope.NOTHING);
        }
        Tree.Fields spec = fields(fields.get("command"));
        Command command = ScriptedGraph.command(Map.of(), spec, Scope.NOTHING);
        Tree answer = has(spec, "answers") ? answers(spec) : has(spec, "resume") ? spec.get("resume") : null;
        return new Command(command.graph(), command.update(), command.destinations(), answer);
    }

    /** Answers by id; none when nothing is asked. */
    private @Nullable Tree answers(Tree.Fields spec) {
        List<Interrupt> open = head == null ? List.of() : head.interrupts();
        Map<String, Tree> answers = new LinkedHashMap<>();
        for (Tree answer : items(spec.get("answers"))) {
            int index = number(items(answer).get(0));
            if (index < open.size()) {
                answers.put(open.get(index).id(), items(answer).get(1));
            }
        }
        return answers.isEmpty() ? null : new Tree.Fields(answers);
    }

    private static String kind(GraphException failure) {
        return switch (failure) {
            case GraphException.RecursionLimit _ -> "RECURSION_LIMIT";
            case GraphException.NodeFailed failed ->
                // What failed inside of a node, a subgraph for example, is what the reference throws.
                failed.getCause() instanceof GraphException inner ? kind(inner) : "NODE";
            case GraphException.EmptyInput _ -> "EMPTY_INPUT";
            case GraphException.NoParentGraph _ -> "PARENT_COMMAND";
            case GraphException.AmbiguousUpdate _ -> "AMBIGUOUS_UPDATE";
            case GraphException.InvalidUpdate _ -> "CONFLICT";
            case GraphException.InvalidResume _ -> "MANY_INTERRUPTS";
            case GraphException.BadInput _ -> "INVALID_UPDATE";
            default -> failure.code();
        };
    }
}
