package dev.heddle.graph.pregel;

import dev.heddle.graph.types.ChannelKind;
import dev.heddle.graph.types.CheckpointMetadata;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts, for each delta channel, the supersteps since its value was last stored whole: those that wrote to it, and all.
 * Kept in the metadata of checkpoints as {@code {"__delta": {channel: [writing, all]}}}.
 */
final class DeltaCounters {
    private final PregelGraph graph;
    private final Map<Integer, long[]> counts = new TreeMap<>();

    DeltaCounters(PregelGraph graph) {
        this.graph = graph;
        for (int channel : graph.deltas()) {
            counts.put(channel, new long[2]);
        }
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    void restore(CheckpointMetadata metadata) {
        if (counts.isEmpty() || !(metadata.extra().get(Reserved.COUNTERS) instanceof Tree.Fields stored)) {
            return;
        }
        counts.forEach((channel, count) -> {
            if (stored.get(graph.channel(channel).name()) instanceof Tree.Items(List<Tree> numbers)) {
                count[0] = Codecs.LONG.decode(numbers.get(0));
                count[1] = Codecs.LONG.decode(numbers.get(1));
            }
        });
    }

    /** A superstep has changed these channels. */
    void count(BitSet changed) {
        counts.forEach((channel, count) -> {
            count[0] += changed.get(channel) ? 1 : 0;
            count[1]++;
        });
    }

    /** Whether it is time to store the value whole. */
    boolean full(int channel) {
        long[] count = counts.get(channel);
        return count != null
                && graph.channel(channel).kind() instanceof ChannelKind.Delta<?> kind
                && (count[0] >= kind.snapshotEvery() || count[1] >= ChannelKind.Delta.MOST_SUPERSTEPS);
    }

    /** The value is stored whole. */
    void wrote(int channel) {
        long[] count = counts.get(channel);
        if (count != null) {
            count[0] = 0;
            count[1] = 0;
        }
    }

    void tell(Map<String, Tree> extra) {
        Map<String, Tree> told = new LinkedHashMap<>();
        counts.forEach((channel, count) -> {
            if (count[0] > 0 || count[1] > 0) {
                told.put(graph.channel(channel).name(), Tree.of(List.of(Tree.of(count[0]), Tree.of(count[1]))));
            }
        });
        if (!told.isEmpty()) {
            extra.put(Reserved.COUNTERS, new Tree.Fields(told));
        }
    }
}
