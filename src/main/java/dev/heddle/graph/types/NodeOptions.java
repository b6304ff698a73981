package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a node is run. Immutable; begin with {@link #NONE}. What is not said is taken from the graph's defaults.
 *
 * <pre>{@code .node("search", search, NodeOptions.NONE.retry(RetryPolicy.DEFAULT).timeout(Duration.ofSeconds(20)))}</pre>
 *
 * @param reads all that the node may read; null for every key of the graph
 * @param retry policies, of which the first that matches a failure counts; null for the default
 * @param timeout how long an attempt may take; null for the default
 * @param cache keeps its writes; null for the default
 * @param onError what handles its failure; null for the default
 * @param deferred whether it waits until the run would otherwise end
 * @param hidden whether streams and drawings leave it out
 * @param destinations nodes to which its commands may lead, for drawing; empty when it has none
 * @param metadata what a drawing shows with it
 */
public record NodeOptions(
        @Nullable List<Key<?>> reads,
        @Nullable List<RetryPolicy> retry,
        @Nullable TimeoutPolicy timeout,
        @Nullable CachePolicy cache,
        @Nullable ErrorHandler onError,
        boolean deferred,
        boolean hidden,
        List<String> destinations,
        Tree.Fields metadata) {
    /** Nothing special. */
    public static final NodeOptions NONE =
            new NodeOptions(null, null, null, null, null, false, false, List.of(), Tree.EMPTY);

    public NodeOptions {
        reads = reads == null ? null : List.copyOf(reads);
        retry = retry == null ? null : List.copyOf(retry);
        destinations = List.copyOf(destinations);
    }

    /** The node reads these keys and no others. A key that the graph does not know yet becomes a private one. */
    public NodeOptions reads(Key<?>... keys) {
        return new NodeOptions(List.of(keys), retry, timeout, cache, onError, deferred, hidden, destinations, metadata);
    }

    /** The node is tried again by the first of these policies that matches its failure. */
    public NodeOptions retry(RetryPolicy... policies) {
        return new NodeOptions(
                reads, List.of(policies), timeout, cache, onError, deferred, hidden, destinations, metadata);
    }

    /** An attempt may take so long. */
    public NodeOptions timeout(Duration run) {
        return timeout(TimeoutPolicy.of(run));
    }

    /** An attempt may take so long. */
    public NodeOptions timeout(TimeoutPolicy policy) {
        return new NodeOptions(reads, retry, policy, cache, onError, deferred, hidden, destinations, metadata);
    }

    /** What the node wrote is kept for the same input. */
    public NodeOptions cache(CachePolicy policy) {
        return new NodeOptions(reads, retry, timeout, policy, onError, deferred, hidden, destinations, metadata);
    }

    /** This handles the failure of the node. */
    public NodeOptions onError(ErrorHandler handler) {
        return new NodeOptions(reads, retry, timeout, cache, handler, deferred, hidden, destinations, metadata);
    }

    /** The node waits until the run would otherwise end. */
    public NodeOptions defer() {
        return new NodeOptions(reads, retry, timeout, cache, onError, true, hidden, destinations, metadata);
    }

    /** Streams and drawings leave the node out. */
    public NodeOptions hide() {
        return new NodeOptions(reads, retry, timeout, cache, onError, deferred, true, destinations, metadata);
    }

    /** The node's commands may lead to these nodes. */
    public NodeOptions destinations(String... nodes) {
        return new NodeOptions(reads, retry, timeout, cache, onError, deferred, hidden, List.of(nodes), metadata);
    }

    /** A drawing shows this with the node. */
    public NodeOptions metadata(Tree.Fields metadata) {
        return new NodeOptions(reads, retry, timeout, cache, onError, deferred, hidden, destinations, metadata);
    }

    /** These, with what they leave open taken from {@code defaults}: retry, timeout, cache and error handler. */
    public NodeOptions orElse(NodeOptions defaults) {
        return new NodeOptions(
                reads,
                retry == null ? defaults.retry : retry,
                timeout == null ? defaults.timeout : timeout,
                cache == null ? defaults.cache : cache,
                onError == null ? defaults.onError : onError,
                deferred,
                hidden,
                destinations,
                metadata);
    }
}
