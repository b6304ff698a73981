package dev.heddle.graph.state;

import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.pregel.PregelGraph;
import dev.heddle.graph.pregel.PregelGraph.Definition;
import dev.heddle.graph.pregel.PregelGraph.NodeSpec;
import dev.heddle.graph.pregel.PregelGraph.Settings;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeCache;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.Store;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Codec;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A function that runs as a graph: durable, resumable and streamed, with {@link TaskFunction}s in place of nodes.
 *
 * <pre>{@code
 * Entrypoint<String, Integer> flow = Entrypoint.of("flow", Codecs.TEXT, Codecs.INT, (text, context) -> {
 *     int letters = COUNT.call(context, text).await();
 *     return letters * context.interrupt(Tree.of("times?"), Codecs.INT);
 * });
 * }</pre>
 *
 * <p>It compiles to a graph of one node, {@code START -> name}, whose state is what it returned last ({@code __end__}, see
 * {@link #output}) and what its next run on the thread gets ({@code __previous__}). When a run is resumed, the function
 * runs again from its beginning, and what its tasks have finished is not repeated.
 *
 * <p>Immutable and safe for any number of concurrent runs. LangGraph: {@code @entrypoint}.
 *
 * @param <I> the type of the input
 * @param <O> the type of what it returns
 */
public final class Entrypoint<I, O> {
    private static final String INPUT = "__input__";
    private static final String PREVIOUS = "__previous__";

    private final Key<I> input;
    private final Key<O> output;
    private final CompiledGraph graph;

    /** An entrypoint that begins afresh each time. */
    @FunctionalInterface
    public interface Body<I, O> {
        /** Runs. */
        O run(I input, NodeContext context) throws Exception;
    }

    /** An entrypoint that gets what it returned last. */
    @FunctionalInterface
    public interface Continuing<I, O> {
        /**
         * Runs.
         *
         * @param previous what the run before on the thread returned; empty for the first, and without a checkpointer
         */
        O run(I input, Optional<O> previous, NodeContext context) throws Exception;
    }

    /** An entrypoint that saves for its next run something else than it returns. */
    @FunctionalInterface
    public interface Saving<I, S, O> {
        /**
         * Runs.
         *
         * @param previous what the run before on the thread saved; empty for the first, and without a checkpointer
         */
        Final<O, S> run(I input, Optional<S> previous, NodeContext context) throws Exception;
    }

    private Entrypoint(Key<I> input, Key<O> output, CompiledGraph graph) {
        this.input = input;
        this.output = output;
        this.graph = graph;
    }

    /**
     * A function as a graph.
     *
     * @param name of the graph and of its node
     * @throws dev.heddle.graph.types.GraphException.InvalidGraph if the name is no name for a node
     */
    public static <I, O> Entrypoint<I, O> of(String name, Codec<I> input, Codec<O> output, Body<I, O> body) {
        return of(name, input, output, (value, previous, context) -> body.run(value, context));
    }

    /** A function that gets what it returned last, as a graph. */
    public static <I, O> Entrypoint<I, O> of(String name, Codec<I> input, Codec<O> output, Continuing<I, O> body) {
        return of(name, input, output, output, (value, previous, context) -> {
            O returned = body.run(value, previous, context);
            return Final.of(returned, returned);
        });
    }

    /**
     * A function that saves for its next run something else than it returns, as a graph.
     *
     * @param saved how what it saves is kept
     */
    public static <I, S, O> Entrypoint<I, O> of(
            String name, Codec<I> input, Codec<O> output, Codec<S> saved, Saving<I, S, O> body) {
        StateGraph.checkName("Entrypoint", name);
        Key<I> in = Key.ephemeral(INPUT, input);
        Key<O> out = Key.lastValue(PregelGraph.END, output);
        Key<S> kept = Key.lastValue(PREVIOUS, saved);
        Node node = (state, context) -> {
            Final<O, S> end = body.run(state.get(in), state.find(kept), context);
            return Update.of(out, end.value()).and(kept, end.save());
        };
        CompiledGraph graph =
                CompiledGraph.of(graph(name, List.of(in, out, kept), node, NodeOptions.NONE, CompileOptions.DEFAULT));
        return new Entrypoint<>(in, out, graph);
    }

    private static PregelGraph graph(
            String name, List<Key<?>> keys, Node node, NodeOptions nodeOptions, CompileOptions options) {
        NodeSpec start = new NodeSpec(
                PregelGraph.START,
                (state, context) -> Update.NONE,
                List.of(name),
                List.of(),
                NodeOptions.NONE.hide(),
                null);
        // What it returned last is no input of the next run.
        Key<?>[] reads =
                keys.stream().filter(key -> !key.name().equals(PregelGraph.END)).toArray(Key<?>[]::new);
        return new PregelGraph(new Definition(
                name,
                options.version() + "-entrypoint",
                keys,
                Set.of(INPUT),
                List.of(PregelGraph.END),
                List.of(start, new NodeSpec(name, node, List.of(), List.of(), nodeOptions.reads(reads), null)),
                List.of(),
                new Settings(options.persistence(), options.stops(), options.stepTimeout(), options.validators())));
    }

    /** The same function, run in a special way: with retry, timeout, cache or error handler. */
    public Entrypoint<I, O> with(NodeOptions nodeOptions, CompileOptions options) {
        Definition definition = graph.pregel().definition();
        Node node = definition.nodes().getLast().node();
        return new Entrypoint<>(
                input, output, graph.running(graph(definition.name(), definition.keys(), node, nodeOptions, options)));
    }

    /** The same function keeping its threads and its memory there. */
    public Entrypoint<I, O> with(Checkpointer checkpointer, Store store) {
        return new Entrypoint<>(input, output, graph.with(checkpointer, store));
    }

    /** The same function keeping there what tasks with a cache have given. */
    public Entrypoint<I, O> with(NodeCache cache) {
        return new Entrypoint<>(input, output, graph.with(cache));
    }

    /** The graph behind it: for its threads' states and histories, edits, and whatever else a graph can do. */
    public CompiledGraph graph() {
        return graph;
    }

    /** What it returned last, in the state of a result: {@code result.state().find(flow.output())}. */
    public Key<O> output() {
        return output;
    }

    /** An input for {@link #graph()}. */
    public Update input(I value) {
        return Update.of(input, value);
    }

    /** Runs until it returns, or until it waits. */
    public RunResult invoke(I value, RunConfig config) {
        return graph.invoke(input(value), config);
    }

    /** Goes on with a thread: answers its interrupts by a command, or takes up again what was broken off. */
    public RunResult resume(Input answer, RunConfig config) {
        return graph.invoke(answer, config);
    }

    /** Starts a run and gives its events of these modes. The caller reads them to the end or closes the stream. */
    public GraphStream stream(I value, RunConfig config, Set<StreamMode> modes) {
        return graph.stream(input(value), config, modes);
    }

    /**
     * Runs inside a node or another entrypoint, as its subgraph; see {@link CompiledGraph#call}.
     *
     * @return what it returned
     */
    public O call(I value, NodeContext context) {
        return graph.call(input(value), context).get(output);
    }
}
