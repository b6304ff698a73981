package dev.heddle.graph.checkpoint;

import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps checkpoints in this process, for tests and for graphs that need not survive it.
 *
 * <p>Trees are immutable, so they are shared and never copied. {@link #reopen()} gives another saver over the same
 * memory, as a second run would have one: each knows the heads that it has seen. Safe for concurrent use.
 */
public final class InMemoryCheckpointer implements Checkpointer {
    private final ConcurrentMap<String, Conversation> threads;
    private final ConcurrentMap<Line, Optional<String>> seen = new ConcurrentHashMap<>();

    /** A saver over a memory of its own, empty. */
    public InMemoryCheckpointer() {
        this(new ConcurrentHashMap<>());
    }

    private InMemoryCheckpointer(ConcurrentMap<String, Conversation> threads) {
        this.threads = threads;
    }

    /** A new saver over the same memory, for another run. */
    public InMemoryCheckpointer reopen() {
        return new InMemoryCheckpointer(threads);
    }

    @Override
    public Optional<SavedCheckpoint> latest(String threadId, String namespace) {
        return look(threadId, namespace, conversation -> {
            String head = conversation.head(namespace);
            return head == null ? List.of() : List.of(conversation.saved(threadId, namespace, head));
        });
    }

    @Override
    public Optional<SavedCheckpoint> get(Checkpoint.Address address) {
        return look(
                address.threadId(),
                address.namespace(),
                conversation -> conversation.entry(address.namespace(), address.checkpointId()) == null
                        ? List.of()
                        : List.of(conversation.saved(address.threadId(), address.namespace(), address.checkpointId())));
    }

    @Override
    public List<SavedCheckpoint> history(String threadId, String namespace, @Nullable String before, int limit) {
        List<SavedCheckpoint> found = new ArrayList<>();
        threads.computeIfPresent(threadId, (id, conversation) -> {
            NavigableMap<String, Entry> line = conversation.line(namespace);
            (before == null ? line : line.headMap(before, false))
                    .descendingKeySet().stream()
                            .limit(limit)
                            .forEach(entry -> found.add(conversation.saved(threadId, namespace, entry)));
            return conversation;
        });
        return found;
    }

    @Override
    public void put(NewCheckpoint checkpoint) {
        Line line = new Line(checkpoint.threadId(), checkpoint.namespace());
        threads.compute(checkpoint.threadId(), (id, existing) -> {
            Conversation conversation = existing == null ? new Conversation() : existing;
            Optional<String> expected = seen.getOrDefault(line, Optional.ofNullable(checkpoint.parentId()));
            conversation.add(checkpoint, expected.orElse(null));
            seen.put(line, Optional.of(checkpoint.checkpoint().id()));
            return conversation;
        });
    }

    @Override
    public void putWrites(Checkpoint.Address address, String taskId, List<PendingWrite> writes) {
        threads.compute(address.threadId(), (id, existing) -> {
            Conversation conversation = existing == null ? new Conversation() : existing;
            conversation.add(address, taskId, writes);
            return conversation;
        });
    }

    @Override
    public void deleteThread(String threadId) {
        threads.remove(threadId);
        seen.keySet().removeIf(line -> line.threadId().equals(threadId));
    }

    private Optional<SavedCheckpoint> look(String threadId, String namespace, Look look) {
        List<SavedCheckpoint> found = new ArrayList<>();
        // The map's own lock on this thread makes head and content one picture.
        threads.compute(threadId, (id, conversation) -> {
            seen.put(
                    new Line(threadId, namespace),
                    Optional.ofNullable(conversation == null ? null : conversation.head(namespace)));
            if (conversation != null) {
                found.addAll(look.at(conversation));
            }
            return conversation;
        });
        return found.stream().findFirst();
    }

    @FunctionalInterface
    private interface Look {
        List<SavedCheckpoint> at(Conversation conversation);
    }

    private record Line(String threadId, String namespace) {}

    private record Entry(NewCheckpoint stored, Map<String, Tree> values) {}

    /** One thread; guarded by the lock of its key in {@link #threads}. */
    private static final class Conversation {
        private final Map<String, NavigableMap<String, Entry>> lines = new HashMap<>();
        private final Map<Checkpoint.Address, NavigableMap<String, NavigableMap<Integer, PendingWrite>>> writes =
                new HashMap<>();

        NavigableMap<String, Entry> line(String namespace) {
            return lines.computeIfAbsent(namespace, name -> new TreeMap<>());
        }

        @Nullable
        String head(String namespace) {
            NavigableMap<String, Entry> line = line(namespace);
            return line.isEmpty() ? null : line.lastKey();
        }

        @Nullable
        Entry entry(String namespace, String id) {
            return line(namespace).get(id);
        }

        SavedCheckpoint saved(String threadId, String namespace, String id) {
            Entry entry = line(namespace).get(id);
            if (entry == null) {
                throw new IllegalStateException("checkpoint " + id + " has vanished");
            }
            List<PendingWrite> pending = new ArrayList<>();
            writes.getOrDefault(new Checkpoint.Address(threadId, namespace, id), new TreeMap<>())
                    .values()
                    .forEach(task -> pending.addAll(task.values()));
            NewCheckpoint stored = entry.stored();
            return new SavedCheckpoint(
                    stored.address(),
                    stored.parentId(),
                    stored.checkpoint(),
                    stored.metadata(),
                    entry.values(),
                    pending);
        }

        void add(NewCheckpoint checkpoint, @Nullable String expected) {
            String id = checkpoint.checkpoint().id();
            NavigableMap<String, Entry> line = line(checkpoint.namespace());
            String head = head(checkpoint.namespace());
            Entry same = line.get(id);
            if (same != null && id.equals(head) && checkpoint.equals(same.stored())) {
                return;
            }
            String parentId = checkpoint.parentId();
            Entry parent = parentId == null ? null : line.get(parentId);
            boolean moved = head == null ? expected != null : !head.equals(expected);
            if (moved || (parentId != null && parent == null)) {
                throw new CheckpointException.Conflict(checkpoint.threadId(), parentId, null);
            }
            NewCheckpoint.requireLater(checkpoint, head);
            Map<String, Tree> values = new HashMap<>(parent == null ? Map.of() : parent.values());
            values.keySet().removeAll(checkpoint.emptied());
            values.putAll(checkpoint.changed());
            line.put(id, new Entry(checkpoint, Map.copyOf(values)));
        }

        void add(Checkpoint.Address address, String taskId, List<PendingWrite> added) {
            NavigableMap<Integer, PendingWrite> task = writes.computeIfAbsent(address, where -> new TreeMap<>())
                    .computeIfAbsent(taskId, name -> new TreeMap<>());
            boolean first = task.tailMap(0, true).isEmpty();
            for (PendingWrite write : added) {
                if (write.index() < 0 || first) {
                    task.put(write.index(), write);
                }
            }
        }
    }
}
