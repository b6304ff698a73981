package dev.heddle.graph.store;

import dev.heddle.graph.types.Embedding;
import dev.heddle.graph.types.PutOptions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a store treats items for which nothing else is said.
 *
 * @param embedding makes a search by text possible; null for none, which ignores what items say about their index
 * @param index paths that are embedded, see {@link PutOptions#indexing}
 * @param timeToLive how long an item lives after its last write or refreshing read; {@link PutOptions#FOREVER} without
 *     end
 * @param refreshOnRead whether reading an item makes it live on as if written now
 */
public record StoreSettings(
        @Nullable Embedding embedding, List<String> index, Duration timeToLive, boolean refreshOnRead) {
    /** No search by text, nothing expires unless it says so, and then reading refreshes it. */
    public static final StoreSettings DEFAULT = new StoreSettings(null, List.of("$"), PutOptions.FOREVER, true);

    /**
     * Checks paths and time to live.
     *
     * @throws dev.heddle.graph.types.StoreException.InvalidItem if one of them makes no sense
     */
    public StoreSettings {
        index = List.copyOf(index);
        index.forEach(IndexPath::of);
        PutOptions.requireTimeToLive(timeToLive);
    }

    /** The same with search by text: the whole value is embedded unless an item says otherwise. */
    public StoreSettings withEmbedding(Embedding embedding) {
        return new StoreSettings(embedding, index, timeToLive, refreshOnRead);
    }

    /** The same, with these paths embedded unless an item says otherwise. */
    public StoreSettings indexing(String... paths) {
        return new StoreSettings(embedding, List.of(paths), timeToLive, refreshOnRead);
    }

    /** The same, with so long a life for items that name none. */
    public StoreSettings lasting(Duration timeToLive) {
        return new StoreSettings(embedding, index, timeToLive, refreshOnRead);
    }

    /** The same, with or without a longer life by reading. */
    public StoreSettings refreshOnRead(boolean refresh) {
        return new StoreSettings(embedding, index, timeToLive, refresh);
    }

    /** How long an item with these options lives; null without end. */
    public @Nullable Duration timeToLive(PutOptions options) {
        Duration wanted = options.timeToLive() == null ? timeToLive : options.timeToLive();
        return wanted.equals(PutOptions.FOREVER) ? null : wanted;
    }

    /** Whether this reading makes items live on; null as it is set. */
    public boolean refreshes(@Nullable Boolean wanted) {
        return wanted == null ? refreshOnRead : wanted;
    }
}
