package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a key keeps what is written to it: the description from which {@code graph.channel} makes a channel.
 *
 * @param <T> the Java type of the value
 */
public sealed interface ChannelKind<T> {

    /** One value; two writes in one superstep are an error, even equal ones. It stays until it is written again. */
    record LastValue<T>() implements ChannelKind<T> {}

    /**
     * The last of the values written, readable only once the run would otherwise end; whoever it triggers uses it up.
     */
    record LastValueAfterFinish<T>() implements ChannelKind<T> {}

    /** The last of the values written, for one superstep: a superstep without a write empties it. */
    record AnyValue<T>() implements ChannelKind<T> {}

    /**
     * Folds what is written into what is there, in the order of the writes. LangGraph: {@code BinaryOperatorAggregate}.
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

    /**
     * A value of the running process only: never in a checkpoint, a pending write or a stored {@link Send}.
     *
     * @param guarded whether two writes in one superstep are an error; otherwise the last one wins
     */
    record Untracked<T>(boolean guarded) implements ChannelKind<T> {}

    /**
     * The elements of all lists that were written, one after the other.
     *
     * @param accumulating whether they stay; otherwise each superstep begins with none
     * @param distinct whether an element that is there already is dropped
     */
    record Topic<E>(boolean accumulating, boolean distinct) implements ChannelKind<List<E>> {}

    /**
     * Waits until each of the names was written, then holds null for whoever waits, which uses it up.
     *
     * @param names what must be written, as texts
     * @param afterFinish whether it also waits until the run would otherwise end
     */
    record NamedBarrier(Set<String> names, boolean afterFinish) implements ChannelKind<Tree> {
        public NamedBarrier {
            names = Collections.unmodifiableSet(new TreeSet<>(names));
        }
    }

    /**
     * Like {@link Reduced}, for values that grow: a checkpoint holds only what was written, and the value itself now and
     * then. LangGraph: {@code DeltaChannel}.
     *
     * @param zero the value before the first write
     * @param reducer (what is there, all writes of one or several supersteps) -> what is there now; pure, and the same
     *     whether the writes come at once or one after the other
     * @param snapshotEvery the value is stored after so many supersteps that wrote to it, at least 1
     */
    record Delta<T>(T zero, BiFunction<T, List<T>, T> reducer, int snapshotEvery) implements ChannelKind<T> {
        /** LangGraph's {@code snapshot_frequency}. */
        public static final int DEFAULT_SNAPSHOT_EVERY = 1_000;

        /** The value is stored after so many supersteps even when few of them wrote to it. */
        public static final int MOST_SUPERSTEPS = 5_000;

        public Delta {
            if (snapshotEvery < 1) {
                throw new GraphException.InvalidGraph("Channel kind Delta: bad snapshotEvery, expected at least 1, got "
                        + snapshotEvery + ". Use Delta.DEFAULT_SNAPSHOT_EVERY.");
            }
        }
    }
}
