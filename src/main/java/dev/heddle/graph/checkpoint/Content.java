package dev.heddle.graph.checkpoint;

import dev.heddle.tree.Tree;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Everything that holds at a checkpoint, whole. Changed only by who makes it, while it is made; shared afterwards. */
final class Content {
    private final Map<String, Tree> values;
    private final Map<String, Chain> chains;
    private final Map<String, Long> versions;
    private final Map<String, Map<String, Long>> seen;
    /** The nodes whose map in {@link #seen} is not shared with another content. */
    private final Set<String> own = new HashSet<>();

    /** What holds where {@code from} does, to be changed; null for nothing. */
    Content(@Nullable Content from) {
        values = new HashMap<>(from == null ? Map.of() : from.values);
        chains = new HashMap<>(from == null ? Map.of() : from.chains);
        versions = new HashMap<>(from == null ? Map.of() : from.versions);
        seen = new HashMap<>(from == null ? Map.of() : from.seen);
    }

    /** Goes on to the next checkpoint: what was emptied, then what was stored whole, then what was appended. */
    void apply(NewCheckpoint.Changes changes) {
        for (String channel : changes.emptied()) {
            values.remove(channel);
            chains.remove(channel);
        }
        changes.values().forEach((channel, value) -> {
            values.put(channel, value);
            chains.remove(channel);
        });
        changes.appended().forEach(this::append);
        versions.putAll(changes.versions());
        changes.seen().forEach((node, more) -> {
            Map<String, Long> old = seen.get(node);
            if (old == null) {
                seen.put(node, more);
            } else {
                if (own.add(node)) {
                    old = new HashMap<>(old);
                    seen.put(node, old);
                }
                old.putAll(more);
            }
        });
    }

    private void append(String channel, List<Tree> writes) {
        if (writes.isEmpty()) {
            return;
        }
        Chain chain = chains.get(channel);
        chains.put(channel, chain == null ? Chain.after(values.remove(channel), writes) : chain.and(writes));
    }

    /** How many entries it has. */
    int size() {
        int size = values.size() + chains.size() + versions.size();
        for (Map<String, Long> channels : seen.values()) {
            size += 1 + channels.size();
        }
        return size;
    }

    /** How many entries of a {@link Content} these changes touch, and one for themselves. */
    static int size(NewCheckpoint.Changes changes) {
        int size = 1
                + changes.values().size()
                + changes.emptied().size()
                + changes.appended().size()
                + changes.versions().size();
        for (Map<String, Long> channels : changes.seen().values()) {
            size += 1 + channels.size();
        }
        return size;
    }

    /** Versions and what was seen, for readers. */
    Checkpoint checkpoint(NewCheckpoint stored) {
        TreeMap<String, TreeMap<String, Long>> sorted = new TreeMap<>();
        seen.forEach((node, channels) -> sorted.put(node, new TreeMap<>(channels)));
        return new Checkpoint(
                stored.id(),
                stored.createdAt(),
                new TreeMap<>(versions),
                new TreeMap<>(sorted),
                new TreeSet<>(stored.updated()));
    }

    Map<String, Tree> values() {
        return values;
    }

    Map<String, SavedCheckpoint.Delta> deltas() {
        Map<String, SavedCheckpoint.Delta> deltas = new HashMap<>();
        chains.forEach((channel, chain) -> deltas.put(channel, chain.delta()));
        return deltas;
    }
}
