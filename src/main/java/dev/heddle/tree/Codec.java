package dev.heddle.tree;

/**
 * Turns values of one Java type into {@link Tree}s and back, and says what shape those have.
 *
 * <p>{@code decode(encode(v))} equals {@code v} for every value. Implementations are immutable and safe to share.
 * {@link Codecs} holds the usual ones and the means to build others; nothing here uses reflection.
 *
 * @param <T> the Java type
 */
public interface Codec<T> {

    /** The tree of a value. */
    Tree encode(T value);

    /**
     * The value of a tree.
     *
     * @throws CodecException if the tree has another shape than {@link #schema()} says
     */
    T decode(Tree tree);

    /** The shape of the trees as JSON schema, for example {@code {"type":"integer"}}. */
    Tree.Fields schema();
}
