package dev.heddle.graph.state;

import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.pregel.CheckpointIds;
import dev.heddle.graph.pregel.PregelGraph;
import dev.heddle.graph.pregel.PregelLoop;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.State;
import dev.heddle.graph.types.Store;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Tree;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A graph that can run. Immutable and safe for any number of concurrent runs; compiled once per process. A thread
 * (conversation) is driven by one run at a time.
 */
public final class CompiledGraph {
    private final PregelGraph graph;
    private final PregelLoop.Services services;

    private CompiledGraph(PregelGraph graph, PregelLoop.Services services) {
        this.graph = graph;
        this.services = services;
    }

    static CompiledGraph of(PregelGraph graph) {
        CheckpointIds ids = new CheckpointIds(Clock.systemUTC(), new SecureRandom());
        return new CompiledGraph(
                graph, new PregelLoop.Services(null, new InMemoryStore(Clock.systemUTC()), ids, Clock.systemUTC()));
    }

    /** The same graph keeping its threads and its memory there. */
    public CompiledGraph with(Checkpointer checkpointer, Store store) {
        return new CompiledGraph(graph, new PregelLoop.Services(checkpointer, store, services.ids(), services.clock()));
    }

    /** The same graph by another clock and other random numbers, for tests. */
    public CompiledGraph with(Clock clock, RandomGenerator random) {
        return new CompiledGraph(
                graph,
                new PregelLoop.Services(
                        services.checkpointer(), services.store(), new CheckpointIds(clock, random), clock));
    }

    /** The name under which it was compiled. */
    public String name() {
        return graph.name();
    }

    /** Changes when the structure of the graph does. */
    public String version() {
        return graph.version();
    }

    /**
     * Runs to the end.
     *
     * @param input what to begin with; null goes on where the thread stands
     * @throws GraphException if it cannot start or go on
     */
    public RunResult invoke(@Nullable Update input, RunConfig config) {
        try (GraphStream stream = stream(input, config, Set.of())) {
            return stream.result();
        }
    }

    /** Starts a run and gives its events of these modes. The caller reads them to the end or closes the stream. */
    public GraphStream stream(@Nullable Update input, RunConfig config, Set<StreamMode> modes) {
        return streamTree(input == null ? null : encode(input), config, modes);
    }

    /** Like {@link #stream}, with input key -> value as trees; fields that are no keys are dropped. */
    public GraphStream streamTree(Tree.@Nullable Fields input, RunConfig config, Set<StreamMode> modes) {
        return GraphStream.start(
                (sink, cancellation) -> new PregelLoop(graph, services, config, modes, sink, cancellation).run(input));
    }

    /** A state as trees: each declared key that holds something. */
    public Tree.Fields encode(State state) {
        Map<String, Tree> fields = new LinkedHashMap<>();
        for (Key<?> key : graph.keys()) {
            encode(state, key, fields);
        }
        return new Tree.Fields(fields);
    }

    private static <T> void encode(State state, Key<T> key, Map<String, Tree> fields) {
        state.find(key).ifPresent(value -> fields.put(key.name(), key.codec().encode(value)));
    }

    private static Tree.Fields encode(Update input) {
        Map<String, Tree> fields = new LinkedHashMap<>();
        for (Update.Entry<?> entry : input.entries()) {
            if (fields.put(entry.key().name(), encode(entry)) != null) {
                throw new GraphException.BadInput("Input '" + entry.key().name()
                        + "': given twice, expected one value for a key, got 2. Combine them.");
            }
        }
        return new Tree.Fields(fields);
    }

    private static <T> Tree encode(Update.Entry<T> entry) {
        return entry.key().codec().encode(entry.value());
    }
}
