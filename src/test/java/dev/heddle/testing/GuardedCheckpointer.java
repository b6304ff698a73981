package dev.heddle.testing;

import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.types.CheckpointRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A checkpointer that fails if anything that it was given or gave is changed afterwards: by the engine, a node or the
 * storage. Each later call looks at the newest and, in turn, at older ones; {@link #verify()} looks at all. Safe for
 * concurrent use.
 */
public final class GuardedCheckpointer implements Checkpointer {
    /** What a call looks at: enough to catch most changes where they happen, and not so much that long tests crawl. */
    private static final int AT_A_CALL = 4;

    private final Checkpointer storage;
    private final List<Watched> watched = new ArrayList<>();
    private int turn;

    private record Watched(String what, Object object, long fingerprint) {
        void verify() {
            if (Fingerprint.of(object) != fingerprint) {
                throw new AssertionError("changed afterwards: " + what + ", now " + object);
            }
        }
    }

    /** Guards this one. */
    public GuardedCheckpointer(Checkpointer storage) {
        this.storage = storage;
    }

    /** Fails if anything was changed. */
    public void verify() {
        all().forEach(Watched::verify);
    }

    private synchronized List<Watched> all() {
        return List.copyOf(watched);
    }

    @Override
    public Optional<SavedCheckpoint> latest(String threadId, String namespace) {
        check();
        return given("latest", storage.latest(threadId, namespace));
    }

    @Override
    public Optional<SavedCheckpoint> get(CheckpointRef ref) {
        check();
        return given("get", storage.get(ref));
    }

    @Override
    public List<SavedCheckpoint> history(String threadId, String namespace, HistoryQuery query) {
        check();
        return given("history", storage.history(threadId, namespace, query));
    }

    @Override
    public void put(NewCheckpoint checkpoint) {
        check();
        given("put", checkpoint);
        storage.put(checkpoint);
    }

    @Override
    public void putWrites(CheckpointRef ref, String taskId, List<PendingWrite> writes) {
        check();
        given("putWrites of task " + taskId, writes);
        storage.putWrites(ref, taskId, writes);
    }

    @Override
    public void deleteThread(String threadId) {
        check();
        storage.deleteThread(threadId);
    }

    @Override
    public void copyThread(String fromThreadId, String toThreadId) {
        check();
        storage.copyThread(fromThreadId, toThreadId);
    }

    @Override
    public void pruneThread(String threadId) {
        check();
        storage.pruneThread(threadId);
    }

    @Override
    public void deleteRuns(String threadId, Set<String> runIds) {
        check();
        storage.deleteRuns(threadId, runIds);
    }

    private <T> T given(String call, T object) {
        Watched watch = new Watched(call, object, Fingerprint.of(object));
        synchronized (this) {
            watched.add(watch);
        }
        return object;
    }

    private void check() {
        List<Watched> now = new ArrayList<>();
        synchronized (this) {
            for (int i = 1; i <= Math.min(AT_A_CALL, watched.size()); i++) {
                now.add(watched.get(watched.size() - i));
                turn = (turn + 1) % watched.size();
                now.add(watched.get(turn));
            }
        }
        now.forEach(Watched::verify);
    }
}
