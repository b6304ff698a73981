package dev.heddle.graph.state;

import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.pregel.CheckpointIds;
import dev.heddle.graph.pregel.NodeMemory;
import dev.heddle.graph.pregel.PregelGraph;
import dev.heddle.graph.pregel.PregelLoop;
import dev.heddle.graph.pregel.Services;
import dev.heddle.graph.pregel.TaskContext;
import dev.heddle.graph.pregel.ThreadState;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.NodeCache;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.Pause;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.State;
import dev.heddle.graph.types.StateEdit;
import dev.heddle.graph.types.StateSnapshot;
import dev.heddle.graph.types.Store;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Streaming;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Tree;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * A graph that can run. Immutable and safe for any number of concurrent runs; compiled once per process. A thread
 * (conversation) is driven by one run at a time.
 */
public final class CompiledGraph {
    private final PregelGraph graph;
    private final Services services;

    private CompiledGraph(PregelGraph graph, Services services) {
        this.graph = graph;
        this.services = services;
    }

    static CompiledGraph of(PregelGraph graph) {
        // Ids must differ, not be secret; and a secure generator takes as long to load as all of the engine.
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        Clock clock = Clock.systemUTC();
        return new CompiledGraph(
                graph,
                new Services(
                        null,
                        new InMemoryStore(clock),
                        null,
                        new CheckpointIds(clock, random),
                        clock,
                        random,
                        Pause.SLEEP));
    }

    /** The same graph keeping its threads there. */
    public CompiledGraph with(Checkpointer checkpointer) {
        return with(checkpointer, services.store());
    }

    /** The same graph keeping its threads and its memory there. */
    public CompiledGraph with(Checkpointer checkpointer, Store store) {
        return new CompiledGraph(
                graph,
                new Services(
                        checkpointer,
                        store,
                        services.cache(),
                        services.ids(),
                        services.clock(),
                        services.random(),
                        services.pause()));
    }

    /** The same graph keeping what nodes with a cache policy write. */
    public CompiledGraph with(NodeCache cache) {
        return new CompiledGraph(
                graph,
                new Services(
                        services.checkpointer(),
                        services.store(),
                        cache,
                        services.ids(),
                        services.clock(),
                        services.random(),
                        services.pause()));
    }

    /** The same graph by another clock and other random numbers, for tests. */
    public CompiledGraph with(Clock clock, RandomGenerator random) {
        return new CompiledGraph(
                graph,
                new Services(
                        services.checkpointer(),
                        services.store(),
                        services.cache(),
                        new CheckpointIds(clock, random),
                        clock,
                        random,
                        services.pause()));
    }

    /** The same graph waiting between retries in another way, for tests. */
    public CompiledGraph with(Pause pause) {
        return new CompiledGraph(
                graph,
                new Services(
                        services.checkpointer(),
                        services.store(),
                        services.cache(),
                        services.ids(),
                        services.clock(),
                        services.random(),
                        pause));
    }

    /** Another graph with the same surroundings. */
    CompiledGraph running(PregelGraph other) {
        return new CompiledGraph(other, services);
    }

    PregelGraph pregel() {
        return graph;
    }

    /** The name under which it was compiled. */
    public String name() {
        return graph.name();
    }

    /** Changes when the structure of the graph does, or the number that it was compiled with. */
    public String version() {
        return graph.version();
    }

    /** What its input looks like, as JSON schema of an object: a property for each key that input may write. */
    public Tree.Fields inputSchema() {
        return Schemas.of(graph.definition().keys(), graph.definition().input());
    }

    /** What its results look like, as JSON schema of an object. */
    public Tree.Fields outputSchema() {
        return Schemas.of(graph.definition().keys(), graph.definition().output());
    }

    /** What its whole state looks like, private keys included, as JSON schema of an object. */
    public Tree.Fields stateSchema() {
        return Schemas.of(
                graph.definition().keys(),
                graph.definition().keys().stream().map(Key::name).toList());
    }

    /** How it is drawn, each subgraph as one node. */
    public GraphDrawing drawing() {
        return drawing(0);
    }

    /**
     * How it is drawn.
     *
     * @param xray how many levels of subgraphs are drawn open, with ids like {@code sub:node}; negative for all. A subgraph
     *     that never ends stays one node
     */
    public GraphDrawing drawing(int xray) {
        return new Drawing(graph, xray).draw();
    }

    /**
     * Runs until nothing is left to do, or until it waits.
     *
     * @throws GraphException if it cannot start or go on
     */
    public RunResult invoke(Input input, RunConfig config) {
        try (GraphStream stream = stream(input, config, Streaming.NONE)) {
            return stream.result();
        }
    }

    /** Starts a run and gives its events of these modes. The caller reads them to the end or closes the stream. */
    public GraphStream stream(Input input, RunConfig config, Set<StreamMode> modes) {
        return stream(input, config, new Streaming(modes, false, null));
    }

    /** Starts a run and gives its events. The caller reads them to the end or closes the stream. */
    public GraphStream stream(Input input, RunConfig config, Streaming streaming) {
        return GraphStream.start(
                (sink, control) -> PregelLoop.run(graph, services, input, config, streaming, sink, control));
    }

    /**
     * Runs inside a node of another graph, as its subgraph: on the same thread, in a namespace of the node's task, with
     * the same events, limits and store. When it waits or stops, the node waits or stops with it; when the node runs
     * again, this call goes on where it stood.
     *
     * @param context what the node was given
     * @return the output keys
     */
    public State call(Update input, NodeContext context) {
        return PregelLoop.runNested(graph, services.checkpointer(), input, TaskContext.of(context));
    }

    /**
     * Forgets what nodes with a cache policy have written, so that they run again. Does nothing without a cache.
     *
     * @param names these nodes, and tasks of the functional API; none for all nodes
     */
    public void clearCache(String... names) {
        NodeCache cache = services.cache();
        if (cache == null) {
            return;
        }
        List<String> chosen = names.length > 0
                ? List.of(names)
                : graph.definition().nodes().stream()
                        .map(PregelGraph.NodeSpec::name)
                        .toList();
        chosen.forEach(name -> NodeMemory.clear(cache, graph, name));
    }

    /** How a thread stands, with what finished tasks of the superstep under way have written. */
    public StateSnapshot state(String threadId) {
        return state(new CheckpointRef(threadId, "", ""), false);
    }

    /**
     * How a thread stands.
     *
     * @param at with a checkpoint id: that one, as it was stored; with a namespace: that subgraph
     * @param subgraphs whether the tasks hold the state of their subgraphs whole
     * @throws GraphException.BadInput if there is no checkpointer or no such subgraph
     */
    public StateSnapshot state(CheckpointRef at, boolean subgraphs) {
        return new ThreadState(graph, services).snapshot(at, subgraphs);
    }

    /** The checkpoints of a thread, newest first. */
    public List<StateSnapshot> history(String threadId, HistoryQuery query) {
        return history(new CheckpointRef(threadId, "", ""), query);
    }

    /** The checkpoints of a thread or of a subgraph in it, newest first; or the one that {@code at} names. */
    public List<StateSnapshot> history(CheckpointRef at, HistoryQuery query) {
        return new ThreadState(graph, services).history(at, query);
    }

    /**
     * Edits a thread from outside. What was to run at that checkpoint is dropped, and what the node for which the edit
     * stands leads to comes next.
     *
     * @param at the thread; with a checkpoint id the edit begins a branch there
     * @return the new checkpoint
     * @throws GraphException.AmbiguousUpdate if no node is named and the thread does not tell
     */
    public CheckpointRef update(CheckpointRef at, StateEdit edit) {
        return updateAll(at, List.of(List.of(edit)));
    }

    /** Edits a thread as if it had run: each inner list is one superstep and makes one checkpoint. */
    public CheckpointRef updateAll(CheckpointRef at, List<List<StateEdit>> supersteps) {
        return new ThreadState(graph, services).edit(at, supersteps);
    }
}
