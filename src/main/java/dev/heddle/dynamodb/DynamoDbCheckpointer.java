package dev.heddle.dynamodb;

import dev.heddle.graph.checkpoint.Checkpoint;
import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Checkpoints in the table. {@code docs/storage.md} shows the items.
 *
 * <p>A put takes two dependent round trips: all values and the header, at once, under keys that only this attempt uses;
 * then one conditional update of the head, which is the commit. Readers begin at the head and believe no header that
 * the chain of replaced heads does not reach, so a crash in between leaves the thread as it was. {@link #latest} takes
 * two, three when another run's unfinished header stands in the way or values were written by earlier checkpoints.
 *
 * <p>One saver per run; its {@code attempt} makes its keys its own. Safe for concurrent use by the tasks of that run.
 */
final class DynamoDbCheckpointer implements Checkpointer {
    /** Headers kept in memory per saver, so that a put need not read its parent's. */
    private static final int MAX_KNOWN_HEADERS = 256;

    private final Lines lines;
    private final Values values;
    private final Writes writes;
    private final Table table;
    private final String owner;
    private final Supplier<String> attempts;
    private final String attempt;
    private final ConcurrentMap<Line, Optional<String>> seen = new ConcurrentHashMap<>();
    private final ConcurrentMap<Checkpoint.Address, Header> known = new ConcurrentHashMap<>();

    DynamoDbCheckpointer(Table table, String owner, Supplier<String> attempts) {
        this.table = table;
        this.owner = owner;
        this.attempts = attempts;
        this.attempt = attempts.get();
        this.values = new Values(table);
        this.lines = new Lines(table, values);
        this.writes = new Writes(table, values);
    }

    @Override
    public Optional<SavedCheckpoint> latest(String threadId, String namespace) {
        Line line = line(threadId, namespace);
        Optional<Header> head = lines.latest(line);
        see(line, head.map(Header::id));
        return head.map(header -> saved(line, List.of(header)).getFirst());
    }

    @Override
    public Optional<SavedCheckpoint> get(Checkpoint.Address address) {
        Line line = line(address.threadId(), address.namespace());
        Lines.Found found = lines.find(line, address.checkpointId());
        see(line, found.head());
        return found.header().map(header -> saved(line, List.of(header)).getFirst());
    }

    @Override
    public List<SavedCheckpoint> history(String threadId, String namespace, @Nullable String before, int limit) {
        Line line = line(threadId, namespace);
        return saved(line, lines.list(line, before, limit));
    }

    @Override
    public void put(NewCheckpoint checkpoint) {
        Line line = line(checkpoint.threadId(), checkpoint.namespace());
        String id = checkpoint.checkpoint().id();
        String expected = seen.getOrDefault(line, Optional.ofNullable(checkpoint.parentId()))
                .orElse(null);
        if (id.equals(expected) && isMine(known.get(line.address(id)))) {
            return;
        }
        NewCheckpoint.requireLater(checkpoint, expected);
        Values.Placed placed = values.place(line, checkpoint, attempt, parentOf(line, checkpoint));
        Header header = new Header(
                attempt,
                expected,
                checkpoint.parentId(),
                checkpoint.checkpoint(),
                checkpoint.metadata(),
                placed.references(),
                placed.inline());
        List<WriteRequest> large = new ArrayList<>(placed.items());
        List<Callable<Boolean>> requests = new ArrayList<>();
        var item = lines.item(line, header, large);
        requests.add(() -> lines.write(item, attempt));
        requests.addAll(table.writing(large, Values::bytes));
        boolean free = table.together(requests).getFirst();
        if (!free || !(lines.moveHead(line, id, attempt, expected) || isStored(line, id))) {
            throw new CheckpointException.Conflict(checkpoint.threadId(), checkpoint.parentId(), null);
        }
        see(line, Optional.of(id));
        know(line, header);
    }

    @Override
    public void putWrites(Checkpoint.Address address, String taskId, List<PendingWrite> added) {
        Line line = line(address.threadId(), address.namespace());
        writes.put(line, address.checkpointId(), taskId, added, attempts);
    }

    @Override
    public void deleteThread(String threadId) {
        lines.delete(Keys.thread(owner, threadId));
        seen.keySet().removeIf(line -> line.threadId().equals(threadId));
        known.keySet().removeIf(address -> address.threadId().equals(threadId));
    }

    /** Our update of the head was refused: was it because an earlier try of it had been applied and gone beyond? */
    private boolean isStored(Line line, String id) {
        return isMine(lines.find(line, id).header().orElse(null));
    }

    private boolean isMine(@Nullable Header header) {
        return header != null && header.attempt().equals(attempt);
    }

    private Map<String, Header.Reference> parentOf(Line line, NewCheckpoint checkpoint) {
        String parentId = checkpoint.parentId();
        if (parentId == null) {
            return Map.of();
        }
        Header remembered = known.get(line.address(parentId));
        if (remembered != null) {
            return remembered.references();
        }
        return lines.find(line, parentId)
                .header()
                .orElseThrow(() -> new CheckpointException.Conflict(checkpoint.threadId(), parentId, null))
                .references();
    }

    private List<SavedCheckpoint> saved(Line line, List<Header> headers) {
        if (headers.isEmpty()) {
            return List.of();
        }
        headers.forEach(header -> know(line, header));
        List<Map<String, Tree>> contents = new ArrayList<>();
        Map<String, List<PendingWrite>> pending = new HashMap<>();
        table.together(List.<Callable<Boolean>>of(() -> contents.addAll(values.read(line, headers)), () -> {
            pending.putAll(
                    writes.read(line, headers.getLast().id(), headers.getFirst().id()));
            return true;
        }));
        List<SavedCheckpoint> saved = new ArrayList<>();
        for (int i = 0; i < headers.size(); i++) {
            Header header = headers.get(i);
            saved.add(new SavedCheckpoint(
                    new Checkpoint.Address(line.threadId(), line.namespace(), header.id()),
                    header.parentId(),
                    header.checkpoint(),
                    header.metadata(),
                    contents.get(i),
                    pending.getOrDefault(header.id(), List.of()).stream()
                            .sorted(Comparator.comparing(PendingWrite::taskId).thenComparingInt(PendingWrite::index))
                            .toList()));
        }
        return saved;
    }

    private void see(Line line, Optional<String> head) {
        seen.put(line, head);
    }

    private void know(Line line, Header header) {
        if (known.size() >= MAX_KNOWN_HEADERS) {
            known.clear();
        }
        known.put(line.address(header.id()), header);
    }

    private Line line(String threadId, String namespace) {
        return new Line(Keys.thread(owner, threadId), threadId, namespace);
    }
}
