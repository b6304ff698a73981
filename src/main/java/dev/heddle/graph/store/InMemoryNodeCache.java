package dev.heddle.graph.store;

import dev.heddle.graph.types.NodeCache;
import dev.heddle.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what nodes wrote in this process, up to a number of entries; then it forgets what was longest not asked for. Safe
 * for concurrent use.
 */
public final class InMemoryNodeCache implements NodeCache {
    /** More than this is without end: no process lives that long, and dates do not reach much further. */
    private static final Duration LONGEST = Duration.ofDays(365_000);

    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Place, Kept> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final InstantSource clock;
    private final int maxEntries;

    /**
     * An empty cache.
     *
     * @param maxEntries most entries of all nodes together, at least 1
     */
    public InMemoryNodeCache(InstantSource clock, int maxEntries) {
        if (maxEntries < 1) {
            throw new IllegalArgumentException("Node cache: bad bound, expected at least 1 entry, got " + maxEntries
                    + ". Leave the cache away for none.");
        }
        this.clock = clock;
        this.maxEntries = maxEntries;
    }

    @Override
    public Optional<Tree> get(String node, String key) {
        Place place = new Place(node, key);
        lock.lock();
        try {
            Kept kept = entries.get(place);
            if (kept == null) {
                return Optional.empty();
            }
            if (kept.expires() != null && !clock.instant().isBefore(kept.expires())) {
                entries.remove(place);
                return Optional.empty();
            }
            return Optional.of(kept.writes());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void put(String node, String key, Tree writes, @Nullable Duration timeToLive) {
        Instant expires = expires(timeToLive);
        lock.lock();
        try {
            entries.put(new Place(node, key), new Kept(writes, expires));
            if (entries.size() > maxEntries) {
                Map.Entry<Place, Kept> oldest = entries.firstEntry();
                entries.remove(oldest.getKey());
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void clear(String node) {
        lock.lock();
        try {
            entries.keySet().removeIf(place -> place.node().equals(node));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void clear() {
        lock.lock();
        try {
            entries.clear();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Instant expires(@Nullable Duration timeToLive) {
        if (timeToLive == null || timeToLive.compareTo(LONGEST) > 0) {
            return null;
        }
        if (!timeToLive.isPositive()) {
            throw new IllegalArgumentException("Node cache: bad time to live, expected above 0, got " + timeToLive
                    + ". Do not cache what must not be kept.");
        }
        return clock.instant().plus(timeToLive);
    }

    private record Place(String node, String key) {}

    private record Kept(Tree writes, @Nullable Instant expires) {}
}
