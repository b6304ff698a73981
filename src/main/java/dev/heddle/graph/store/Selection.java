package dev.heddle.graph.store;

import dev.heddle.graph.types.SearchQuery;
import dev.heddle.graph.types.Store;
import dev.heddle.graph.types.StoreException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Picks the answer to a search from items that a store offers in {@link StoreRules#ORDER}, all of them below the prefix.
 * Not safe for concurrent use.
 */
public final class Selection {
    private final SearchQuery query;
    private final float @Nullable [] vector;
    private final List<Store.Item> found = new ArrayList<>();
    private final List<Store.Item> unscored = new ArrayList<>();
    private long left;

    private Selection(SearchQuery query, float @Nullable [] vector) {
        this.query = query;
        this.vector = vector;
        this.left = (long) query.offset() + query.limit();
    }

    /**
     * For this query; its text is embedded now.
     *
     * @throws StoreException.InvalidNamespace if the prefix has an empty label or one with a dot
     * @throws StoreException.NoEmbedding if there is a text and no embedding
     */
    public static Selection of(SearchQuery query, StoreSettings settings) {
        StoreRules.requireLabels(query.prefix());
        String text = query.text();
        return new Selection(query, text == null ? null : Vectors.of(text, settings));
    }

    /**
     * Takes an item into account.
     *
     * @param vectors asked for only if they count; those of another length than the query's are ignored, because
     *     another embedding made them
     * @return whether a further item could change the answer
     */
    public boolean offer(Store.Item item, Supplier<List<float[]>> vectors) {
        if (!FilterRules.passes(query.filter(), item.value())) {
            return true;
        }
        float[] wanted = vector;
        if (wanted == null) {
            found.add(item);
            left--;
            return left > 0;
        }
        OptionalDouble score = vectors.get().stream()
                .filter(own -> own.length == wanted.length)
                .mapToDouble(own -> Vectors.cosine(wanted, own))
                .max();
        if (score.isPresent()) {
            found.add(item.scored(score.getAsDouble()));
        } else {
            unscored.add(item);
        }
        return true;
    }

    /** The answer; among equally alike ones the order of the offers is kept. */
    public List<Store.Item> page() {
        List<Store.Item> all = new ArrayList<>(found);
        if (vector != null) {
            all.sort(
                    Comparator.comparingDouble((Store.Item item) -> item.score().orElse(-1))
                            .reversed());
            all.addAll(unscored);
        }
        return all.stream().skip(query.offset()).limit(query.limit()).toList();
    }
}
