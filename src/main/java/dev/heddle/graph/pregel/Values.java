package dev.heddle.graph.pregel;

import dev.heddle.graph.channel.Channel;
import dev.heddle.graph.channel.DeltaChannel;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.pregel.PregelGraph.ChannelSpec;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.State;
import dev.heddle.tree.Tree;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The channels of one run with their versions. Only the worker that drives the run changes it, between tasks; tasks read.
 */
final class Values implements State {
    final PregelGraph graph;
    final Channel<?>[] channels;
    /** Version of each channel; 0 for never written. */
    final long[] versions;
    /** For each slot the version of its channel that its node saw last. */
    final long[] seen;
    /** Channels that the last superstep changed and left non-empty. */
    final BitSet updated = new BitSet();
    /** Non-empty channels that forget when a superstep passes. */
    final BitSet fading = new BitSet();
    /** What has changed since the last checkpoint was stored. */
    final Changes changes = new Changes();
    /** Applies writes to these channels. */
    final PregelAlgorithm.Application application;

    /** The greatest version when the run last stopped at a node that was named for it. */
    long stopVersion;

    private long maxVersion;

    /** What the next checkpoint must tell. */
    static final class Changes {
        final BitSet channels = new BitSet();
        final BitSet slots = new BitSet();
        boolean stop;
        /** Writes to delta channels, encoded; absent where the value must be stored whole. */
        final Map<Integer, List<Tree>> appended = new HashMap<>();
        /** Delta channels whose value must be stored whole. */
        final BitSet whole = new BitSet();

        void clear() {
            channels.clear();
            slots.clear();
            stop = false;
            if (!appended.isEmpty()) {
                appended.clear();
            }
            whole.clear();
        }
    }

    Values(PregelGraph graph) {
        this.graph = graph;
        List<ChannelSpec<?>> specs = graph.channels();
        channels = new Channel<?>[specs.size()];
        Arrays.setAll(channels, i -> specs.get(i).create());
        versions = new long[channels.length];
        seen = new long[graph.slots()];
        application = new PregelAlgorithm.Application(this);
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

    /** The greatest version of all channels. */
    long maxVersion() {
        return maxVersion;
    }

    /** Whether any channel has changed since the run last stopped at a node. */
    boolean changedSinceStop() {
        return maxVersion > stopVersion;
    }

    /** What has happened so far counts as seen when it is asked where to stop. */
    void passStop() {
        stopVersion = maxVersion;
        changes.stop = true;
    }

    /** The next checkpoint tells everything, whatever its parent says. */
    void everythingChanged() {
        for (int channel = 0; channel < channels.length; channel++) {
            changes.channels.set(channel, versions[channel] > 0);
        }
        for (int slot = 0; slot < seen.length; slot++) {
            changes.slots.set(slot, seen[slot] > 0);
        }
        changes.stop = stopVersion > 0;
        changes.appended.clear();
    }

    void saw(int slot, long version) {
        if (seen[slot] != version) {
            seen[slot] = version;
            changes.slots.set(slot);
        }
    }

    void changed(int channel, long version) {
        versions[channel] = version;
        maxVersion = version;
        changes.channels.set(channel);
        boolean present = !channels[channel].empty();
        if (present) {
            updated.set(channel);
        }
        fading.set(channel, present && channels[channel].forgetful());
    }

    /** Takes the content of a checkpoint. Channels that this version of the graph does not know stay with the saver. */
    void restore(SavedCheckpoint saved) {
        saved.checkpoint().channelVersions().forEach((name, version) -> {
            int channel = graph.channelNumber(name);
            if (channel >= 0) {
                versions[channel] = version;
            }
            maxVersion = Math.max(maxVersion, version);
        });
        saved.values().forEach((name, value) -> restore(name, channel -> channel.restore(value)));
        saved.deltas()
                .forEach((name, delta) -> restore(name, channel -> {
                    if (channel instanceof DeltaChannel<?> deltas) {
                        deltas.restore(delta.base(), delta.writes());
                    }
                }));
        saved.checkpoint().updatedChannels().stream()
                .mapToInt(graph::channelNumber)
                .filter(channel -> channel >= 0)
                .forEach(updated::set);
        for (int slot = 0; slot < seen.length; slot++) {
            Map<String, Long> ofNode = saved.checkpoint()
                    .versionsSeen()
                    .get(graph.nodes().get(graph.slotNode(slot)).name());
            if (ofNode != null) {
                seen[slot] = ofNode.getOrDefault(
                        graph.channel(graph.slotChannel(slot)).name(), 0L);
            }
        }
        Map<String, Long> stops = saved.checkpoint().versionsSeen().get(Reserved.INTERRUPT);
        stopVersion = stops == null ? 0 : stops.getOrDefault(Reserved.INTERRUPT, 0L);
    }

    private void restore(String name, Consumer<Channel<?>> content) {
        int number = graph.channelNumber(name);
        if (number >= 0) {
            content.accept(channels[number]);
            fading.set(number, !channels[number].empty() && channels[number].forgetful());
        }
    }

    @Override
    public Tree.Fields tree() {
        Map<String, Tree> fields = new LinkedHashMap<>();
        for (int channel = 0; channel < channels.length; channel++) {
            if (graph.isKey(channel)) {
                show(channel, fields);
            }
        }
        return new Tree.Fields(fields);
    }

    /** The keys in {@code which} that hold something, in the order of their declaration. */
    Tree.Fields tree(BitSet which) {
        Map<String, Tree> fields = new LinkedHashMap<>();
        for (int channel = which.nextSetBit(0); channel >= 0; channel = which.nextSetBit(channel + 1)) {
            show(channel, fields);
        }
        return new Tree.Fields(fields);
    }

    private void show(int channel, Map<String, Tree> fields) {
        Tree value = channels[channel].tree();
        if (value != null) {
            fields.put(graph.channel(channel).name(), value);
        }
    }
}
