package dev.heddle.graph.types;

import dev.heddle.tree.Codec;
import dev.heddle.tree.Codecs;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A named, typed place in a graph's state, with everything the engine needs to know of it in one declaration: how writes
 * combine ({@link ChannelKind}), how values are kept ({@link Codec}) and what shape they have (its JSON schema).
 *
 * <pre>{@code
 * static final Key<Integer> TRIES = Key.lastValue("tries", Codecs.INT);
 * static final Key<BigDecimal> COST = Key.reduced("cost", Codecs.DECIMAL, BigDecimal.ZERO, BigDecimal::add);
 * }</pre>
 *
 * <p>Immutable. A key is meant to be a constant: reads and writes go by the object, so that a value always has the type
 * under which it was declared.
 *
 * @param <T> the Java type of the value; its values must be immutable
 */
public final class Key<T> {
    private final String name;
    private final Codec<T> codec;
    private final ChannelKind<T> kind;
    private final UnaryOperator<T> onWrite;
    private final @Nullable Function<T, List<MessageView>> messages;

    private Key(
            String name,
            Codec<T> codec,
            ChannelKind<T> kind,
            UnaryOperator<T> onWrite,
            @Nullable Function<T, List<MessageView>> messages) {
        this.name = name;
        this.codec = codec;
        this.kind = kind;
        this.onWrite = onWrite;
        this.messages = messages;
    }

    /** A key that keeps the last value; two writes in one superstep are an error. */
    public static <T> Key<T> lastValue(String name, Codec<T> codec) {
        return of(name, codec, new ChannelKind.LastValue<>());
    }

    /** A key that folds every write into its value, beginning with {@code zero}. */
    public static <T> Key<T> reduced(String name, Codec<T> codec, T zero, BinaryOperator<T> reducer) {
        return of(name, codec, new ChannelKind.Reduced<>(zero, reducer));
    }

    /** A key whose value lasts for the next superstep only; two writes in one superstep are an error. */
    public static <T> Key<T> ephemeral(String name, Codec<T> codec) {
        return of(name, codec, new ChannelKind.Ephemeral<>(true));
    }

    /** A key for the running process only: its value is never stored. */
    public static <T> Key<T> untracked(String name, Codec<T> codec) {
        return of(name, codec, new ChannelKind.Untracked<>(true));
    }

    /** A key that holds the elements of all lists that the last superstep wrote to it, one after the other. */
    public static <E> Key<List<E>> topic(String name, Codec<E> element) {
        return of(name, Codecs.list(element), new ChannelKind.Topic<E>(false, false));
    }

    /** A key that keeps the elements of all lists that were ever written to it; {@code distinct} keeps each once. */
    public static <E> Key<List<E>> collected(String name, Codec<E> element, boolean distinct) {
        return of(name, Codecs.list(element), new ChannelKind.Topic<E>(true, distinct));
    }

    /**
     * Like {@link #reduced}, for values that grow: checkpoints hold what was written instead of the value.
     *
     * @param reducer (value, writes in their order) -> value; the same whether writes come at once or one by one
     */
    public static <T> Key<T> delta(String name, Codec<T> codec, T zero, BiFunction<T, List<T>, T> reducer) {
        return of(name, codec, new ChannelKind.Delta<>(zero, reducer, ChannelKind.Delta.DEFAULT_SNAPSHOT_EVERY));
    }

    /** A key of any kind. */
    public static <T> Key<T> of(String name, Codec<T> codec, ChannelKind<T> kind) {
        return new Key<>(name, codec, kind, UnaryOperator.identity(), null);
    }

    /**
     * The same key, with a hand laid on each value at the moment a task writes it and before it is stored: where ids are
     * given that must be the same after a crash.
     */
    public Key<T> onWrite(UnaryOperator<T> onWrite) {
        return new Key<>(name, codec, kind, onWrite, messages);
    }

    /** The same key, whose values hold messages that the {@code messages} stream mode shall show. */
    public Key<T> showingMessages(Function<T, List<MessageView>> messages) {
        return new Key<>(name, codec, kind, onWrite, messages);
    }

    /** Unique within a graph. */
    public String name() {
        return name;
    }

    /** How values are kept. */
    public Codec<T> codec() {
        return codec;
    }

    /** How writes combine. */
    public ChannelKind<T> kind() {
        return kind;
    }

    /** The value as a task's write keeps it; see {@link #onWrite(UnaryOperator)}. */
    public T prepared(T value) {
        return onWrite.apply(value);
    }

    /** The messages in a value; empty when this key shows none. */
    public List<MessageView> messagesIn(T value) {
        return messages == null ? List.of() : messages.apply(value);
    }

    @Override
    public String toString() {
        return "Key[" + name + "]";
    }
}
