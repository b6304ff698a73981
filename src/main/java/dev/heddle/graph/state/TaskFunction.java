package dev.heddle.graph.state;

import dev.heddle.graph.pregel.TaskContext;
import dev.heddle.graph.types.CachePolicy;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.RetryPolicy;
import dev.heddle.graph.types.TaskFuture;
import dev.heddle.graph.types.TimeoutPolicy;
import dev.heddle.tree.Codec;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function that an {@link Entrypoint}, a node or another task calls, and whose result is stored: when the caller runs
 * again, after an interrupt or a failure, calls that have finished give their results without running again.
 *
 * <pre>{@code
 * static final TaskFunction<String, Integer> COUNT =
 *         TaskFunction.of("count", Codecs.TEXT, Codecs.INT, (text, context) -> text.length()).retry(RetryPolicy.DEFAULT);
 * …
 * TaskFuture<Integer> first = COUNT.call(context, "one");   // runs beside the caller
 * TaskFuture<Integer> second = COUNT.call(context, "three");
 * int both = first.await() + second.await();
 * }</pre>
 *
 * <p>Calls of one caller are told apart by their order and names, so the code between them must do the same each time.
 * Immutable and safe to share. LangGraph: {@code @task}.
 *
 * @param <A> the type of the argument; a record or a {@link dev.heddle.tree.Tree} for several
 * @param <R> the type of the result, never null: {@code Codecs.optional} or {@code Tree.NULL} stand for nothing
 */
public final class TaskFunction<A, R> {
    private final String name;
    private final Codec<A> argument;
    private final Codec<R> result;
    private final Body<A, R> body;
    private final NodeOptions options;

    /** What a task does. */
    @FunctionalInterface
    public interface Body<A, R> {
        /**
         * Does it, on a virtual thread of its own.
         *
         * @throws Exception if it fails; thrown where the caller awaits the result
         */
        R run(A argument, NodeContext context) throws Exception;
    }

    private TaskFunction(String name, Codec<A> argument, Codec<R> result, Body<A, R> body, NodeOptions options) {
        this.name = name;
        this.argument = argument;
        this.result = result;
        this.body = body;
        this.options = options;
    }

    /**
     * A task.
     *
     * @param name shown in streams; the rules are those of nodes
     * @param argument how the argument is shown, and hashed for the cache
     * @param result how the result is kept
     * @throws dev.heddle.graph.types.GraphException.InvalidGraph if the name is bad
     */
    public static <A, R> TaskFunction<A, R> of(String name, Codec<A> argument, Codec<R> result, Body<A, R> body) {
        StateGraph.checkName("Task", name);
        return new TaskFunction<>(name, argument, result, body, NodeOptions.NONE);
    }

    /** The same, tried again by the first of these policies that matches its failure. */
    public TaskFunction<A, R> retry(RetryPolicy... policies) {
        return with(options.retry(policies));
    }

    /** The same, of which an attempt may take so long. */
    public TaskFunction<A, R> timeout(Duration run) {
        return with(options.timeout(run));
    }

    /** The same with this limit of time for an attempt. */
    public TaskFunction<A, R> timeout(TimeoutPolicy policy) {
        return with(options.timeout(policy));
    }

    /** The same, not run again for an argument that it has met, in whatever thread, while the graph's cache knows it. */
    public TaskFunction<A, R> cache(@Nullable Duration ttl) {
        return with(options.cache(new CachePolicy(null, ttl)));
    }

    /** Like {@link #cache(Duration)}, where only a part of the argument counts. */
    public TaskFunction<A, R> cache(Function<A, String> key, @Nullable Duration ttl) {
        return with(options.cache(new CachePolicy(state -> key.apply(argument.decode(state.tree())), ttl)));
    }

    private TaskFunction<A, R> with(NodeOptions options) {
        return new TaskFunction<>(name, argument, result, body, options);
    }

    /** The name that streams show. */
    public String name() {
        return name;
    }

    /**
     * Starts a call beside its caller.
     *
     * @param context what the caller was given
     */
    public TaskFuture<R> call(NodeContext context, A input) {
        NodeContext.Work<R> work = own -> body.run(input, own);
        return TaskContext.of(context).call(name, options, argument.encode(input), result, work);
    }
}
