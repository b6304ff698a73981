package dev.heddle.graph.types;

import java.util.List;
import java.util.function.Function;

/**
 * Turns texts into vectors, so that a {@link Store} finds what is alike. Must be safe for concurrent use; it may block,
 * and what it throws reaches the caller of the store.
 */
public interface Embedding {

    /** Numbers per vector, at least 1 and always the same. */
    int dimensions();

    /**
     * One vector of {@link #dimensions()} finite numbers for each text, in the same order. The arrays are kept and must not
     * change any more.
     *
     * @param texts at least one; none is blank and none occurs twice
     */
    float[][] embed(List<String> texts);

    /** An embedding by a function. */
    static Embedding of(int dimensions, Function<List<String>, float[][]> function) {
        return new Embedding() {
            @Override
            public int dimensions() {
                return dimensions;
            }

            @Override
            public float[][] embed(List<String> texts) {
                return function.apply(texts);
            }
        };
    }
}
