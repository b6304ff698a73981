package dev.heddle.graph.pregel;

import dev.heddle.graph.channel.Channel;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.State;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What nodes, branches and callers see of the channels of a run. */
final class Views {
    private Views() {}

    /** What a node reads of the state. */
    static State read(Values values, NodeOptions options) {
        List<Key<?>> reads = options.reads();
        if (reads == null) {
            return values;
        }
        BitSet which = new BitSet();
        reads.forEach(key -> which.set(values.graph.channelOf(key)));
        return new Some(values, which);
    }

    /** What a caller gets when the run has ended. */
    static State output(Values values) {
        return new Some(values, values.graph.outputs());
    }

    /** Some of the keys. */
    record Some(Values values, BitSet which) implements State {
        @Override
        public <T> Optional<T> find(Key<T> key) {
            if (!which.get(values.graph.channelOf(key))) {
                throw new GraphException.UnknownKey(key.name());
            }
            return values.find(key);
        }

        @Override
        public Tree tree() {
            return values.tree(which);
        }
    }

    /** The argument of a send: what its node reads. */
    record Argument(Tree argument) implements State {
        @Override
        public <T> Optional<T> find(Key<T> key) {
            return argument instanceof Tree.Fields fields
                    ? Optional.ofNullable(fields.fields().get(key.name())).map(key.codec()::decode)
                    : Optional.empty();
        }

        @Override
        public Tree tree() {
            return argument;
        }
    }

    /**
     * The state as it would be after the superstep had one task been alone in it: what its branches read. So values that
     * fade are gone, unless the task has written them.
     */
    static final class OwnWrites implements State {
        private final Values values;
        /** Few, so they are searched. */
        private final List<Task.Write> own;
        /** Channel -> copy with the own writes; made when first read. */
        private @Nullable Map<Integer, Channel<?>> changed;

        OwnWrites(Values values, List<Task.Write> writes) {
            this.values = values;
            this.own = writes;
        }

        @Override
        @SuppressWarnings("unchecked") // the changed channel is a copy of the one made for this key
        public <T> Optional<T> find(Key<T> key) {
            return ((Channel<T>) channel(values.graph.channelOf(key))).get();
        }

        @Override
        public Tree tree() {
            Map<String, Tree> fields = new LinkedHashMap<>();
            for (int channel = 0; channel < values.channels.length; channel++) {
                Tree value = values.graph.isKey(channel) ? channel(channel).tree() : null;
                if (value != null) {
                    fields.put(values.graph.channel(channel).name(), value);
                }
            }
            return new Tree.Fields(fields);
        }

        private Channel<?> channel(int number) {
            Map<Integer, Channel<?>> known = changed;
            Channel<?> copy = known == null ? null : known.get(number);
            if (copy != null) {
                return copy;
            }
            List<Object> writes = null;
            for (Task.Write write : own) {
                if (write.channel() == number) {
                    writes = writes == null ? new ArrayList<>(2) : writes;
                    writes.add(write.value());
                }
            }
            if (writes == null && !values.fading.get(number)) {
                return values.channels[number];
            }
            copy = values.channels[number].copy();
            if (writes == null) {
                copy.pass();
            } else {
                PregelAlgorithm.update(values.graph.channel(number).name(), copy, writes);
            }
            if (known == null) {
                known = new HashMap<>(2);
                changed = known;
            }
            known.put(number, copy);
            return copy;
        }
    }
}
