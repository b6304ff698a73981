package dev.heddle.graph.checkpoint;

import dev.heddle.graph.types.CheckpointRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps checkpoints in this process, for tests and for graphs that need not survive it.
 *
 * <p>Trees are immutable, so they are shared and never copied. Each checkpoint is kept as what it changed; readers make one
 * whole now and then. So a put costs the same whatever the number of channels and the length of the thread, and a read
 * costs what the state is large, besides, once, what was changed since the last read. {@link #reopen()} gives another saver over the same memory, as a second run would have one: each
 * knows the heads that it has seen. Safe for concurrent use; threads do not wait for each other.
 */
public final class InMemoryCheckpointer implements Checkpointer {
    private final ConcurrentMap<String, Conversation> threads;
    /** Thread -> namespace -> the latest checkpoint that this saver knows; empty for none. */
    private final ConcurrentMap<String, ConcurrentMap<String, String>> seen = new ConcurrentHashMap<>();

    /** A saver over a memory of its own, empty. */
    public InMemoryCheckpointer() {
        this(new ConcurrentHashMap<>());
    }

    private InMemoryCheckpointer(ConcurrentMap<String, Conversation> threads) {
        this.threads = threads;
    }

    /** A new saver over the same memory, for another run. */
    public InMemoryCheckpointer reopen() {
        return forRun();
    }

    @Override
    public InMemoryCheckpointer forRun() {
        return new InMemoryCheckpointer(threads);
    }

    @Override
    public Optional<SavedCheckpoint> latest(String threadId, String namespace) {
        return look(threadId, namespace, "");
    }

    @Override
    public Optional<SavedCheckpoint> get(CheckpointRef ref) {
        return look(ref.threadId(), ref.namespace(), ref.checkpointId());
    }

    private Optional<SavedCheckpoint> look(String threadId, String namespace, String id) {
        Function<@Nullable Line, Optional<SavedCheckpoint>> look = line -> {
            // Under the thread's lock, so that head and content are one picture.
            heads(threadId).put(namespace, line == null ? "" : line.headId());
            Entry entry = line == null ? null : line.find(id);
            return entry == null ? Optional.empty() : Optional.of(entry.saved(threadId));
        };
        return reading(
                threadId, conversation -> look.apply(conversation == null ? null : conversation.find(namespace)));
    }

    @Override
    public List<SavedCheckpoint> history(String threadId, String namespace, HistoryQuery query) {
        return reading(threadId, conversation -> {
            Line line = conversation == null ? null : conversation.find(namespace);
            return line == null ? List.of() : line.history(threadId, query);
        });
    }

    @Override
    public void put(NewCheckpoint checkpoint) {
        CheckpointRef ref = checkpoint.ref();
        ConcurrentMap<String, String> heads = heads(ref.threadId());
        writing(ref.threadId(), conversation -> {
            String expected = heads.get(ref.namespace());
            if (expected == null) {
                expected = checkpoint.parentId() == null ? "" : checkpoint.parentId();
            }
            conversation.line(ref.namespace()).put(checkpoint, expected);
            heads.put(ref.namespace(), ref.checkpointId());
        });
    }

    @Override
    public void putWrites(CheckpointRef ref, String taskId, List<PendingWrite> writes) {
        writing(
                ref.threadId(),
                conversation -> conversation.line(ref.namespace()).putWrites(ref, taskId, writes));
    }

    @Override
    public void deleteThread(String threadId) {
        existing(threadId, conversation -> {
            conversation.delete();
            threads.remove(threadId, conversation);
        });
        seen.remove(threadId);
    }

    @Override
    public void copyThread(String fromThreadId, String toThreadId) {
        Map<String, Line> copies = reading(fromThreadId, from -> from == null ? Map.of() : from.copy());
        writing(toThreadId, to -> {
            if (!to.isEmpty()) {
                throw new CheckpointException.Conflict(toThreadId, null, null);
            }
            to.fill(copies);
        });
    }

    @Override
    public void pruneThread(String threadId) {
        existing(threadId, conversation -> conversation.all().forEach(Line::prune));
    }

    @Override
    public void deleteRuns(String threadId, Set<String> runIds) {
        existing(threadId, conversation -> conversation.all().forEach(line -> line.deleteRuns(runIds)));
        seen.remove(threadId);
    }

    private ConcurrentMap<String, String> heads(String threadId) {
        ConcurrentMap<String, String> heads = seen.get(threadId);
        return heads == null ? seen.computeIfAbsent(threadId, id -> new ConcurrentHashMap<>()) : heads;
    }

    private void writing(String threadId, Consumer<Conversation> work) {
        while (true) {
            Conversation conversation = threads.get(threadId);
            if (conversation == null) {
                conversation = threads.computeIfAbsent(threadId, id -> new Conversation());
            }
            if (isDone(conversation, work)) {
                return;
            }
        }
    }

    /** Does nothing to a thread that is not there. */
    private void existing(String threadId, Consumer<Conversation> work) {
        Conversation conversation = threads.get(threadId);
        while (conversation != null && !isDone(conversation, work)) {
            conversation = threads.get(threadId);
        }
    }

    private static boolean isDone(Conversation conversation, Consumer<Conversation> work) {
        synchronized (conversation) {
            if (conversation.isGone()) {
                return false;
            }
            work.accept(conversation);
            return true;
        }
    }

    private <T> T reading(String threadId, Function<@Nullable Conversation, T> work) {
        Conversation conversation = threads.get(threadId);
        if (conversation == null) {
            return work.apply(null);
        }
        synchronized (conversation) {
            return work.apply(conversation.isGone() ? null : conversation);
        }
    }
}
