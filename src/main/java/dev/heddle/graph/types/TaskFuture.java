package dev.heddle.graph.types;

/**
 * A call that runs beside its caller, see {@link NodeContext#call}.
 *
 * @param <R> the type of its result
 */
public interface TaskFuture<R> {

    /**
     * Waits for the result. Asking again gives the same.
     *
     * @throws Exception what the call threw
     */
    R await() throws Exception;
}
