package dev.heddle.graph.pregel;

import dev.heddle.graph.channel.Channel;
import dev.heddle.graph.pregel.PregelGraph.ChannelSpec;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.State;
import dev.heddle.tree.Tree;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The channels of one run with their versions. Only the worker that drives the run changes it, between tasks; tasks read.
 */
final class Values implements State {
    final PregelGraph graph;
    final Channel<?>[] channels;
    /** Version of each channel; 0 for never written. */
    final long[] versions;
    /** For each node the version of its trigger that it saw last. */
    final long[] seen;
    /** Channels that changed since the last checkpoint was stored. */
    final BitSet dirty = new BitSet();
    /** Channels that the last superstep changed and left non-empty. */
    final BitSet updated = new BitSet();
    /** Non-empty channels that forget when a superstep passes. */
    final BitSet fading = new BitSet();

    private long maxVersion;

    Values(PregelGraph graph) {
        this.graph = graph;
        List<ChannelSpec<?>> specs = graph.channels();
        channels = new Channel<?>[specs.size()];
        Arrays.setAll(channels, i -> specs.get(i).create());
        versions = new long[channels.length];
        seen = new long[graph.nodes().size()];
    }

    @Override
    public <T> Optional<T> find(Key<T> key) {
        return channel(key).get();
    }

    @SuppressWarnings("unchecked") // channelOf has checked that this channel was made for this very key
    <T> Channel<T> channel(Key<T> key) {
        return (Channel<T>) channels[graph.channelOf(key)];
    }

    /** The version that the changes of one superstep get. */
    long nextVersion() {
        return maxVersion + 1;
    }

    void changed(int channel, long version) {
        versions[channel] = version;
        maxVersion = Math.max(maxVersion, version);
        dirty.set(channel);
        boolean present = !channels[channel].empty();
        updated.set(channel, present);
        fading.set(channel, present && channels[channel].forgetful());
    }

    /** Takes a channel as a checkpoint holds it. */
    void restore(int channel, long version, Optional<Tree> value) {
        versions[channel] = version;
        maxVersion = Math.max(maxVersion, version);
        value.ifPresent(channels[channel]::restore);
        fading.set(channel, !channels[channel].empty() && channels[channel].forgetful());
    }

    /** The declared keys that hold something, in the order of their declaration. */
    Tree.Fields keys() {
        Map<String, Tree> fields = new LinkedHashMap<>();
        for (Key<?> key : graph.keys()) {
            Tree value = channels[graph.channelOf(key)].checkpoint();
            if (value != null) {
                fields.put(key.name(), value);
            }
        }
        return new Tree.Fields(fields);
    }
}
