package dev.heddle.graph.pregel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers the few entries of a map that is made once and kept: no table is made on the way to the small one that stays. */
final class Entries<V> {
    private @Nullable List<Map.Entry<String, V>> entries;

    /** Adds one. Its name is not yet there. */
    void add(String name, V value) {
        List<Map.Entry<String, V>> all = entries;
        if (all == null) {
            all = new ArrayList<>(4);
            entries = all;
        }
        all.add(Map.entry(name, value));
    }

    /** Takes one out; null when it is not there. */
    @Nullable
    V remove(String name) {
        List<Map.Entry<String, V>> all = entries;
        for (int i = 0; all != null && i < all.size(); i++) {
            if (all.get(i).getKey().equals(name)) {
                return all.remove(i).getValue();
            }
        }
        return null;
    }

    /** All of them, immutable. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of entries cannot be made otherwise
    Map<String, V> map() {
        List<Map.Entry<String, V>> all = entries;
        if (all == null) {
            return Map.of();
        }
        Map.Entry<String, V> first = all.getFirst();
        return all.size() == 1
                ? Map.of(first.getKey(), first.getValue())
                : Map.ofEntries((Map.Entry<String, V>[]) all.toArray(new Map.Entry[0]));
    }
}
