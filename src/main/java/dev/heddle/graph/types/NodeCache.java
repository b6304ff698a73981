package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What nodes wrote for inputs that they have met before, so that they need not run again. Implementations are safe for
 * concurrent use.
 *
 * <p>A cache may forget anything at any time. It never returns what was put under another name or key, what has expired,
 * or what was cleared before the call.
 *
 * <p>Source: LangGraph, {@code langgraph/cache/base}.
 */
public interface NodeCache {

    /**
     * What was last put there, if it is still known.
     *
     * @param node which node of which graph, as the engine spells it; any text
     * @param key what the input comes to, for example a hash; any text
     */
    Optional<Tree> get(String node, String key);

    /**
     * Remembers; a later call wins.
     *
     * @param writes what the node wrote, as the engine encodes it
     * @param timeToLive from now, above 0; null without end
     * @throws IllegalArgumentException if the time to live is not above 0
     */
    void put(String node, String key, Tree writes, @Nullable Duration timeToLive);

    /** Forgets everything of one node. */
    void clear(String node);

    /** Forgets everything. */
    void clear();
}
