package dev.heddle.graph.pregel;

import dev.heddle.graph.types.RunConfig;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all graphs of one run share, from the root to the deepest subgraph.
 *
 * @param services what it needs from outside
 * @param control ends it from outside
 * @param outlet where events go
 * @param answers what it was resumed with
 * @param storage stores, when its durability says
 * @param replay how subgraphs begin when the run goes back
 * @param ids makes checkpoint ids that rise over all its graphs
 */
record Run(
        RunConfig config,
        Services services,
        Control control,
        Events.Outlet outlet,
        Answers answers,
        Storage storage,
        Replay replay,
        RisingIds ids) {

    /** Names the run: by its id, or when it has none by one that nobody else has. */
    String name() {
        return config.runId().isEmpty() ? ids.nonce() : config.runId();
    }

    /** Checkpoint ids that rise over all graphs of a run, so that ids tell which of two checkpoints is older. */
    static final class RisingIds {
        private final CheckpointIds ids;
        private String last = "";
        private String nonce = "";

        RisingIds(CheckpointIds ids) {
            this.ids = ids;
        }

        synchronized String nonce() {
            if (nonce.isEmpty()) {
                nonce = ids.next("");
            }
            return nonce;
        }

        /** Every id from now on is greater than this one. */
        synchronized void rise(String above) {
            last = above.compareTo(last) > 0 ? above : last;
        }

        synchronized String next(String previous) {
            last = ids.next(previous.compareTo(last) > 0 ? previous : last);
            return last;
        }
    }

    /** What subgraphs with state per thread need to know of each other: whether the run goes back, and who is at work. */
    static final class Replay {
        private volatile String before = "";
        private final Set<String> visited = ConcurrentHashMap.newKeySet();
        private final Set<String> working = ConcurrentHashMap.newKeySet();

        /** Takes a namespace for one call; false when another has it. */
        boolean claim(String namespace) {
            return working.add(namespace);
        }

        void release(String namespace) {
            working.remove(namespace);
        }

        /** The run goes back to a checkpoint; what subgraphs did after it does not count. */
        void goBack(String before) {
            this.before = before;
        }

        /**
         * The checkpoint before which a subgraph begins; empty when it goes on where it stands, as it does from its
         * second visit.
         */
        String firstVisit(String namespace) {
            return before.isEmpty() || !visited.add(namespace) ? "" : before;
        }
    }
}
