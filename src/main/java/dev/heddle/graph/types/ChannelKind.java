package dev.heddle.graph.types;

import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a key keeps what is written to it: the description from which {@code graph.channel} makes a channel.
 *
 * @param <T> the Java type of the value
 */
public sealed interface ChannelKind<T> {

    /** One value; two writes in one superstep are an error. It stays until it is written again. */
    record LastValue<T>() implements ChannelKind<T> {}

    /**
     * Folds what is written into what is there, in the order of the writes.
     *
     * @param zero the value before the first write; null when there is none, then the first write is kept as it is
     * @param reducer (what is there, what is written) -> what is there now; pure
     */
    record Reduced<T>(@Nullable T zero, BinaryOperator<T> reducer) implements ChannelKind<T> {}

    /**
     * A value for the next superstep only.
     *
     * @param guarded whether two writes in one superstep are an error; otherwise the last one wins
     */
    record Ephemeral<T>(boolean guarded) implements ChannelKind<T> {}
}
