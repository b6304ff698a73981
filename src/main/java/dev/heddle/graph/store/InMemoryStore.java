package dev.heddle.graph.store;

import dev.heddle.graph.types.NamespaceQuery;
import dev.heddle.graph.types.PutOptions;
import dev.heddle.graph.types.SearchQuery;
import dev.heddle.graph.types.Store;
import dev.heddle.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps long-term memory in this process, sorted by namespace: a search looks only at what is below its prefix. Safe for
 * concurrent use.
 */
public final class InMemoryStore implements Store {
    /** Items that a write looks at in passing: what expires unread is gone after half as many writes as there are items. */
    private static final int LOOKS_PER_WRITE = 2;

    private final ConcurrentNavigableMap<Place, Kept> items = new ConcurrentSkipListMap<>();
    private final InstantSource clock;
    private final StoreSettings settings;
    private volatile Place swept = Place.first(List.of());

    /** An empty store that keeps everything and has no search by text. */
    public InMemoryStore(InstantSource clock) {
        this(clock, StoreSettings.DEFAULT);
    }

    /** An empty store. */
    public InMemoryStore(InstantSource clock, StoreSettings settings) {
        this.clock = clock;
        this.settings = settings;
    }

    @Override
    public Optional<Item> get(List<String> namespace, String key) {
        return get(namespace, key, settings.refreshOnRead());
    }

    @Override
    public Optional<Item> get(List<String> namespace, String key, boolean refresh) {
        Place place = place(namespace, key);
        Instant now = clock.instant();
        Kept kept = items.get(place);
        if (kept == null || !kept.isAlive(now)) {
            return Optional.empty();
        }
        if (refresh) {
            refresh(place, now);
        }
        return Optional.of(kept.item());
    }

    @Override
    public void put(List<String> namespace, String key, Tree.Fields value, PutOptions options) {
        Place place = place(namespace, key);
        List<float[]> vectors = Vectors.of(value, options, settings);
        Duration timeToLive = settings.timeToLive(options);
        Instant now = clock.instant();
        items.compute(place, (where, old) -> {
            Instant created = old != null && old.isAlive(now) ? old.item().createdAt() : now;
            return Kept.of(new Item(where.namespace(), key, value, created, now), vectors, timeToLive, now);
        });
        sweep(now);
    }

    @Override
    public void delete(List<String> namespace, String key) {
        items.remove(place(namespace, key));
    }

    @Override
    public List<Item> search(SearchQuery query) {
        Selection selection = Selection.of(query, settings);
        Instant now = clock.instant();
        for (Map.Entry<Place, Kept> entry :
                items.tailMap(Place.first(query.prefix())).entrySet()) {
            if (!StoreRules.isBelow(entry.getKey().namespace(), query.prefix())) {
                break;
            }
            Kept kept = entry.getValue();
            if (kept.isAlive(now) && !selection.offer(kept.item(), kept::vectors)) {
                break;
            }
        }
        List<Item> page = selection.page();
        if (settings.refreshes(query.refresh())) {
            page.forEach(item -> refresh(new Place(item.namespace(), item.key()), now));
        }
        return page;
    }

    @Override
    public List<List<String>> listNamespaces(NamespaceQuery query) {
        StoreRules.requireLabels(query.prefix());
        StoreRules.requireLabels(query.suffix());
        List<String> prefix = StoreRules.knownPrefix(query);
        Instant now = clock.instant();
        long wanted = (long) query.offset() + query.limit();
        List<List<String>> found = new ArrayList<>();
        Map.Entry<Place, Kept> next = items.ceilingEntry(Place.first(prefix));
        while (next != null && found.size() < wanted) {
            List<String> namespace = next.getKey().namespace();
            if (!StoreRules.isBelow(namespace, prefix)) {
                break;
            }
            if (!StoreRules.lists(query, namespace)) {
                next = items.ceilingEntry(Place.afterItemsOf(namespace));
            } else if (!next.getValue().isAlive(now)) {
                next = items.higherEntry(next.getKey());
            } else {
                List<String> shown = StoreRules.cut(query, namespace);
                found.add(shown);
                next = items.ceilingEntry(
                        shown.size() == query.depth() ? Place.afterAllBelow(shown) : Place.afterItemsOf(shown));
            }
        }
        return found.stream().skip(query.offset()).toList();
    }

    private void refresh(Place place, Instant now) {
        items.computeIfPresent(place, (where, kept) -> kept.isAlive(now) ? kept.refreshed(now) : kept);
    }

    /** Drops what nobody will read again, a little with each write, so that no worker is needed for it. */
    private void sweep(Instant now) {
        Map.Entry<Place, Kept> next = items.higherEntry(swept);
        for (int looks = 1; next != null; looks++) {
            if (!next.getValue().isAlive(now)) {
                items.remove(next.getKey(), next.getValue());
            }
            if (looks == LOOKS_PER_WRITE) {
                break;
            }
            next = items.higherEntry(next.getKey());
        }
        swept = next == null ? Place.first(List.of()) : next.getKey();
    }

    /** Items in memory, those that have expired and were not dropped yet included. */
    int size() {
        return items.size();
    }

    private static Place place(List<String> namespace, String key) {
        StoreRules.requireNamespace(namespace);
        return new Place(List.copyOf(namespace), key);
    }

    /** Where an item is; in the order of {@link StoreRules#ORDER}. */
    private record Place(List<String> namespace, String key) implements Comparable<Place> {
        /** Before everything in and below {@code namespace}, after everything else that sorts before it. */
        static Place first(List<String> namespace) {
            return new Place(namespace, "");
        }

        /** After the items of {@code namespace} itself, before those below: no label is empty. */
        static Place afterItemsOf(List<String> namespace) {
            List<String> below = new ArrayList<>(namespace);
            below.add("");
            return first(below);
        }

        /** After everything in and below {@code namespace}: no text lies between one and the same with U+0000. */
        static Place afterAllBelow(List<String> namespace) {
            List<String> after = new ArrayList<>(namespace);
            after.addLast(after.removeLast() + '\0');
            return first(after);
        }

        @Override
        public int compareTo(Place other) {
            int order = StoreRules.compareNamespaces(namespace, other.namespace);
            return order != 0 ? order : StoreRules.compareTexts(key, other.key);
        }
    }

    /** An item with what makes it found and forgotten. */
    private record Kept(
            Item item,
            List<float[]> vectors,
            @Nullable Duration timeToLive,
            @Nullable Instant expires) {

        static Kept of(Item item, List<float[]> vectors, @Nullable Duration timeToLive, Instant now) {
            return new Kept(item, vectors, timeToLive, timeToLive == null ? null : now.plus(timeToLive));
        }

        boolean isAlive(Instant now) {
            return expires == null || now.isBefore(expires);
        }

        Kept refreshed(Instant now) {
            return timeToLive == null ? this : of(item, vectors, timeToLive, now);
        }
    }
}
