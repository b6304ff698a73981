package dev.heddle.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.heddle.conformance.Trees;
import dev.heddle.graph.checkpoint.Checkpoint;
import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.types.CheckpointMetadata;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.tree.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What is left when the way to the table breaks between any two requests, and what requests are made at all. */
final class DynamoDbFaultsIT {
    private static final Instant CREATED = Instant.parse("2026-11-02T08:00:00Z");
    private static final CheckpointMetadata METADATA =
            new CheckpointMetadata(CheckpointMetadata.Source.LOOP, 1, "run", "graph@1", Map.of());

    private static Table table;

    private final Wire wire = new Wire();
    private Table broken;
    private String thread;

    @BeforeAll
    static void createsTheTable() {
        table = TestTable.create();
    }

    @BeforeEach
    void laysAWire() {
        broken = new Table(table.name(), wire::client);
        thread = "t-" + UUID.randomUUID();
    }

    @ParameterizedTest
    @EnumSource
    void aPutThatBreaksAnywhereLeavesTheThreadAsBeforeOrAsAfter(Wire.Lost lost) {
        boolean broke = true;
        int kept = 0;
        int stored = 0;
        for (int at = 1; broke; at++) {
            thread = "t-" + UUID.randomUUID();
            NewCheckpoint first = next(1, null, large(1), Map.of("log", List.of(Tree.of(1))));
            NewCheckpoint second = next(2, id(1), large(2), Map.of("log", List.of(noise(500_000, 2), Tree.of(2))));
            saver(table).put(first);
            Checkpointer dying = saver(broken);
            dying.latest(thread, "");

            wire.breakAt(at, lost);
            try {
                dying.put(second);
                broke = false;
            } catch (CheckpointException.Unavailable expected) {
                assertThat(expected).hasMessageContaining("then try again");
            }
            wire.mend();

            SavedCheckpoint left = saver(table).latest(thread, "").orElseThrow();
            boolean after = left.ref().equals(second.ref());
            assertThat(left.values()).isEqualTo(after ? large(2) : large(1));
            assertThat(left.deltas())
                    .isEqualTo(Map.of(
                            "log",
                            new SavedCheckpoint.Delta(
                                    null,
                                    after ? List.of(Tree.of(1), noise(500_000, 2), Tree.of(2)) : List.of(Tree.of(1)))));
            assertThat(saver(table).get(second.ref()).isPresent()).isEqualTo(after);
            assertThat(saver(table).history(thread, "", HistoryQuery.newest(10)))
                    .hasSize(after ? 2 : 1);
            kept += after ? 0 : 1;
            stored += after ? 1 : 0;

            if (at % 2 == 0) {
                // The same run tries again.
                dying.put(second);
                assertThat(saver(table).latest(thread, "").orElseThrow().values())
                        .isEqualTo(large(2));
            } else {
                // Another run goes on from what is left.
                Checkpointer other = saver(table);
                String parent = other.latest(thread, "").orElseThrow().ref().checkpointId();
                other.put(next(3, parent, Map.of("new", Tree.of(3))));
                assertThat(other.latest(thread, "").orElseThrow().values())
                        .hasSize(left.values().size() + 1)
                        .containsEntry("new", Tree.of(3));
            }
        }
        // Values in at least one batch and a header, then the head.
        assertThat(kept).isGreaterThanOrEqualTo(2);
        assertThat(stored).isEqualTo(lost == Wire.Lost.REPLY ? 2 : 1);
    }

    @ParameterizedTest
    @EnumSource
    void writesThatBreakAnywhereAreThereWholeOrNotAtAll(Wire.Lost lost) {
        boolean broke = true;
        for (int at = 1; broke; at++) {
            thread = "t-" + UUID.randomUUID();
            saver(table).put(next(1, null, Map.of()));
            CheckpointRef address = new CheckpointRef(thread, "", id(1));
            List<PendingWrite> writes = List.of(
                    new PendingWrite("task", 0, "a", noise(900_000, at)), new PendingWrite("task", 1, "b", Tree.of(1)));

            wire.breakAt(at, lost);
            try {
                saver(broken).putWrites(address, "task", writes);
                broke = false;
            } catch (CheckpointException.Unavailable expected) {
                assertThat(expected).hasMessageContaining("no answer");
            }
            wire.mend();

            List<PendingWrite> left = saver(table).get(address).orElseThrow().writes();
            assertThat(left).isIn(List.of(), writes);
            saver(table).putWrites(address, "task", writes);
            assertThat(saver(table).get(address).orElseThrow().writes()).isEqualTo(writes);
        }
    }

    @Test
    void aRepeatedCommitWhoseFirstReplyWasLostIsRecognised() {
        Checkpointer saver = saver(broken);
        saver.put(next(1, null, Map.of("a", Tree.of(1))));

        wire.loseReplyOnce(2);
        saver.put(next(2, id(1), Map.of("a", Tree.of(2))));

        assertThat(wire.operations()).containsExactly("PutItem", "UpdateItem", "UpdateItem");
        assertThat(saver(table).latest(thread, "").orElseThrow().values()).isEqualTo(Map.of("a", Tree.of(2)));
        wire.mend();
        saver.put(next(3, id(2), Map.of("a", Tree.of(3))));
        assertThat(saver(table).history(thread, "", HistoryQuery.newest(10))).hasSize(3);
    }

    @Test
    void aCommitWhoseReplyWasLostIsRecognisedAlsoWhenAnotherRunHasGoneOn() {
        Checkpointer saver = saver(broken);
        saver.put(next(1, null, Map.of("a", Tree.of(1))));
        NewCheckpoint second = next(2, id(1), Map.of("a", Tree.of(2)));
        wire.breakAt(2, Wire.Lost.REPLY);
        assertThatThrownBy(() -> saver.put(second)).isInstanceOf(CheckpointException.Unavailable.class);
        wire.mend();
        Checkpointer other = saver(table);
        other.latest(thread, "");
        other.put(next(3, id(2), Map.of("a", Tree.of(3))));

        saver.put(second);

        assertThat(saver(table).latest(thread, "").orElseThrow().values()).isEqualTo(Map.of("a", Tree.of(3)));
        assertThatThrownBy(() -> saver.put(next(4, id(2), Map.of()))).isInstanceOf(CheckpointException.Conflict.class);
    }

    @ParameterizedTest
    @EnumSource
    void aDeletionThatBreaksAnywhereLeavesAWholeThreadOrNoneAndCanBeRepeated(Wire.Lost lost) {
        boolean broke = true;
        for (int at = 1; broke; at++) {
            thread = "t-" + UUID.randomUUID();
            saver(table).put(next(1, null, large(1)));

            wire.breakAt(at, lost);
            try {
                saver(broken).deleteThread(thread);
                broke = false;
            } catch (CheckpointException.Unavailable expected) {
                assertThat(expected.retryable()).isTrue();
            }
            wire.mend();

            saver(table).latest(thread, "").ifPresent(left -> assertThat(left.values())
                    .isEqualTo(large(1)));
            saver(table).deleteThread(thread);
            assertThat(saver(table).latest(thread, "")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPruneThatBreaksAnywhereKeepsTheLatestAndCanBeRepeated(Wire.Lost lost) {
        breakingEverywhere(
                lost,
                saver -> saver.pruneThread(thread),
                before -> {
                    SavedCheckpoint latest = saver(table).latest(thread, "").orElseThrow();
                    assertThat(contentOf(latest)).isEqualTo(contentOf(before.getFirst()));
                    assertThat(saver(table).history(thread, "", HistoryQuery.newest(10)))
                            .hasSizeBetween(1, 6);
                },
                before -> {
                    assertThat(saver(table).history(thread, "", HistoryQuery.newest(10)))
                            .hasSize(1);
                    // The head, its header and writes, four batches, and two values out of headers that went.
                    assertThat(keys(thread)).hasSize(9);
                });
    }

    @ParameterizedTest
    @EnumSource
    void aDeletionOfRunsThatBreaksAnywhereKeepsTheOthersAndCanBeRepeated(Wire.Lost lost) {
        breakingEverywhere(
                lost,
                saver -> saver.deleteRuns(thread, Set.of("r2")),
                before -> before.stream()
                        .filter(saved -> !saved.metadata().runId().equals("r2"))
                        .forEach(kept -> assertThat(
                                        contentOf(saver(table).get(kept.ref()).orElseThrow()))
                                .isEqualTo(contentOf(kept))),
                before -> {
                    assertThat(saver(table).history(thread, "", HistoryQuery.newest(10)))
                            .extracting(saved -> saved.ref().checkpointId(), SavedCheckpoint::parentId)
                            .containsExactly(tuple(id(6), id(5)), tuple(id(5), id(1)), tuple(id(1), null));
                    assertThat(keys(thread))
                            .filteredOn(sk -> sk.startsWith("C#"))
                            .hasSize(3);
                    assertThat(keys(thread))
                            .filteredOn(sk -> sk.startsWith("W#"))
                            .hasSize(1);
                });
    }

    @ParameterizedTest
    @EnumSource
    void aDeletionOfTheLastRunThatBreaksAnywhereLeavesTheThreadAsBeforeOrAsAfter(Wire.Lost lost) {
        breakingEverywhere(
                lost,
                saver -> saver.deleteRuns(thread, Set.of("r1", "r2")),
                before -> assertThat(saver(table).latest(thread, "").map(DynamoDbFaultsIT::contentOf))
                        .isIn(Optional.empty(), Optional.of(contentOf(before.getFirst()))),
                before -> {
                    assertThat(saver(table).latest(thread, "")).isEmpty();
                    assertThat(keys(thread)).containsExactly(Keys.LEASE);
                });
    }

    @ParameterizedTest
    @EnumSource
    void aCopyThatBreaksAnywhereIsWholeOrNotThereAndCanBeRepeated(Wire.Lost lost) {
        breakingEverywhere(
                lost,
                saver -> saver.copyThread(thread, thread + ".copy"),
                before -> assertThat(contents(saver(table).history(thread + ".copy", "", HistoryQuery.newest(10))))
                        .isIn(List.of(), contents(before)),
                before -> {
                    assertThat(contents(saver(table).history(thread + ".copy", "", HistoryQuery.newest(10))))
                            .isEqualTo(contents(before));
                    assertThat(contents(saver(table).history(thread, "", HistoryQuery.newest(10))))
                            .isEqualTo(contents(before));
                });
    }

    /** Breaks an operation at every request; looks at what is left, does it again on a good way, and looks again. */
    private void breakingEverywhere(
            Wire.Lost lost,
            Consumer<Checkpointer> operation,
            Consumer<List<SavedCheckpoint>> afterBreak,
            Consumer<List<SavedCheckpoint>> afterRepetition) {
        boolean broke = true;
        int breaks = 0;
        for (int at = 1; broke; at++) {
            thread = "t-" + UUID.randomUUID();
            Checkpointer saver = saver(table);
            for (int i = 1; i <= 6; i++) {
                saver.put(of(
                        i > 1 && i < 5 ? "r2" : "r1",
                        next(
                                i,
                                i == 1 ? null : id(i - 1),
                                i == 2
                                        ? Map.of("a", Tree.of("inline"), "log", Tree.of("base"))
                                        : i == 6 ? Map.of("n", Tree.of(6)) : Map.of(),
                                i == 1 || i == 2 ? Map.of() : Map.of("log", List.of(Tree.of(i))))));
            }
            CheckpointRef inDoomed = new CheckpointRef(thread, "", id(3));
            saver.putWrites(inDoomed, "task", List.of(new PendingWrite("task", 0, "w", noise(400_000, 1))));
            CheckpointRef inKept = new CheckpointRef(thread, "", id(6));
            saver.putWrites(inKept, "task", List.of(new PendingWrite("task", 0, "w", Tree.of(1))));
            List<SavedCheckpoint> before = saver(table).history(thread, "", HistoryQuery.newest(10));

            wire.breakAt(at, lost);
            try {
                operation.accept(saver(broken));
                broke = false;
            } catch (CheckpointException.Unavailable expected) {
                breaks++;
            }
            wire.mend();
            afterBreak.accept(before);

            try {
                operation.accept(saver(table));
            } catch (CheckpointException.Conflict done) {
                // A copy that is there already.
                assertThat(saver(table).latest(thread + ".copy", "")).isPresent();
            }
            afterRepetition.accept(before);
        }
        assertThat(breaks).isGreaterThanOrEqualTo(5);
    }

    /** All that a checkpoint holds, not where it hangs. */
    private static List<Object> contentOf(SavedCheckpoint saved) {
        return List.of(
                saved.ref().checkpointId(),
                saved.checkpoint(),
                saved.metadata(),
                saved.values(),
                saved.deltas(),
                saved.writes());
    }

    private static List<List<Object>> contents(List<SavedCheckpoint> all) {
        return all.stream().map(DynamoDbFaultsIT::contentOf).toList();
    }

    private static List<String> keys(String thread) {
        List<String> keys = new ArrayList<>();
        table.query(Table.all(Keys.thread("owner", thread)), item -> keys.add(Table.text(item, Keys.SK)));
        return keys;
    }

    @Test
    void aRunThatReadBeforeAPruneDoesNotStoreOnTopOfWhatIsGone() {
        saver(table).put(next(1, null, Map.of("a", Tree.of("inline"))));
        Checkpointer stale = saver(table);
        stale.latest(thread, "");
        stale.put(next(2, id(1), Map.of()));

        saver(table).pruneThread(thread);

        assertThatThrownBy(() -> stale.put(next(3, id(2), Map.of()))).isInstanceOf(CheckpointException.Conflict.class);
        stale.latest(thread, "");
        stale.put(next(3, id(2), Map.of()));
        assertThat(saver(table).latest(thread, "").orElseThrow().values()).isEqualTo(Map.of("a", Tree.of("inline")));
    }

    @Test
    void aRemovalWhoseReplyWasLostIsRecognisedWhenTheSdkRepeatsIt() {
        for (int at = 1; at <= 12; at++) {
            thread = "t-" + UUID.randomUUID();
            Checkpointer saver = saver(table);
            saver.put(next(1, null, Map.of("a", Tree.of(1))));
            saver.put(next(2, id(1), Map.of("b", Tree.of(2))));

            wire.loseReplyOnce(at);
            saver(broken).pruneThread(thread);
            wire.mend();

            assertThat(saver(table).history(thread, "", HistoryQuery.newest(10)))
                    .singleElement()
                    .satisfies(saved -> assertThat(saved.values()).isEqualTo(Map.of("a", Tree.of(1), "b", Tree.of(2))));
        }
    }

    @Test
    void aTurnOfALongChatCostsWhatAShortOneDoes() {
        Checkpointer saver = saver(broken);
        List<Integer> bytes = new ArrayList<>();
        for (int turn = 1; turn <= 200; turn++) {
            Tree message = Tree.of("%06d ".formatted(turn) + "x".repeat(200));
            wire.mend();
            saver.put(next(
                    2 * turn,
                    turn == 1 ? null : id(2 * turn - 1),
                    Map.of("n", Tree.of(turn)),
                    Map.of("messages", List.of(message))));
            assertThat(wire.operations()).containsExactlyInAnyOrder("PutItem", "BatchWriteItem", "UpdateItem");
            saver.put(next(
                    2 * turn + 1, id(2 * turn), Map.of("n", Tree.of(-turn)), Map.of("messages", List.of(message))));
            bytes.add(wire.sentBytes());
        }
        assertThat(bytes.get(199)).isLessThan(bytes.get(1) * 12 / 10);
        wire.mend();

        SavedCheckpoint resumed = saver(broken).latest(thread, "").orElseThrow();

        assertThat(resumed.deltas()).hasSize(1).allSatisfy((channel, delta) -> assertThat(delta.writes())
                .hasSize(400));
        // Head and header; then pending writes and batches: two round trips.
        assertThat(wire.operations()).containsExactlyInAnyOrder("GetItem", "Query", "Query", "Query");
    }

    @Test
    void aSuperstepOfAChatCostsTwoRequestsAndAResumeFour() {
        Checkpointer saver = saver(broken);
        saver.put(next(1, null, Map.of("a", Tree.of(1))));
        wire.mend();

        saver.put(next(2, id(1), Map.of("b", Tree.of(2))));
        assertThat(wire.operations()).containsExactly("PutItem", "UpdateItem");
        wire.mend();

        Checkpointer resumed = saver(broken);
        assertThat(resumed.latest(thread, "").orElseThrow().values()).hasSize(2);
        assertThat(wire.operations()).containsExactlyInAnyOrder("GetItem", "Query", "BatchGetItem", "Query");
        wire.mend();

        resumed.put(next(3, id(2), Map.of("b", Tree.of(3))));
        assertThat(wire.operations()).containsExactly("PutItem", "UpdateItem");
    }

    @Test
    void aListingCostsNoMoreRequestsForMoreCheckpoints() {
        Checkpointer saver = saver(broken);
        for (int i = 1; i <= 30; i++) {
            saver.put(next(i, i == 1 ? null : id(i - 1), Map.of("a", Tree.of(i), "c" + i, Tree.of(i))));
            saver.putWrites(
                    new CheckpointRef(thread, "", id(i)),
                    "task",
                    List.of(new PendingWrite("task", 0, "a", Tree.of(i))));
        }
        wire.mend();

        assertThat(saver(broken).history(thread, "", HistoryQuery.newest(30))).hasSize(30);
        assertThat(wire.requests()).isLessThanOrEqualTo(4);
    }

    @Test
    void noItemIsEverTooLarge() {
        for (long seed = 0; seed < 8; seed++) {
            thread = "t-" + UUID.randomUUID();
            SplittableRandom random = new SplittableRandom(seed);
            Map<String, Tree> expected = new HashMap<>();
            Checkpointer saver = saver(broken);
            for (int step = 1; step <= 3; step++) {
                Map<String, Tree> changed = new HashMap<>();
                int channels = random.nextInt(1, 60);
                for (int i = 0; i < channels; i++) {
                    changed.put(Trees.text(random, random.nextInt(100)), Trees.any(random, 3));
                }
                for (int i = random.nextInt(4); i > 0; i--) {
                    changed.put("large" + i, noise(random.nextInt(1_000_000), seed));
                }
                expected.putAll(changed);

                saver.put(next(step, step == 1 ? null : id(step - 1), changed));
                Tree written = noise(random.nextInt(1_000_000), seed);
                saver.putWrites(
                        new CheckpointRef(thread, "", id(step)),
                        Trees.text(random, random.nextInt(400)),
                        List.of(new PendingWrite("t", 0, "c", written), new PendingWrite("t", -1, "c", written)));
            }
            assertThat(saver(table).latest(thread, "").orElseThrow().values())
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
        assertThat(wire.largestItem()).isGreaterThan(300_000).isLessThan(400_000);
    }

    @Test
    void aHeaderThatIsTooLargeForOneItemIsSpread() {
        SplittableRandom random = new SplittableRandom(1);
        Map<String, Long> seen = new HashMap<>();
        for (int i = 0; i < 8_000; i++) {
            seen.put(Trees.text(random, 60), 1L);
        }
        NewCheckpoint huge = new NewCheckpoint(
                new CheckpointRef(thread, "", id(1)),
                null,
                CREATED,
                METADATA,
                new NewCheckpoint.Changes(Map.of("a", Tree.of(1)), Set.of(), Map.of(), seen, Map.of("node", seen)),
                seen.keySet());
        Checkpointer saver = saver(broken);
        saver.put(huge);
        saver.put(next(2, id(1), Map.of("b", Tree.of(2))));

        assertThat(table.get(Keys.thread("owner", thread), Keys.value("", Keys.HEADER, id(1), attemptOf(1), 1)))
                .isPresent();
        assertThat(wire.largestItem()).isLessThan(400_000);
        SavedCheckpoint latest = saver(table).latest(thread, "").orElseThrow();
        assertThat(latest.values()).isEqualTo(Map.of("a", Tree.of(1), "b", Tree.of(2)));
        for (CheckpointRef ref : List.of(huge.ref(), latest.ref())) {
            Checkpoint checkpoint = saver(table).get(ref).orElseThrow().checkpoint();
            assertThat(checkpoint.channelVersions()).containsAllEntriesOf(seen);
            assertThat(checkpoint.versionsSeen().get("node")).containsAllEntriesOf(seen);
        }
    }

    @Test
    void aNewerFormatIsRefusedClearly() {
        saver(table).put(next(1, null, Map.of("a", Tree.of(1))));
        for (String sk : List.of(Keys.header("", id(1)), Keys.LEASE)) {
            table.calling(client -> client.updateItem(update -> update.tableName(table.name())
                    .key(Table.key(Keys.thread("owner", thread), sk))
                    .updateExpression("SET v = :v")
                    .expressionAttributeValues(Map.of(":v", AttributeValue.fromN("2")))));

            assertThatThrownBy(() -> saver(table).latest(thread, ""))
                    .isInstanceOf(CheckpointException.Unreadable.class)
                    .hasMessageContaining("expected at most format 1, got 2");
        }
    }

    @Test
    void ownersMayUseTheSameThreadId() {
        saver(table).put(next(1, null, Map.of("a", Tree.of("mine"))));
        Checkpointer stranger = new DynamoDbCheckpointer(table, "owner#x", () -> "attempt");

        assertThat(stranger.latest(thread, "")).isEmpty();
        stranger.put(next(1, null, Map.of("a", Tree.of("theirs"))));
        stranger.deleteThread(thread);

        assertThat(saver(table).latest(thread, "").orElseThrow().values()).isEqualTo(Map.of("a", Tree.of("mine")));
    }

    private String attemptOf(int number) {
        return Table.text(
                table.get(Keys.thread("owner", thread), Keys.header("", id(number)))
                        .orElseThrow(),
                "attempt");
    }

    private static Checkpointer saver(Table table) {
        return new DynamoDbCheckpointer(table, "owner", () -> UUID.randomUUID().toString());
    }

    private static Map<String, Tree> large(int version) {
        return Map.of(
                "small",
                Tree.of(version),
                "large",
                noise(900_000, version),
                "messages",
                Trees.messages(100_000 * version));
    }

    private static Tree noise(int size, long seed) {
        byte[] noise = new byte[size];
        new SplittableRandom(seed).nextBytes(noise);
        return new Tree.Bytes(noise);
    }

    private NewCheckpoint next(int number, @Nullable String parent, Map<String, Tree> changed) {
        return next(number, parent, changed, Map.of());
    }

    private static NewCheckpoint of(String run, NewCheckpoint next) {
        return new NewCheckpoint(
                next.ref(),
                next.parentId(),
                next.createdAt(),
                new CheckpointMetadata(CheckpointMetadata.Source.LOOP, 1, run, "graph@1", Map.of()),
                next.changes(),
                next.updated());
    }

    private NewCheckpoint next(
            int number, @Nullable String parent, Map<String, Tree> changed, Map<String, List<Tree>> appended) {
        Map<String, Long> versions = new HashMap<>();
        changed.keySet().forEach(channel -> versions.put(channel, (long) number));
        appended.keySet().forEach(channel -> versions.put(channel, (long) number));
        return new NewCheckpoint(
                new CheckpointRef(thread, "", id(number)),
                parent,
                CREATED,
                METADATA,
                new NewCheckpoint.Changes(changed, Set.of(), appended, versions, Map.of("node", versions)),
                changed.keySet());
    }

    private static String id(int number) {
        return "1f0a%04x-0000-6000-8000-000000000000".formatted(number);
    }
}
