package dev.heddle.graph.state;

/**
 * What an {@link Entrypoint} gives to its caller, apart from what the next run of its thread finds. LangGraph: {@code
 * entrypoint.final}.
 *
 * @param value what the run returns
 * @param save what the next run on the same thread gets as its previous value
 */
public record Final<O, S>(O value, S save) {

    /** These two. */
    public static <O, S> Final<O, S> of(O value, S save) {
        return new Final<>(value, save);
    }
}
