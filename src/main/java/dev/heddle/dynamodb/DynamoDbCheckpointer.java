package dev.heddle.dynamodb;

import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.types.CheckpointRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final Threads threads;
    private final Table table;
    private final String owner;
    private final Supplier<String> attempts;
    private final String attempt;
    private final ConcurrentMap<Line, Optional<Head>> seen = new ConcurrentHashMap<>();
    private final ConcurrentMap<CheckpointRef, Known> known = new ConcurrentHashMap<>();

    DynamoDbCheckpointer(Table table, String owner, Supplier<String> attempts) {
        this.table = table;
        this.owner = owner;
        this.attempts = attempts;
        this.attempt = attempts.get();
        this.values = new Values(table);
        this.lines = new Lines(table, values);
        this.writes = new Writes(table, values);
        this.threads = new Threads(table);
    }

    /** A header, read after its namespace had this edition: what it refers to is there as long as that has. */
    private record Known(Header header, String edition) {}

    @Override
    public Optional<SavedCheckpoint> latest(String threadId, String namespace) {
        Line line = line(threadId, namespace);
        return saved(line, lines.latest(line));
    }

    @Override
    public Optional<SavedCheckpoint> get(CheckpointRef ref) {
        Line line = line(ref.threadId(), ref.namespace());
        return saved(line, ref.checkpointId().isEmpty() ? lines.latest(line) : lines.find(line, ref.checkpointId()));
    }

    @Override
    public List<SavedCheckpoint> history(String threadId, String namespace, HistoryQuery query) {
        Line line = line(threadId, namespace);
        Lines.Page page = lines.list(line, query);
        return saved(line, page.headers(), page.edition());
    }

    @Override
    public void put(NewCheckpoint checkpoint) {
        Line line = line(checkpoint.ref().threadId(), checkpoint.ref().namespace());
        String id = checkpoint.id();
        Optional<Head> expected = expected(line, checkpoint);
        if (expected.filter(head -> head.id().equals(id) && head.attempt().equals(attempt))
                .isPresent()) {
            return;
        }
        NewCheckpoint.requireLater(checkpoint, expected.map(Head::id).orElse(null));
        String edition = expected.map(Head::edition).orElse("");
        Header parent = parent(line, checkpoint, edition);
        Values.Placed placed = values.place(line, checkpoint, attempt, parent == null ? Places.NONE : parent.places());
        Header header = new Header(
                attempt,
                expected.map(Head::id).orElse(null),
                checkpoint.parentId(),
                Header.complete(checkpoint, parent),
                checkpoint.metadata(),
                placed.places());
        List<WriteRequest> large = new ArrayList<>(placed.items());
        List<Callable<Boolean>> requests = new ArrayList<>();
        var item = lines.item(line, header, edition, attempt, large);
        requests.add(() -> lines.write(item, attempt));
        requests.addAll(table.writing(large, Values::bytes));
        boolean free = table.together(requests).getFirst();
        if (!free || !(lines.moveHead(line, id, attempt, expected) || isStored(line, id))) {
            throw conflict(checkpoint);
        }
        seen.put(line, Optional.of(new Head(id, attempt, edition)));
        know(line, header, edition);
    }

    @Override
    public void putWrites(CheckpointRef ref, String taskId, List<PendingWrite> added) {
        writes.put(line(ref.threadId(), ref.namespace()), ref.checkpointId(), taskId, added, attempts);
    }

    @Override
    public void deleteThread(String threadId) {
        threads.delete(Keys.thread(owner, threadId));
        forget(threadId);
    }

    @Override
    public void copyThread(String fromThreadId, String toThreadId) {
        threads.copy(Keys.thread(owner, fromThreadId), Keys.thread(owner, toThreadId), toThreadId);
    }

    @Override
    public void pruneThread(String threadId) {
        removal(threadId).prune(attempts);
        forget(threadId);
    }

    @Override
    public void deleteRuns(String threadId, Set<String> runIds) {
        removal(threadId).deleteRuns(runIds, attempts);
        forget(threadId);
    }

    private Removal removal(String threadId) {
        return new Removal(table, lines, values, Keys.thread(owner, threadId), threadId);
    }

    /** The head that has to stand for this put to succeed. */
    private Optional<Head> expected(Line line, NewCheckpoint checkpoint) {
        Optional<Head> head = seen.get(line);
        if (head != null) {
            return head;
        }
        String parentId = checkpoint.parentId();
        if (parentId == null) {
            return Optional.empty();
        }
        Lines.Found found = lines.find(line, parentId);
        String edition = found.head().map(Head::edition).orElse("");
        found.header().ifPresent(header -> know(line, header, edition));
        return Optional.of(new Head(parentId, "", edition));
    }

    /** Our update of the head was refused: was it because an earlier try of it had been applied and gone beyond? */
    private boolean isStored(Line line, String id) {
        return lines.find(line, id)
                .header()
                .filter(header -> header.attempt().equals(attempt))
                .isPresent();
    }

    private @Nullable Header parent(Line line, NewCheckpoint checkpoint, String edition) {
        String parentId = checkpoint.parentId();
        if (parentId == null) {
            return null;
        }
        Known remembered = known.get(line.ref(parentId));
        if (remembered != null && remembered.edition().equals(edition)) {
            return remembered.header();
        }
        return lines.find(line, parentId).header().orElseThrow(() -> conflict(checkpoint));
    }

    private static CheckpointException conflict(NewCheckpoint checkpoint) {
        return new CheckpointException.Conflict(checkpoint.ref().threadId(), checkpoint.parentId(), null);
    }

    private Optional<SavedCheckpoint> saved(Line line, Lines.Found found) {
        seen.put(line, found.head());
        String edition = found.head().map(Head::edition).orElse("");
        return saved(line, found.header().stream().toList(), edition).stream().findFirst();
    }

    private List<SavedCheckpoint> saved(Line line, List<Header> headers, String edition) {
        if (headers.isEmpty()) {
            return List.of();
        }
        headers.forEach(header -> know(line, header, edition));
        List<Values.Content> contents = new ArrayList<>();
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
                    line.ref(header.id()),
                    header.parentId(),
                    header.checkpoint(),
                    header.metadata(),
                    contents.get(i).values(),
                    contents.get(i).deltas(),
                    pending.getOrDefault(header.id(), List.of()).stream()
                            .sorted(Comparator.comparing(PendingWrite::taskId).thenComparingInt(PendingWrite::index))
                            .toList()));
        }
        return saved;
    }

    private void know(Line line, Header header, String edition) {
        if (known.size() >= MAX_KNOWN_HEADERS) {
            known.clear();
        }
        known.put(line.ref(header.id()), new Known(header, edition));
    }

    private void forget(String threadId) {
        seen.keySet().removeIf(line -> line.threadId().equals(threadId));
        known.keySet().removeIf(ref -> ref.threadId().equals(threadId));
    }

    private Line line(String threadId, String namespace) {
        return new Line(Keys.thread(owner, threadId), threadId, namespace);
    }
}
