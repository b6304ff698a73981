package dev.heddle.graph.store;

import dev.heddle.graph.types.Embedding;
import dev.heddle.graph.types.PutOptions;
import dev.heddle.graph.types.StoreException;
import dev.heddle.tree.Tree;
import java.util.List;

/** Vectors of items and queries, and how alike two of them are. */
public final class Vectors {
    private Vectors() {}

    /**
     * The vectors of a value that is about to be written: one for each different text that its paths lead to, from one
     * call of the embedding; none without an embedding.
     *
     * @throws StoreException.InvalidItem if a path makes no sense, with an embedding or without
     * @throws StoreException.BadEmbedding if the embedding does not keep its promises
     */
    public static List<float[]> of(Tree.Fields value, PutOptions options, StoreSettings settings) {
        List<String> paths = options.index() == null ? settings.index() : options.index();
        List<IndexPath> parsed = paths.stream().map(IndexPath::of).toList();
        Embedding embedding = settings.embedding();
        if (embedding == null) {
            return List.of();
        }
        List<String> texts = parsed.stream()
                .flatMap(path -> path.textsIn(value).stream())
                .distinct()
                .toList();
        return texts.isEmpty() ? List.of() : embed(embedding, texts);
    }

    /**
     * The vector of a query.
     *
     * @throws StoreException.NoEmbedding if there is no embedding
     * @throws StoreException.BadEmbedding if the embedding does not keep its promises
     */
    static float[] of(String query, StoreSettings settings) {
        Embedding embedding = settings.embedding();
        if (embedding == null) {
            throw new StoreException.NoEmbedding();
        }
        return query.isBlank()
                ? new float[embedding.dimensions()]
                : embed(embedding, List.of(query)).getFirst();
    }

    private static List<float[]> embed(Embedding embedding, List<String> texts) {
        float[][] vectors = embedding.embed(texts);
        if (vectors.length != texts.size()) {
            throw new StoreException.BadEmbedding(
                    "bad number of vectors, expected " + texts.size() + ", got " + vectors.length);
        }
        for (float[] vector : vectors) {
            if (vector.length != embedding.dimensions()) {
                throw new StoreException.BadEmbedding(
                        "bad vector, expected " + embedding.dimensions() + " numbers, got " + vector.length);
            }
            for (float number : vector) {
                if (!Float.isFinite(number)) {
                    throw new StoreException.BadEmbedding("bad vector, expected finite numbers, got " + number);
                }
            }
        }
        return List.of(vectors);
    }

    /** Cosine of the angle between two vectors of the same length, -1 to 1; 0 if one of them is all zero. */
    static double cosine(float[] left, float[] right) {
        double product = 0;
        double leftSquare = 0;
        double rightSquare = 0;
        for (int i = 0; i < left.length; i++) {
            product += (double) left[i] * right[i];
            leftSquare += (double) left[i] * left[i];
            rightSquare += (double) right[i] * right[i];
        }
        double lengths = Math.sqrt(leftSquare) * Math.sqrt(rightSquare);
        return lengths == 0 ? 0 : Math.clamp(product / lengths, -1.0, 1.0);
    }
}
