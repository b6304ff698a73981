package dev.heddle.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.heddle.graph.checkpoint.Checkpoint;
import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.types.CheckpointMetadata;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.testing.GuardedCheckpointer;
import dev.heddle.tree.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link Checkpointer} does. Tests use threads of their own, so the storage may be shared. */
public abstract class CheckpointerConformance {
    private static final String TASK = "7b1c";
    private static final Instant CREATED = Instant.parse("2026-11-02T08:00:00Z");

    private final String thread = "t-" + UUID.randomUUID();
    private final List<GuardedCheckpointer> opened = new ArrayList<>();
    private Checkpointer saver;
    private int ids;

    /** A new saver over the same storage, as another run or another process would open it. */
    protected abstract Checkpointer open();

    /** How many random walks to take; each is some hundred calls. */
    protected abstract int walks();

    @BeforeEach
    final void opensASaver() {
        saver = another();
    }

    @AfterEach
    final void nothingWasChangedThatASaverGotOrGave() {
        opened.forEach(GuardedCheckpointer::verify);
    }

    private Checkpointer another() {
        GuardedCheckpointer guarded = new GuardedCheckpointer(open());
        opened.add(guarded);
        return guarded;
    }

    @Nested
    class Checkpoints {
        @Test
        void knowNothingOfAnUnknownThread() {
            assertThat(saver.latest(thread, "")).isEmpty();
            assertThat(saver.get(ref("", id(1)))).isEmpty();
            assertThat(saver.history(thread, "", HistoryQuery.newest(10))).isEmpty();
        }

        @Test
        void areReadAsTheyWereStored() {
            Instant createdAt = Instant.parse("2026-11-02T08:00:00.123456789Z");
            Map<String, Long> versions = Map.of("messages", 3L, "branch:to:x", Long.MAX_VALUE);
            Map<String, Map<String, Long>> seen = Map.of("planner", Map.of("messages", 2L), "idle", Map.of());
            NewCheckpoint first = new NewCheckpoint(
                    ref("", nextId()),
                    null,
                    createdAt,
                    new CheckpointMetadata(
                            CheckpointMetadata.Source.FORK,
                            7,
                            "run-1",
                            "support@3",
                            Map.of("", "p0", "a:1", "p1"),
                            Tree.fields("user", Tree.of("ann"), "all", Trees.everyKind())),
                    new NewCheckpoint.Changes(
                            Map.of("messages", Tree.of("hello")),
                            Set.of(),
                            Map.of("log", List.of(Tree.of("said hello"))),
                            versions,
                            seen),
                    Set.of("messages"));

            saver.put(first);

            SavedCheckpoint expected = new SavedCheckpoint(
                    first.ref(),
                    null,
                    new Checkpoint(
                            first.id(),
                            createdAt,
                            new TreeMap<>(versions),
                            new TreeMap<>(
                                    Map.of("planner", new TreeMap<>(Map.of("messages", 2L)), "idle", new TreeMap<>())),
                            new TreeSet<>(Set.of("messages"))),
                    first.metadata(),
                    Map.of("messages", Tree.of("hello")),
                    Map.of("log", delta(null, Tree.of("said hello"))),
                    List.of());
            assertThat(saver.latest(thread, "")).contains(expected);
            assertThat(saver.get(first.ref())).contains(expected);
            assertThat(saver.history(thread, "", HistoryQuery.newest(10))).containsExactly(expected);
            assertThat(another().latest(thread, "")).contains(expected);
            assertThat(another().get(first.ref())).contains(expected);
        }

        @Test
        void keepEverySourceAndStep() {
            String parent = null;
            for (CheckpointMetadata.Source source : CheckpointMetadata.Source.values()) {
                NewCheckpoint next = new NewCheckpoint(
                        ref("", nextId()),
                        parent,
                        CREATED,
                        new CheckpointMetadata(source, -1, "", "", Map.of()),
                        NewCheckpoint.Changes.NONE,
                        Set.of());
                saver.put(next);
                parent = next.id();

                assertThat(saver.latest(thread, "").orElseThrow().metadata()).isEqualTo(next.metadata());
            }
        }

        @Test
        void inheritWhatTheyDoNotChange() {
            String first = put("", null, Map.of("a", Tree.of(1), "b", Tree.of(1)));
            String second = put("", first, Map.of("b", Tree.of(2), "c", Tree.of(2)));
            String third = put("", second, Map.of());
            String fourth = put("", third, Map.of("c", Tree.of(4)));

            assertThat(another().latest(thread, "").orElseThrow().values())
                    .isEqualTo(Map.of("a", Tree.of(1), "b", Tree.of(2), "c", Tree.of(4)));
            assertThat(valuesAt("", first)).isEqualTo(Map.of("a", Tree.of(1), "b", Tree.of(1)));
            assertThat(valuesAt("", third)).isEqualTo(Map.of("a", Tree.of(1), "b", Tree.of(2), "c", Tree.of(2)));
            assertThat(valuesAt("", fourth)).containsEntry("c", Tree.of(4));
        }

        @Test
        void inheritAlsoInANewProcess() {
            String first = put("", null, Map.of("a", Tree.of(1), "big", Trees.messages(50_000)));
            saver = another();
            saver.latest(thread, "");
            String second = put("", first, Map.of("b", Tree.of(2)));
            saver = another();
            put("", second, Map.of("c", Tree.of(3)));

            assertThat(another().latest(thread, "").orElseThrow().values())
                    .isEqualTo(
                            Map.of("a", Tree.of(1), "b", Tree.of(2), "c", Tree.of(3), "big", Trees.messages(50_000)));
        }

        @Test
        void forgetEmptiedChannelsUntilTheyAreWrittenAgain() {
            String first = put("", null, Map.of("a", Tree.of(1), "b", Tree.of(1)));
            saver.put(next("", first, Map.of(), Set.of("a", "never")));
            String second = head("");
            put("", second, Map.of("a", Tree.of(3)));

            assertThat(valuesAt("", first)).containsKeys("a", "b");
            assertThat(valuesAt("", second)).isEqualTo(Map.of("b", Tree.of(1)));
            assertThat(valuesAt("", head(""))).isEqualTo(Map.of("a", Tree.of(3), "b", Tree.of(1)));
        }

        @Test
        void keepNullApartFromEmpty() {
            put("", null, Map.of("a", Tree.NULL));

            assertThat(another().latest(thread, "").orElseThrow().values()).isEqualTo(Map.of("a", Tree.NULL));
        }

        @Test
        void areListedNewestFirstInPages() {
            List<String> all = new ArrayList<>();
            String parent = null;
            for (int i = 0; i < 12; i++) {
                parent = put("", parent, Map.of("n", Tree.of(i)));
                all.addFirst(parent);
            }
            Checkpointer reader = another();

            assertThat(ids(reader.history(thread, "", HistoryQuery.newest(100))))
                    .isEqualTo(all);
            assertThat(ids(reader.history(thread, "", HistoryQuery.newest(5)))).isEqualTo(all.subList(0, 5));
            assertThat(ids(reader.history(thread, "", HistoryQuery.before(all.get(4), 5))))
                    .isEqualTo(all.subList(5, 10));
            assertThat(ids(reader.history(thread, "", HistoryQuery.before(all.get(9), 5))))
                    .isEqualTo(all.subList(10, 12));
            assertThat(reader.history(thread, "", HistoryQuery.before(all.getLast(), 5)))
                    .isEmpty();
            assertThat(reader.history(thread, "", HistoryQuery.before(all.get(2), 1)))
                    .singleElement()
                    .satisfies(saved -> {
                        assertThat(saved.parentId()).isEqualTo(all.get(4));
                        assertThat(saved.values()).isEqualTo(Map.of("n", Tree.of(8)));
                    });
        }

        @Test
        void keepMoreThanTenChannelsAndManyVersions() {
            Map<String, Tree> values = new HashMap<>();
            IntStream.range(0, 150).forEach(i -> values.put("channel" + i, Tree.of("v".repeat(i * 50))));

            put("", null, values);

            assertThat(another().latest(thread, "").orElseThrow().values()).isEqualTo(values);
        }

        @Test
        void keepChannelsWithAnyName() {
            Map<String, Tree> values = new HashMap<>();
            for (String name : List.of(
                    "", "a", "a#b", "a#", "#", "%", "%23", "$dec", "a|b:c", "a b", "é😀", "\uD83D", "x".repeat(3000))) {
                values.put(name, Trees.messages(5000));
            }

            put("", null, values);

            assertThat(another().latest(thread, "").orElseThrow().values()).isEqualTo(values);
        }

        @Test
        void keepEveryKindOfValue() {
            Map<String, Tree> values = new HashMap<>();
            List<Tree> all = Trees.everyKind().items();
            IntStream.range(0, all.size()).forEach(i -> values.put("c" + i, all.get(i)));

            put("", null, values);

            assertThat(another().latest(thread, "").orElseThrow().values()).isEqualTo(values);
        }

        @Test
        void keepAMegabyteOfMessages() {
            Tree.Items messages = Trees.messages(1_000_000);

            String first = put("", null, Map.of("messages", messages, "n", Tree.of(1)));
            put("", first, Map.of("n", Tree.of(2)));

            assertThat(another().latest(thread, "").orElseThrow().values())
                    .isEqualTo(Map.of("messages", messages, "n", Tree.of(2)));
        }

        @Test
        void keepBytesThatDoNotCompress() {
            byte[] noise = new byte[1_500_000];
            new SplittableRandom(7).nextBytes(noise);

            put("", null, Map.of("noise", new Tree.Bytes(noise)));

            assertThat(another().latest(thread, "").orElseThrow().values())
                    .isEqualTo(Map.of("noise", new Tree.Bytes(noise)));
        }
    }

    @Nested
    class Branches {
        @Test
        void beginAtAnOlderCheckpointAndLeaveTheOtherAsItWas() {
            String root = put("", null, Map.of("a", Tree.of("root"), "b", Trees.messages(20_000)));
            String left = put("", root, Map.of("a", Tree.of("left"), "b", Trees.messages(21_000)));
            saver = another();
            saver.get(ref("", root));

            String right = put("", root, Map.of("a", Tree.of("right")));

            SavedCheckpoint latest = another().latest(thread, "").orElseThrow();
            assertThat(latest.ref().checkpointId()).isEqualTo(right);
            assertThat(latest.parentId()).isEqualTo(root);
            assertThat(latest.values()).isEqualTo(Map.of("a", Tree.of("right"), "b", Trees.messages(20_000)));
            assertThat(valuesAt("", left)).isEqualTo(Map.of("a", Tree.of("left"), "b", Trees.messages(21_000)));
            assertThat(ids(saver.history(thread, "", HistoryQuery.newest(10)))).containsExactly(right, left, root);
        }

        @Test
        void goOnFromEitherSide() {
            String root = put("", null, Map.of("a", Tree.of("root")));
            String left = put("", root, Map.of("l", Tree.of(1)));
            String right = put("", root, Map.of("r", Tree.of(1)));
            String left2 = put("", left, Map.of("l", Tree.of(2)));
            String right2 = put("", right, Map.of("r", Tree.of(2)));

            assertThat(valuesAt("", left2)).isEqualTo(Map.of("a", Tree.of("root"), "l", Tree.of(2)));
            assertThat(valuesAt("", right2)).isEqualTo(Map.of("a", Tree.of("root"), "r", Tree.of(2)));
        }
    }

    @Nested
    class TwoRunsOnOneThread {
        @Test
        void cannotBothGoOnFromTheSameState() {
            String first = put("", null, Map.of("a", Tree.of(1)));
            Checkpointer one = another();
            Checkpointer two = another();
            one.latest(thread, "");
            two.latest(thread, "");

            one.put(next("", first, Map.of("a", Tree.of("one")), Set.of()));

            assertThatThrownBy(() -> two.put(next("", first, Map.of("a", Tree.of("two")), Set.of())))
                    .isInstanceOf(CheckpointException.Conflict.class)
                    .hasMessageContaining(first);
            assertThat(another().latest(thread, "").orElseThrow().values()).isEqualTo(Map.of("a", Tree.of("one")));
            assertThat(another().history(thread, "", HistoryQuery.newest(10))).hasSize(2);
        }

        @Test
        void cannotBothBegin() {
            Checkpointer one = another();
            Checkpointer two = another();
            one.latest(thread, "");
            two.latest(thread, "");

            one.put(next("", null, Map.of("a", Tree.of("one")), Set.of()));

            assertThatThrownBy(() -> two.put(next("", null, Map.of("a", Tree.of("two")), Set.of())))
                    .isInstanceOf(CheckpointException.Conflict.class);
            assertThat(another().latest(thread, "").orElseThrow().values()).isEqualTo(Map.of("a", Tree.of("one")));
        }

        @Test
        void cannotBothForkAnOldCheckpoint() {
            String root = put("", null, Map.of("a", Tree.of("root")));
            put("", root, Map.of("a", Tree.of("next")));
            Checkpointer one = another();
            Checkpointer two = another();
            one.get(ref("", root));
            two.get(ref("", root));

            one.put(next("", root, Map.of("a", Tree.of("one")), Set.of()));

            assertThatThrownBy(() -> two.put(next("", root, Map.of("a", Tree.of("two")), Set.of())))
                    .isInstanceOf(CheckpointException.Conflict.class);
        }

        @Test
        void canFollowEachOtherWhenTheSecondReadsAgain() {
            String first = put("", null, Map.of("a", Tree.of(1)));
            Checkpointer two = another();
            two.latest(thread, "");
            String second = put("", first, Map.of("a", Tree.of(2)));
            two.latest(thread, "");

            two.put(next("", second, Map.of("a", Tree.of(3)), Set.of()));

            assertThat(another().latest(thread, "").orElseThrow().values()).isEqualTo(Map.of("a", Tree.of(3)));
        }

        @Test
        void findAConflictAlsoWithoutReadingFirst() {
            String first = put("", null, Map.of("a", Tree.of(1)));
            put("", first, Map.of("a", Tree.of(2)));

            assertThatThrownBy(() -> another().put(next("", first, Map.of(), Set.of())))
                    .isInstanceOf(CheckpointException.Conflict.class);
            assertThatThrownBy(() -> another().put(next("", null, Map.of(), Set.of())))
                    .isInstanceOf(CheckpointException.Conflict.class);
        }

        @Test
        void findTheThreadDeletedUnderThem() {
            String first = put("", null, Map.of("a", Tree.of(1)));

            another().deleteThread(thread);

            assertThatThrownBy(() -> put("", first, Map.of("a", Tree.of(2))))
                    .isInstanceOf(CheckpointException.Conflict.class);
            assertThat(another().latest(thread, "")).isEmpty();
        }

        @Test
        void leaveNothingBehindWhenTheyLose() {
            String first = put("", null, Map.of("a", Tree.of(1)));
            Checkpointer two = another();
            two.latest(thread, "");
            put("", first, Map.of("a", Tree.of(2)));
            NewCheckpoint lost = next("", first, Map.of("a", Trees.messages(50_000)), Set.of());
            assertThatThrownBy(() -> two.put(lost)).isInstanceOf(CheckpointException.Conflict.class);
            String third = put("", head(""), Map.of("a", Tree.of(3)));

            assertThat(another().get(lost.ref())).isEmpty();
            assertThat(ids(another().history(thread, "", HistoryQuery.newest(10))))
                    .hasSize(3)
                    .startsWith(third)
                    .doesNotContain(lost.id());
        }

        @Test
        void onlyOneOfManyAtOnceSucceeds() throws InterruptedException {
            String first = put("", null, Map.of("a", Tree.of(1)));
            List<Checkpointer> savers =
                    IntStream.range(0, 8).mapToObj(i -> another()).toList();
            savers.forEach(each -> each.latest(thread, ""));
            List<NewCheckpoint> candidates = IntStream.range(0, 8)
                    .mapToObj(i -> next("", first, Map.of("a", Tree.of("writer " + i)), Set.of()))
                    .toList();
            boolean[] won = new boolean[8];
            List<Thread> workers = IntStream.range(0, 8)
                    .mapToObj(i -> Thread.ofVirtual().start(() -> {
                        try {
                            savers.get(i).put(candidates.get(i));
                            won[i] = true;
                        } catch (CheckpointException.Conflict expected) {
                            won[i] = false;
                        }
                    }))
                    .toList();
            for (Thread worker : workers) {
                worker.join();
            }

            List<Integer> winners =
                    IntStream.range(0, 8).filter(i -> won[i]).boxed().toList();
            assertThat(winners).hasSize(1);
            assertThat(another().latest(thread, "").orElseThrow().values())
                    .isEqualTo(Map.of("a", Tree.of("writer " + winners.getFirst())));
        }
    }

    @Nested
    class Puts {
        @Test
        void mayBeRepeated() {
            NewCheckpoint only = next("", null, Map.of("a", Tree.of(1), "big", Trees.messages(9000)), Set.of());

            saver.put(only);
            saver.put(only);

            assertThat(another().history(thread, "", HistoryQuery.newest(10))).hasSize(1);
            put("", only.id(), Map.of("a", Tree.of(2)));
            assertThat(another().history(thread, "", HistoryQuery.newest(10))).hasSize(2);
        }

        @Test
        void refuseAnIdThatDoesNotRise() {
            String first = put("", null, Map.of("a", Tree.of(1)));
            String later = id(1000);
            saver.put(checkpoint(thread, "", first, later, Map.of("a", Tree.of(2)), Set.of()));

            assertThatThrownBy(() -> put("", later, Map.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected one greater than " + later);
            assertThat(another().latest(thread, "").orElseThrow().ref().checkpointId())
                    .isEqualTo(later);
        }
    }

    @Nested
    class PendingWrites {
        @Test
        void belongToOneCheckpoint() {
            String first = put("", null, Map.of());
            write("", first, TASK, write(TASK, 0, "a", Tree.of(1)));
            String second = put("", first, Map.of());

            assertThat(writesAt("", first)).containsExactly(write(TASK, 0, "a", Tree.of(1)));
            assertThat(writesAt("", second)).isEmpty();
        }

        @Test
        void keepTheNumericOrderOfMoreThanTen() {
            String first = put("", null, Map.of());
            PendingWrite[] writes = IntStream.range(0, 120)
                    .mapToObj(i -> write(TASK, i, "c" + i % 3, Tree.of(i)))
                    .toArray(PendingWrite[]::new);

            write("", first, TASK, writes);

            assertThat(writesAt("", first)).containsExactly(writes);
        }

        @Test
        void mayComeBeforeTheirCheckpoint() {
            String first = nextId();
            write("", first, TASK, write(TASK, 0, "a", Tree.of(1)));
            assertThat(another().latest(thread, "")).isEmpty();

            saver.put(checkpoint(thread, "", null, first, Map.of(), Set.of()));

            assertThat(writesAt("", first)).containsExactly(write(TASK, 0, "a", Tree.of(1)));
        }

        @Test
        void areKeptAsFirstStored() {
            String first = put("", null, Map.of());
            write("", first, TASK, write(TASK, 0, "a", Tree.of("first")));

            write("", first, TASK, write(TASK, 0, "a", Tree.of("second")), write(TASK, 1, "b", Tree.of("second")));

            assertThat(writesAt("", first)).containsExactly(write(TASK, 0, "a", Tree.of("first")));
        }

        @Test
        void areReplacedWhenTheyAreSpecial() {
            String first = put("", null, Map.of());
            for (int round = 1; round <= 2; round++) {
                for (int kind : new int[] {
                    PendingWrite.ERROR, PendingWrite.SCHEDULED, PendingWrite.INTERRUPT, PendingWrite.RESUME, -17
                }) {
                    write("", first, TASK, write(TASK, kind, "kind" + kind, Tree.of(round)));
                }
            }

            assertThat(writesAt("", first))
                    .extracting(PendingWrite::value)
                    .hasSize(5)
                    .containsOnly(Tree.of(2));
        }

        @Test
        void mixSpecialAndOrdinaryOnes() {
            String first = put("", null, Map.of());
            write("", first, TASK, write(TASK, PendingWrite.RESUME, "r", Tree.of(1)));

            write("", first, TASK, write(TASK, 0, "a", Tree.of(2)), write(TASK, PendingWrite.RESUME, "r", Tree.of(2)));

            assertThat(writesAt("", first))
                    .containsExactly(
                            write(TASK, PendingWrite.RESUME, "r", Tree.of(2)), write(TASK, 0, "a", Tree.of(2)));
        }

        @Test
        void keepTasksApart() {
            String first = put("", null, Map.of());
            List<String> tasks = List.of("a", "a#", "a#error", "a#-1", "a%", "ab", "b", "ä", "");
            for (String task : tasks) {
                write("", first, task, write(task, 0, "c", Tree.of(task)), write(task, 1, "c", Tree.of(task)));
                write("", first, task, write(task, PendingWrite.ERROR, "e", Tree.of(task)));
            }

            List<PendingWrite> writes = writesAt("", first);

            assertThat(writes).hasSize(3 * tasks.size());
            for (String task : tasks) {
                int begin = writes.indexOf(write(task, PendingWrite.ERROR, "e", Tree.of(task)));
                assertThat(writes.subList(begin, begin + 3))
                        .containsExactly(
                                write(task, PendingWrite.ERROR, "e", Tree.of(task)),
                                write(task, 0, "c", Tree.of(task)),
                                write(task, 1, "c", Tree.of(task)));
            }
        }

        @Test
        void keepLargeAndOddValues() {
            String first = put("", null, Map.of());
            PendingWrite large = write(TASK, 0, "messages", Trees.messages(1_000_000));
            PendingWrite odd = write(TASK, 1, "odd #", Trees.everyKind());
            PendingWrite answer = write(TASK, PendingWrite.RESUME, "resume", Trees.messages(900_000));

            write("", first, TASK, large, odd);
            write("", first, TASK, write(TASK, PendingWrite.RESUME, "resume", Tree.of("small")));
            write("", first, TASK, answer);

            assertThat(writesAt("", first)).containsExactly(answer, large, odd);
        }

        @Test
        void comeWithHistoryToo() {
            String first = put("", null, Map.of());
            write("", first, TASK, write(TASK, 0, "a", Tree.of(1)));
            String second = put("", first, Map.of());
            write("", second, TASK, write(TASK, 0, "a", Tree.of(2)));

            assertThat(another().history(thread, "", HistoryQuery.newest(10)))
                    .extracting(SavedCheckpoint::writes)
                    .containsExactly(
                            List.of(write(TASK, 0, "a", Tree.of(2))), List.of(write(TASK, 0, "a", Tree.of(1))));
        }
    }

    @Nested
    class NamespacesAndThreads {
        private final List<String> names = List.of(
                "",
                "a",
                "a:",
                "a:1",
                "a:1|",
                "a:1|b",
                "a:1|b:",
                "a:1|b:2",
                "a:1|b:2|1",
                "a:10",
                "a|",
                "a|1",
                ":",
                "|",
                "a#",
                "a#b",
                "%",
                "ä",
                "n".repeat(2000),
                "n".repeat(2001));

        @Test
        void areIsolatedFromEachOther() {
            Map<String, String> ids = new HashMap<>();
            for (String namespace : names) {
                String id = put(namespace, null, Map.of("v", Tree.of(namespace), "big", Trees.messages(9000)));
                ids.put(namespace, id);
                write(namespace, id, TASK, write(TASK, 0, "w", Tree.of(namespace)));
            }

            for (String namespace : names) {
                SavedCheckpoint latest = another().latest(thread, namespace).orElseThrow();
                assertThat(latest.ref()).isEqualTo(ref(namespace, ids.getOrDefault(namespace, "?")));
                assertThat(latest.values()).containsEntry("v", Tree.of(namespace));
                assertThat(latest.writes()).containsExactly(write(TASK, 0, "w", Tree.of(namespace)));
                assertThat(another().history(thread, namespace, HistoryQuery.newest(10)))
                        .hasSize(1);
            }
        }

        @Test
        void mayUseTheSameCheckpointId() {
            String id = nextId();
            for (String namespace : List.of("", "a", "b")) {
                saver.put(checkpoint(thread, namespace, null, id, Map.of("v", Tree.of(namespace)), Set.of()));
            }

            for (String namespace : List.of("", "a", "b")) {
                assertThat(valuesAt(namespace, id)).isEqualTo(Map.of("v", Tree.of(namespace)));
            }
        }

        @Test
        void doNotShareThreadsWhoseNamesBeginAlike() {
            List<String> threads = List.of(thread, thread + "1", thread + ".", thread + "-a", "x" + thread);
            for (String each : threads) {
                saver.put(checkpoint(each, "", null, nextId(), Map.of("v", Tree.of(each)), Set.of()));
            }

            for (String each : threads) {
                assertThat(another().latest(each, "").orElseThrow().values()).isEqualTo(Map.of("v", Tree.of(each)));
                assertThat(another().history(each, "", HistoryQuery.newest(10))).hasSize(1);
            }
        }
    }

    @Nested
    class Deleting {
        @Test
        void removesTheWholeThreadAndLeavesOthers() {
            String other = thread + "1";
            saver.put(checkpoint(other, "", null, nextId(), Map.of("v", Tree.of(1)), Set.of()));
            String first = put("", null, Map.of("a", Trees.messages(900_000)));
            String second = put("", first, Map.of("a", Tree.of(2)));
            String inner = put("sub:1", null, Map.of("a", Tree.of(3)));
            write("", second, TASK, write(TASK, 0, "w", Trees.messages(900_000)));

            saver.deleteThread(thread);

            for (Checkpointer reader : List.of(saver, another())) {
                assertThat(reader.latest(thread, "")).isEmpty();
                assertThat(reader.latest(thread, "sub:1")).isEmpty();
                assertThat(reader.history(thread, "", HistoryQuery.newest(10))).isEmpty();
                assertThat(reader.get(ref("", first))).isEmpty();
                assertThat(reader.get(ref("sub:1", inner))).isEmpty();
            }
            assertThat(another().latest(other, "")).isPresent();
        }

        @Test
        void leavesRoomForANewThreadOfTheSameName() {
            String first = put("", null, Map.of("a", Tree.of(1), "b", Tree.of(1)));
            write("", first, TASK, write(TASK, 0, "w", Tree.of(1)));
            saver.deleteThread(thread);

            saver.put(checkpoint(thread, "", null, first, Map.of("a", Tree.of(2)), Set.of()));

            SavedCheckpoint latest = another().latest(thread, "").orElseThrow();
            assertThat(latest.values()).isEqualTo(Map.of("a", Tree.of(2)));
            assertThat(latest.writes()).isEmpty();
        }

        @Test
        void doesNothingToAnUnknownThread() {
            saver.deleteThread(thread);

            assertThat(saver.latest(thread, "")).isEmpty();
        }
    }

    @Nested
    class Deltas {
        @Test
        void areRebuiltFromAllBatchesInTheirOrder() {
            String first = by("r", appended("log", Tree.of(1), Tree.of(2)));
            String second = by("r", values(Map.of("other", Tree.of("x"))));
            String third = by("r", appended("log", Tree.of(3)));

            assertThat(deltaAt(first, "log")).isEqualTo(delta(null, Tree.of(1), Tree.of(2)));
            assertThat(deltaAt(second, "log")).isEqualTo(delta(null, Tree.of(1), Tree.of(2)));
            assertThat(deltaAt(third, "log")).isEqualTo(delta(null, Tree.of(1), Tree.of(2), Tree.of(3)));
            assertThat(valuesAt("", third)).isEqualTo(Map.of("other", Tree.of("x")));
        }

        @Test
        void beginAfterTheLastWholeValue() {
            by("r", values(Map.of("small", Tree.of("base"), "large", Trees.messages(30_000))));
            by("r", appended("small", Tree.of(1)));
            String third = by("r", appended("large", Tree.of(1)));
            String fourth = by("r", appended("small", Tree.of(2)));

            assertThat(deltaAt(third, "small")).isEqualTo(delta(Tree.of("base"), Tree.of(1)));
            assertThat(deltaAt(fourth, "small")).isEqualTo(delta(Tree.of("base"), Tree.of(1), Tree.of(2)));
            assertThat(deltaAt(fourth, "large")).isEqualTo(delta(Trees.messages(30_000), Tree.of(1)));
            assertThat(valuesAt("", fourth)).isEmpty();
        }

        @Test
        void endWhereTheChannelIsStoredWholeOrEmptied() {
            String first = by("r", appended("log", Tree.of(1)));
            String whole = by("r", values(Map.of("log", Tree.of("whole"))));
            String third = by("r", appended("log", Tree.of(3)));
            saver.put(next("", third, Map.of(), Set.of("log")));
            String emptied = head("");
            String fifth = by("r", appended("log", Tree.of(5)));

            assertThat(deltaAt(first, "log")).isEqualTo(delta(null, Tree.of(1)));
            assertThat(deltaAt(whole, "log")).isNull();
            assertThat(valuesAt("", whole)).isEqualTo(Map.of("log", Tree.of("whole")));
            assertThat(deltaAt(third, "log")).isEqualTo(delta(Tree.of("whole"), Tree.of(3)));
            assertThat(deltaAt(emptied, "log")).isNull();
            assertThat(valuesAt("", emptied)).isEmpty();
            assertThat(deltaAt(fifth, "log")).isEqualTo(delta(null, Tree.of(5)));
        }

        @Test
        void countAfterWhatTheSameCheckpointEmptiesAndStoresWhole() {
            by("r", appended("reset", Tree.of(1)));
            String second = by(
                    "r",
                    new NewCheckpoint.Changes(
                            Map.of("based", Tree.of("new")),
                            Set.of("reset", "based"),
                            Map.of("reset", List.of(Tree.of(2)), "based", List.of(Tree.of(3))),
                            Map.of(),
                            Map.of()));

            assertThat(deltaAt(second, "reset")).isEqualTo(delta(null, Tree.of(2)));
            assertThat(deltaAt(second, "based")).isEqualTo(delta(Tree.of("new"), Tree.of(3)));
            assertThat(valuesAt("", second)).isEmpty();
        }

        @Test
        void doNotBeginByNoWrites() {
            String first = by("r", appended("log"));
            by("r", values(Map.of("log", Tree.of("whole"))));
            String third = by("r", appended("log"));

            assertThat(deltaAt(first, "log")).isNull();
            assertThat(deltaAt(third, "log")).isNull();
            assertThat(valuesAt("", third)).isEqualTo(Map.of("log", Tree.of("whole")));
        }

        @Test
        void followTheirBranch() {
            CheckpointRef root = ref("", by("r", appended("log", Tree.of("root"))));
            String left = by("r", root, appended("log", Tree.of("left")));
            String right = by("r", root, appended("log", Tree.of("right")));
            String left2 = by("r", ref("", left), appended("log", Tree.of("left2")));
            String right2 = by("r", ref("", right), appended("log", Tree.of("right2")));

            assertThat(deltaAt(left2, "log"))
                    .isEqualTo(delta(null, Tree.of("root"), Tree.of("left"), Tree.of("left2")));
            assertThat(deltaAt(right2, "log"))
                    .isEqualTo(delta(null, Tree.of("root"), Tree.of("right"), Tree.of("right2")));
            assertThat(everything(thread, ""))
                    .extracting(saved -> saved.deltas().get("log"))
                    .containsExactly(
                            deltaAt(right2, "log"),
                            deltaAt(left2, "log"),
                            deltaAt(right, "log"),
                            deltaAt(left, "log"),
                            delta(null, Tree.of("root")));
        }

        @Test
        void goOnInANewProcess() {
            String parent = null;
            List<Tree> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                saver = i % 7 == 0 ? another() : saver;
                all.add(Tree.of("turn " + i));
                parent = by("r", parent == null ? null : ref("", parent), appended("log", all.getLast()));
            }

            assertThat(another().latest(thread, "").orElseThrow().deltas())
                    .isEqualTo(Map.of("log", new SavedCheckpoint.Delta(null, all)));
        }

        @Test
        void mayBeLargeAndBelongToAnyChannel() {
            for (String channel : List.of("", "a#b", "a", "%", "x".repeat(3000))) {
                by("r", appended(channel, Trees.messages(900_000), Trees.everyKind()));
                String last = by("r", appended(channel, Tree.NULL));

                assertThat(deltaAt(last, channel))
                        .isEqualTo(delta(null, Trees.messages(900_000), Trees.everyKind(), Tree.NULL));
            }
        }
    }

    @Nested
    class VersionsAndWhatWasSeen {
        @Test
        void areThoseOfTheParentWithWhatChanged() {
            String first = by("r", seen(Map.of("a", 1L, "b", 1L), Map.of("n", Map.of("a", 1L), "m", Map.of("b", 1L))));
            by("r", seen(Map.of("b", 2L), Map.of("n", Map.of("b", 2L), "k", Map.of())));
            saver = another();
            String third = by("r", seen(Map.of("c", 3L), Map.of("n", Map.of("a", 3L))));

            Checkpoint checkpoint = another().get(ref("", third)).orElseThrow().checkpoint();
            assertThat(checkpoint.channelVersions()).isEqualTo(Map.of("a", 1L, "b", 2L, "c", 3L));
            assertThat(checkpoint.versionsSeen())
                    .isEqualTo(Map.of("n", Map.of("a", 3L, "b", 2L), "m", Map.of("b", 1L), "k", Map.of()));
            assertThat(another().get(ref("", first)).orElseThrow().checkpoint().versionsSeen())
                    .isEqualTo(Map.of("n", Map.of("a", 1L), "m", Map.of("b", 1L)));
        }

        @Test
        void stayWhenTheChannelIsEmptied() {
            String first = by("r", seen(Map.of("a", 4L), Map.of()));
            saver.put(next("", first, Map.of(), Set.of("a")));

            assertThat(another().latest(thread, "").orElseThrow().checkpoint().channelVersions())
                    .isEqualTo(Map.of("a", 4L));
        }

        @Test
        void areThoseOfTheirStepAlsoAfterManySteps() {
            String parent = null;
            for (long i = 0; i < 300; i++) {
                parent = by("r", parent == null ? null : ref("", parent), seen(Map.of("c" + i % 5, i + 1), Map.of()));
            }

            assertThat(another().latest(thread, "").orElseThrow().checkpoint().channelVersions())
                    .isEqualTo(Map.of("c0", 296L, "c1", 297L, "c2", 298L, "c3", 299L, "c4", 300L));
            List<SavedCheckpoint> all = everything(thread, "").reversed();
            for (int i = 4; i < 300; i++) {
                Map<String, Long> versions = new HashMap<>();
                for (int step = i - 4; step <= i; step++) {
                    versions.put("c" + step % 5, step + 1L);
                }
                assertThat(all.get(i).checkpoint().channelVersions()).isEqualTo(versions);
            }
        }

        private NewCheckpoint.Changes seen(Map<String, Long> versions, Map<String, Map<String, Long>> seen) {
            return new NewCheckpoint.Changes(Map.of(), Set.of(), Map.of(), versions, seen);
        }
    }

    @Nested
    class Histories {
        private final List<String> all = new ArrayList<>();

        @BeforeEach
        void storesSixOfTwoRuns() {
            String parent = null;
            for (int i = 0; i < 6; i++) {
                String id = nextId();
                saver.put(new NewCheckpoint(
                        ref("", id),
                        parent,
                        CREATED,
                        new CheckpointMetadata(
                                i % 3 == 0 ? CheckpointMetadata.Source.INPUT : CheckpointMetadata.Source.LOOP,
                                i - 1,
                                "run" + i / 3,
                                "graph@1",
                                Map.of(),
                                Tree.fields("user", Tree.of(i % 2 == 0 ? "ann" : "bob"), "i", Tree.of(i))),
                        values(Map.of("v", Tree.of(i))),
                        Set.of()));
                all.add(id);
                parent = id;
            }
        }

        @Test
        void areFilteredByWhatIsToldAboutACheckpoint() {
            assertThat(found(Map.of("source", Tree.of("input")))).containsExactly(3, 0);
            assertThat(found(Map.of("step", Tree.of(2)))).containsExactly(3);
            assertThat(found(Map.of("run_id", Tree.of("run0")))).containsExactly(2, 1, 0);
            assertThat(found(Map.of("user", Tree.of("bob")))).containsExactly(5, 3, 1);
            assertThat(found(Map.of("user", Tree.of("bob"), "run_id", Tree.of("run1"), "source", Tree.of("loop"))))
                    .containsExactly(5);
        }

        @Test
        void areEmptyWhenNothingMatches() {
            assertThat(found(Map.of("user", Tree.of("eve")))).isEmpty();
            assertThat(found(Map.of("nobody", Tree.of("ann")))).isEmpty();
            assertThat(found(Map.of("nobody", Tree.NULL))).isEmpty();
            assertThat(found(Map.of("step", Tree.of("2")))).isEmpty();
        }

        @Test
        void countOnlyWhatMatches() {
            Map<String, Tree> ann = Map.of("user", Tree.of("ann"));

            assertThat(found(new HistoryQuery(ann, null, 2))).containsExactly(4, 2);
            assertThat(found(new HistoryQuery(ann, all.get(4), 1))).containsExactly(2);
            assertThat(found(new HistoryQuery(ann, all.get(3), 5))).containsExactly(2, 0);
        }

        private List<Integer> found(Map<String, Tree> filter) {
            return found(new HistoryQuery(filter, null, 100));
        }

        private List<Integer> found(HistoryQuery query) {
            return another().history(thread, "", query).stream()
                    .map(saved -> all.indexOf(saved.ref().checkpointId()))
                    .toList();
        }
    }

    @Nested
    class Reads {
        @Test
        void seeEveryWriteBeforeThem() {
            String parent = null;
            for (int i = 0; i < 25; i++) {
                parent = put("", parent, Map.of("n", Tree.of(i)));
                write("", parent, TASK, write(TASK, 0, "n", Tree.of(i)));

                for (Checkpointer reader : List.of(saver, another())) {
                    SavedCheckpoint latest = reader.latest(thread, "").orElseThrow();
                    assertThat(latest.ref()).isEqualTo(ref("", parent));
                    assertThat(latest.values()).isEqualTo(Map.of("n", Tree.of(i)));
                    assertThat(latest.writes()).containsExactly(write(TASK, 0, "n", Tree.of(i)));
                }
            }
        }

        @Test
        void ofNoIdGiveTheLatest() {
            assertThat(saver.get(ref("", ""))).isEmpty();
            String first = put("", null, Map.of("a", Tree.of(1)));
            put("", first, Map.of("a", Tree.of(2)));

            assertThat(another().get(ref("", "")))
                    .isEqualTo(another().latest(thread, ""))
                    .isPresent();
        }
    }

    @Nested
    class Copying {
        private final String copy = thread + ".copy";

        @Test
        void takesEverythingWithItsHistoryAndWrites() {
            List<String> namespaces = List.of("", "a:1", "a:1|b:2");
            for (String namespace : namespaces) {
                String first = put(namespace, null, Map.of("a", Tree.of(1), "big", Trees.messages(50_000)));
                CheckpointRef second = ref(namespace, put(namespace, first, Map.of("a", Tree.of(2))));
                by("r", second, appended("log", Tree.of(namespace)));
                write(namespace, second.checkpointId(), TASK, write(TASK, 0, "w", Trees.messages(900_000)));
                write(namespace, second.checkpointId(), TASK, write(TASK, PendingWrite.RESUME, "r", Tree.of(1)));
            }

            saver.copyThread(thread, copy);

            for (String namespace : namespaces) {
                List<SavedCheckpoint> copied = everything(copy, namespace);
                assertThat(copied).hasSize(3);
                assertThat(copied)
                        .isEqualTo(everything(thread, namespace).stream()
                                .map(saved -> placed(saved, copy, saved.parentId()))
                                .toList());
                assertThat(another().latest(copy, namespace)).contains(copied.getFirst());
            }
        }

        @Test
        void leavesTwoThreadsThatGoOnApart() {
            String first = put("", null, Map.of("a", Tree.of(1)));
            write("", first, TASK, write(TASK, 0, "w", Tree.of(1)));
            saver.copyThread(thread, copy);

            put("", first, Map.of("a", Tree.of("original")));
            write("", first, "other", write("other", 0, "w", Tree.of(2)));
            Checkpointer other = another();
            other.latest(copy, "");
            other.put(checkpoint(copy, "", first, nextId(), Map.of("a", Tree.of("copy")), Set.of()));

            assertThat(another().latest(copy, "").orElseThrow().values()).isEqualTo(Map.of("a", Tree.of("copy")));
            assertThat(another().latest(thread, "").orElseThrow().values()).isEqualTo(Map.of("a", Tree.of("original")));
            assertThat(another()
                            .get(new CheckpointRef(copy, "", first))
                            .orElseThrow()
                            .writes())
                    .hasSize(1);
            saver.deleteThread(thread);
            assertThat(everything(copy, "")).hasSize(2);
        }

        @Test
        void doesNotTouchAThreadThatIsThere() {
            put("", null, Map.of("a", Tree.of(1)));
            saver.put(checkpoint(copy, "", null, nextId(), Map.of("a", Tree.of("mine")), Set.of()));

            assertThatThrownBy(() -> saver.copyThread(thread, copy)).isInstanceOf(CheckpointException.Conflict.class);
            assertThatThrownBy(() -> saver.copyThread(thread, thread)).isInstanceOf(CheckpointException.Conflict.class);
            assertThat(everything(copy, "")).singleElement().satisfies(saved -> assertThat(saved.values())
                    .isEqualTo(Map.of("a", Tree.of("mine"))));
        }

        @Test
        void ofNothingGivesNothing() {
            saver.copyThread(thread, copy);

            assertThat(another().latest(copy, "")).isEmpty();
        }
    }

    @Nested
    class Pruning {
        @Test
        void leavesTheLatestOfEachNamespaceWhole() {
            List<String> namespaces = List.of("", "a:1", "a:1|b:2");
            List<SavedCheckpoint> before = new ArrayList<>();
            for (String namespace : namespaces) {
                String first = put(
                        namespace,
                        null,
                        Map.of("small", Tree.of(1), "based", Tree.of("b"), "big", Trees.messages(50_000)));
                write(namespace, first, TASK, write(TASK, 0, "w", Trees.messages(900_000)));
                String second = by("r", ref(namespace, first), appended("log", Tree.of(1)));
                String third = by("r", ref(namespace, second), appended("based", Tree.of(1)));
                String fourth = by("r", ref(namespace, third), appended("log", Tree.of(2)));
                write(namespace, fourth, TASK, write(TASK, 0, "w", Tree.of("kept")));
                before.add(another().latest(thread, namespace).orElseThrow());
            }

            saver.pruneThread(thread);
            saver.pruneThread(thread);

            for (SavedCheckpoint whole : before) {
                String namespace = whole.ref().namespace();
                SavedCheckpoint kept = another().latest(thread, namespace).orElseThrow();
                assertThat(kept).isEqualTo(placed(whole, thread, null));
                assertThat(kept.values()).containsOnlyKeys("small", "big");
                assertThat(kept.deltas())
                        .isEqualTo(Map.of(
                                "log", delta(null, Tree.of(1), Tree.of(2)), "based", delta(Tree.of("b"), Tree.of(1))));
                assertThat(kept.writes()).containsExactly(write(TASK, 0, "w", Tree.of("kept")));
                assertThat(everything(thread, namespace)).containsExactly(kept);
            }
        }

        @Test
        void letsTheThreadGoOn() {
            String first = put("", null, Map.of("a", Tree.of(1)));
            String second = put("", first, Map.of("b", Tree.of(2)));
            saver.pruneThread(thread);
            String third = put("", second, Map.of("c", Tree.of(3)));
            saver = another();
            put("", third, Map.of("d", Tree.of(4)));

            assertThat(another().latest(thread, "").orElseThrow().values())
                    .isEqualTo(Map.of("a", Tree.of(1), "b", Tree.of(2), "c", Tree.of(3), "d", Tree.of(4)));
            assertThat(everything(thread, "")).hasSize(3);
            assertThat(another().get(ref("", first))).isEmpty();
        }

        @Test
        void takesOtherBranchesAway() {
            String root = put("", null, Map.of("a", Tree.of("root")));
            String left = put("", root, Map.of("a", Tree.of("left")));
            String right = put("", root, Map.of("b", Tree.of("right")));

            saver.pruneThread(thread);

            assertThat(ids(everything(thread, ""))).containsExactly(right);
            assertThat(another().get(ref("", left))).isEmpty();
            assertThat(valuesAt("", right)).isEqualTo(Map.of("a", Tree.of("root"), "b", Tree.of("right")));
        }

        @Test
        void doesNothingToAnUnknownThread() {
            saver.pruneThread(thread);

            assertThat(another().latest(thread, "")).isEmpty();
        }
    }

    @Nested
    class DeletingRuns {
        @Test
        void keepsWhatOthersInheritFromThem() {
            String first = by("r1", values(Map.of("a", Tree.of(1))));
            String second = by("r2", values(Map.of("b", Tree.of(2), "big", Trees.messages(50_000))));
            write("", second, TASK, write(TASK, 0, "w", Tree.of(1)));
            by("r2", appended("log", Tree.of(2)));
            String fourth = by("r3", appended("log", Tree.of(3)));
            String fifth = by("r3", values(Map.of("a", Tree.of(5))));
            SavedCheckpoint before = another().latest(thread, "").orElseThrow();

            saver.deleteRuns(thread, Set.of("r2", "unknown"));
            saver.deleteRuns(thread, Set.of("r2", "unknown"));

            assertThat(everything(thread, ""))
                    .extracting(saved -> saved.ref().checkpointId(), SavedCheckpoint::parentId)
                    .containsExactly(tuple(fifth, fourth), tuple(fourth, first), tuple(first, null));
            assertThat(another().latest(thread, "")).contains(before);
            assertThat(valuesAt("", fourth))
                    .isEqualTo(Map.of("a", Tree.of(1), "b", Tree.of(2), "big", Trees.messages(50_000)));
            assertThat(deltaAt(fourth, "log")).isEqualTo(delta(null, Tree.of(2), Tree.of(3)));
            assertThat(another().get(ref("", second))).isEmpty();
        }

        @Test
        void makesTheNewestThatIsLeftTheLatest() {
            String first = by("r1", values(Map.of("a", Tree.of(1))));
            write("", first, TASK, write(TASK, 0, "w", Tree.of(1)));
            by("r2", values(Map.of("a", Tree.of(2))));
            by("r2", appended("log", Tree.of(2)));

            saver.deleteRuns(thread, Set.of("r2"));

            SavedCheckpoint latest = another().latest(thread, "").orElseThrow();
            assertThat(latest.ref()).isEqualTo(ref("", first));
            assertThat(latest.values()).isEqualTo(Map.of("a", Tree.of(1)));
            assertThat(latest.deltas()).isEmpty();
            assertThat(latest.writes()).hasSize(1);
            put("", first, Map.of("b", Tree.of(3)));
            assertThat(everything(thread, ""))
                    .extracting(SavedCheckpoint::values)
                    .containsExactly(Map.of("a", Tree.of(1), "b", Tree.of(3)), Map.of("a", Tree.of(1)));
        }

        @Test
        void keepsBothSidesOfABranch() {
            CheckpointRef root = ref("", by("r1", values(Map.of("a", Tree.of("root")))));
            CheckpointRef trunk = ref("", by("gone", root, values(Map.of("b", Tree.of("trunk")))));
            String left = by("r1", trunk, values(Map.of("c", Tree.of("left"))));
            String right = by("r1", trunk, values(Map.of("c", Tree.of("right"))));

            saver.deleteRuns(thread, Set.of("gone"));

            for (Map.Entry<String, String> side :
                    Map.of("left", left, "right", right).entrySet()) {
                SavedCheckpoint saved = another().get(ref("", side.getValue())).orElseThrow();
                assertThat(saved.parentId()).isEqualTo(root.checkpointId());
                assertThat(saved.values())
                        .isEqualTo(Map.of("a", Tree.of("root"), "b", Tree.of("trunk"), "c", Tree.of(side.getKey())));
            }
        }

        @Test
        void workInAllNamespaces() {
            put("", null, Map.of("a", Tree.of(1)));
            put("a:1", null, Map.of("a", Tree.of(1)));
            CheckpointRef inner = ref("b:1", put("b:1", null, Map.of("a", Tree.of(1))));
            String kept = by("other", inner, values(Map.of("b", Tree.of(2))));

            saver.deleteRuns(thread, Set.of("run"));

            assertThat(another().latest(thread, "")).isEmpty();
            assertThat(another().latest(thread, "a:1")).isEmpty();
            assertThat(everything(thread, "a:1")).isEmpty();
            assertThat(everything(thread, "b:1")).singleElement().satisfies(saved -> {
                assertThat(saved.ref()).isEqualTo(ref("b:1", kept));
                assertThat(saved.parentId()).isNull();
                assertThat(saved.values()).isEqualTo(Map.of("a", Tree.of(1), "b", Tree.of(2)));
            });
        }

        @Test
        void letsAnEmptiedThreadBeginAnew() {
            String first = by("r1", values(Map.of("a", Tree.of(1))));
            saver.deleteRuns(thread, Set.of("r1"));
            assertThat(another().latest(thread, "")).isEmpty();

            String second = put("", null, Map.of("b", Tree.of(2)));
            String third = put("", second, Map.of("c", Tree.of(3)));
            saver = another();
            saver.latest(thread, "");
            String fourth = put("", third, Map.of("d", Tree.of(4)));

            assertThat(ids(everything(thread, "")))
                    .containsExactly(fourth, third, second)
                    .doesNotContain(first);
            assertThat(valuesAt("", fourth)).isEqualTo(Map.of("b", Tree.of(2), "c", Tree.of(3), "d", Tree.of(4)));
        }

        @Test
        void takesTheGroundFromUnderARunThatReadBefore() {
            String first = by("r1", values(Map.of("a", Tree.of(1))));
            by("r2", values(Map.of("a", Tree.of(2))));
            Checkpointer stale = another();
            String parent = stale.latest(thread, "").orElseThrow().ref().checkpointId();

            saver.deleteRuns(thread, Set.of("r2"));

            assertThatThrownBy(() -> stale.put(next("", parent, Map.of("b", Tree.of(3)), Set.of())))
                    .isInstanceOf(CheckpointException.Conflict.class);
            assertThat(ids(everything(thread, ""))).containsExactly(first);
        }

        @Test
        void doesNothingToAnUnknownThread() {
            saver.deleteRuns(thread, Set.of("r1"));

            assertThat(another().latest(thread, "")).isEmpty();
        }
    }

    @Test
    void anyWalkTellsTheSameAsTheModel() {
        for (long seed = 0; seed < walks(); seed++) {
            long walk = seed;
            assertThatCode(() -> new CheckpointerWalk(walk, thread + "-" + walk, this::open).run(60))
                    .as("seed %d", walk)
                    .doesNotThrowAnyException();
        }
    }

    /** Stores a checkpoint by {@link #saver} and gives its id. */
    private String put(String namespace, @Nullable String parent, Map<String, Tree> changed) {
        NewCheckpoint next = next(namespace, parent, changed, Set.of());
        saver.put(next);
        return next.id();
    }

    private NewCheckpoint next(
            String namespace, @Nullable String parent, Map<String, Tree> changed, Set<String> emptied) {
        return checkpoint(thread, namespace, parent, nextId(), changed, emptied);
    }

    private static NewCheckpoint checkpoint(
            String thread,
            String namespace,
            @Nullable String parent,
            String id,
            Map<String, Tree> changed,
            Set<String> emptied) {
        return new NewCheckpoint(
                new CheckpointRef(thread, namespace, id),
                parent,
                CREATED,
                new CheckpointMetadata(CheckpointMetadata.Source.LOOP, 1, "run", "graph@1", Map.of()),
                new NewCheckpoint.Changes(changed, emptied, Map.of(), Map.of(), Map.of()),
                changed.keySet());
    }

    private CheckpointRef ref(String namespace, String id) {
        return new CheckpointRef(thread, namespace, id);
    }

    /** Stores what one run changed in the root namespace, after the latest, and gives its id. */
    private String by(String run, NewCheckpoint.Changes changes) {
        return by(run, saver.latest(thread, "").map(SavedCheckpoint::ref).orElse(null), changes);
    }

    private String by(String run, @Nullable CheckpointRef parent, NewCheckpoint.Changes changes) {
        String id = nextId();
        saver.put(new NewCheckpoint(
                ref(parent == null ? "" : parent.namespace(), id),
                parent == null ? null : parent.checkpointId(),
                CREATED,
                new CheckpointMetadata(CheckpointMetadata.Source.LOOP, ids, run, "graph@1", Map.of()),
                changes,
                Set.of()));
        return id;
    }

    private static NewCheckpoint.Changes values(Map<String, Tree> values) {
        return new NewCheckpoint.Changes(values, Set.of(), Map.of(), Map.of(), Map.of());
    }

    private static NewCheckpoint.Changes appended(String channel, Tree... writes) {
        return new NewCheckpoint.Changes(Map.of(), Set.of(), Map.of(channel, List.of(writes)), Map.of(), Map.of());
    }

    private static SavedCheckpoint.Delta delta(@Nullable Tree base, Tree... writes) {
        return new SavedCheckpoint.Delta(base, List.of(writes));
    }

    /** The same in this thread, hanging from this parent. */
    private static SavedCheckpoint placed(SavedCheckpoint saved, String threadId, @Nullable String parentId) {
        return new SavedCheckpoint(
                new CheckpointRef(threadId, saved.ref().namespace(), saved.ref().checkpointId()),
                parentId,
                saved.checkpoint(),
                saved.metadata(),
                saved.values(),
                saved.deltas(),
                saved.writes());
    }

    private SavedCheckpoint.@Nullable Delta deltaAt(String id, String channel) {
        return another().get(ref("", id)).orElseThrow().deltas().get(channel);
    }

    private List<SavedCheckpoint> everything(String of, String namespace) {
        return another().history(of, namespace, HistoryQuery.newest(1000));
    }

    private void write(String namespace, String id, String task, PendingWrite... writes) {
        saver.putWrites(ref(namespace, id), task, List.of(writes));
    }

    private static PendingWrite write(String task, int index, String channel, Tree value) {
        return new PendingWrite(task, index, channel, value);
    }

    private String head(String namespace) {
        return saver.latest(thread, namespace).orElseThrow().ref().checkpointId();
    }

    private Map<String, Tree> valuesAt(String namespace, String id) {
        return another().get(ref(namespace, id)).orElseThrow().values();
    }

    private List<PendingWrite> writesAt(String namespace, String id) {
        return another().get(ref(namespace, id)).orElseThrow().writes();
    }

    private static List<String> ids(List<SavedCheckpoint> saved) {
        return saved.stream().map(each -> each.ref().checkpointId()).toList();
    }

    private String nextId() {
        return id(++ids);
    }

    private static String id(int number) {
        return "1f0a%04x-0000-6000-8000-000000000000".formatted(number);
    }
}
