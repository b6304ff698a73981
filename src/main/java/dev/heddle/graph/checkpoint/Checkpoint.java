package dev.heddle.graph.checkpoint;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The state of a thread between two supersteps, without the channels' values.
 *
 * @param id strictly increasing along a thread, also as text: a time-ordered UUID
 * @param createdAt when it was made, by the clock of the process that made it
 * @param channelVersions channel -> its version; rises with each change, never 0 once written
 * @param versionsSeen node -> channel -> the version that the node saw when it last ran
 * @param updatedChannels the channels that the last superstep changed and left non-empty
 */
public record Checkpoint(
        String id,
        Instant createdAt,
        SortedMap<String, Long> channelVersions,
        SortedMap<String, SortedMap<String, Long>> versionsSeen,
        SortedSet<String> updatedChannels) {

    public Checkpoint {
        channelVersions = Collections.unmodifiableSortedMap(new TreeMap<>(channelVersions));
        SortedMap<String, SortedMap<String, Long>> seen = new TreeMap<>();
        versionsSeen.forEach(
                (node, versions) -> seen.put(node, Collections.unmodifiableSortedMap(new TreeMap<>(versions))));
        versionsSeen = Collections.unmodifiableSortedMap(seen);
        updatedChannels = Collections.unmodifiableSortedSet(new TreeSet<>(updatedChannels));
    }
}
