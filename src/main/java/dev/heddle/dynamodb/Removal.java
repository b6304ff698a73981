package dev.heddle.dynamodb;

import dev.heddle.graph.checkpoint.CheckpointException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Takes checkpoints out of a thread. For each namespace, in this order, so that after a crash between any two steps every
 * reader still finds whatever is to be kept, and the whole may be done again:
 *
 * <ol>
 *   <li>Values that kept ones inherit from inside a header that goes are copied to items of their own.
 *   <li>Kept headers are rewritten in place: they refer to those, and hang from kept ones. Their content is the same.
 *   <li>The head gets another edition, and moves back if it goes itself. From now on nobody stores on top of what he read
 *       before.
 *   <li>What goes is deleted, with all that no kept one refers to.
 * </ol>
 */
final class Removal {
    private static final int MAX_ROUNDS = 8;

    private final Table table;
    private final Lines lines;
    private final Values values;
    private final String pk;
    private final String threadId;

    /** Of the thread in this partition. */
    Removal(Table table, Lines lines, Values values, String pk, String threadId) {
        this.table = table;
        this.lines = lines;
        this.values = values;
        this.pk = pk;
        this.threadId = threadId;
    }

    /** A header in the table, with the item in which it was. */
    private record Stored(Header header, Map<String, AttributeValue> item) {
        String id() {
            return header.id();
        }
    }

    /**
     * One namespace as it is found.
     *
     * @param head the latest; null when there is none
     * @param isEmptied there is none because a removal took all, perhaps without coming to its end
     * @param stored all headers that are there, whether they count or not, by id
     */
    private record Found(Line line, @Nullable Head head, boolean isEmptied, TreeMap<String, Stored> stored) {

        /** Those that count, newest first. */
        List<Stored> counting() {
            List<Stored> counting = new ArrayList<>();
            Stored next = head == null ? null : stored.get(head.id());
            while (next != null) {
                counting.add(next);
                String replaced = next.header().replaced();
                next = replaced == null ? null : stored.get(replaced);
            }
            return counting;
        }

        Map<String, Header> headers() {
            Map<String, Header> headers = new HashMap<>();
            stored.forEach((id, each) -> headers.put(id, each.header()));
            return headers;
        }
    }

    /** All but the latest of each namespace, and what writers that died have left before it. */
    void prune(Supplier<String> attempts) {
        remove(attempts, found -> {
            Head head = found.head();
            return stored -> head != null && stored.id().compareTo(head.id()) < 0;
        });
    }

    /** What these runs made. */
    void deleteRuns(Set<String> runIds, Supplier<String> attempts) {
        remove(attempts, found -> {
            Head head = found.head();
            // One beyond the head may be on its way.
            return stored -> runIds.contains(stored.header().metadata().runId())
                    && (head == null ? found.isEmptied() : stored.id().compareTo(head.id()) <= 0);
        });
    }

    @FunctionalInterface
    private interface Choice {
        Predicate<Stored> of(Found found);
    }

    private void remove(Supplier<String> attempts, Choice choice) {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            // Each round names an edition of its own: what is read between two of them is old for the second.
            String edition = attempts.get();
            List<Sweep.Left> settled = new ArrayList<>();
            boolean undisturbed = true;
            for (Found found : find()) {
                Predicate<Stored> goes = choice.of(found);
                if (found.stored().values().stream().anyMatch(goes)) {
                    Optional<Sweep.Left> left = settle(found, goes, edition);
                    left.ifPresent(settled::add);
                    undisturbed &= left.isPresent();
                }
            }
            new Sweep(table, pk, settled).run();
            if (undisturbed) {
                return;
            }
        }
        throw new CheckpointException.Unavailable(
                "Thread '" + threadId + "': busy, expected to remove checkpoints within " + MAX_ROUNDS
                        + " tries, got a run that stores new ones each time. Try again when the run has ended.",
                null);
    }

    private List<Found> find() {
        Map<String, Map<String, AttributeValue>> heads = new HashMap<>();
        for (String prefix : List.of(Keys.LEASE, Keys.HEADS)) {
            table.query(Table.beginning(pk, prefix), item -> {
                String sk = Table.text(item, Keys.SK);
                heads.put(sk.equals(Keys.LEASE) ? "" : sk.substring(Keys.HEADS.length()), item);
                return true;
            });
        }
        Map<String, Found> found = new TreeMap<>();
        table.query(Table.beginning(pk, "C#"), item -> {
            String segment = Table.text(item, Keys.SK).split("#", -1)[1];
            Map<String, AttributeValue> head = heads.getOrDefault(segment, Map.of());
            boolean names = head.containsKey("head");
            Found line = found.computeIfAbsent(
                    segment,
                    name -> new Found(
                            // What the namespace is called is not needed, nor is it in the table.
                            new Line(pk, threadId, "", name),
                            names ? Head.of(head) : null,
                            !names && head.containsKey("edition"),
                            new TreeMap<>()));
            Stored stored = new Stored(lines.header(line.line(), item), item);
            line.stored().put(stored.id(), stored);
            return true;
        });
        return List.copyOf(found.values());
    }

    /** Steps 1 to 3; empty when somebody else has gone on meanwhile. */
    private Optional<Sweep.Left> settle(Found found, Predicate<Stored> goes, String edition) {
        Line line = found.line();
        Map<String, Header> headers = found.headers();
        List<Stored> kept = found.counting().stream().filter(goes.negate()).toList();
        Set<String> going = new HashSet<>();
        found.stored().values().stream().filter(goes).forEach(stored -> going.add(stored.id()));
        Inherited inherited = new Inherited(values, line, headers, going, edition);
        List<Header> settled = new ArrayList<>();
        List<Callable<Boolean>> rewrites = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) {
            Stored old = kept.get(i);
            Header header = old.header()
                    .moved(
                            i + 1 < kept.size() ? kept.get(i + 1).id() : null,
                            keptParent(headers, going, old.header().parentId()),
                            inherited.places(old.header().places()));
            settled.add(header);
            if (i == 0 || !header.equals(old.header())) {
                rewrites.add(() -> isRewritten(line, header, old.item(), edition));
            }
        }
        table.together(table.writing(inherited.items(), Values::bytes));
        if (table.together(rewrites).contains(false) || !isMoved(found, settled, edition)) {
            return Optional.empty();
        }
        Set<String> gone = new HashSet<>();
        going.forEach(id -> gone.add(Keys.checkpoint(id)));
        return Optional.of(new Sweep.Left(line, settled, gone));
    }

    private static @Nullable String keptParent(
            Map<String, Header> headers, Set<String> going, @Nullable String parentId) {
        String parent = parentId;
        while (parent != null && going.contains(parent)) {
            Header gone = headers.get(parent);
            parent = gone == null ? null : gone.parentId();
        }
        return parent;
    }

    /** Rewrites a header; false when it is not any more what we read. */
    private boolean isRewritten(Line line, Header header, Map<String, AttributeValue> old, String edition) {
        List<WriteRequest> large = new ArrayList<>();
        Map<String, AttributeValue> item = lines.item(line, header, edition, edition, large);
        table.together(table.writing(large, Values::bytes));
        Map<String, AttributeValue> names = new HashMap<>();
        names.put(":attempt", Table.text(header.attempt()));
        names.put(":mine", Table.text(edition));
        // Ours already: the SDK repeats a request whose reply was lost.
        String condition =
                "attempt = :attempt AND (edition = :mine OR " + Lines.sameEdition(Head.edition(old), names) + ")";
        return table.calling(client -> {
            try {
                client.putItem(put -> put.tableName(table.name())
                        .item(item)
                        .conditionExpression(condition)
                        .expressionAttributeValues(names));
                return true;
            } catch (ConditionalCheckFailedException changed) {
                return false;
            }
        });
    }

    /** Names the new edition and the newest that is kept; false when the head is not any more what we read. */
    private boolean isMoved(Found found, List<Header> kept, String edition) {
        Head head = found.head();
        if (head == null) {
            return true;
        }
        Map<String, AttributeValue> names = new HashMap<>();
        names.put(":mine", Table.text(edition));
        String standing = Lines.standing(head, names);
        String update;
        String done;
        if (kept.isEmpty()) {
            update = "SET edition = :mine REMOVE head, attempt";
            done = "attribute_not_exists(head)";
        } else {
            names.put(":head", Table.text(kept.getFirst().id()));
            names.put(":attempt", Table.text(kept.getFirst().attempt()));
            update = "SET edition = :mine, head = :head, attempt = :attempt";
            done = "head = :head";
        }
        return table.calling(client -> {
            try {
                client.updateItem(request -> request.tableName(table.name())
                        .key(Table.key(pk, Keys.head(found.line().segment())))
                        .updateExpression(update)
                        .conditionExpression("(" + standing + ") OR (edition = :mine AND " + done + ")")
                        .expressionAttributeValues(names));
                return true;
            } catch (ConditionalCheckFailedException moved) {
                return false;
            }
        });
    }
}
