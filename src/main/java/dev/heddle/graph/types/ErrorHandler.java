package dev.heddle.graph.types;

import org.jspecify.annotations.Nullable;

/**
 * Takes the place of a node that has failed for good: what it returns is written, and where its {@link Command} says is
 * where the run goes on. The node's own edges do not fire.
 */
@FunctionalInterface
public interface ErrorHandler {

    /**
     * Handles a failure.
     *
     * @param state what the node had read
     * @throws Exception if it cannot be handled; the run fails. After a crash only the handler runs again
     */
    NodeResult handle(State state, NodeError error, NodeContext context) throws Exception;

    /**
     * What went wrong.
     *
     * @param node the node that failed
     * @param message the failure in words; all that is left of it after a crash
     * @param cause the failure itself; null after a crash
     */
    record NodeError(String node, String message, @Nullable Throwable cause) {}
}
