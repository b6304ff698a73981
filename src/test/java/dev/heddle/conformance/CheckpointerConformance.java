package dev.heddle.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.graph.checkpoint.Checkpoint;
import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link Checkpointer} does. Tests use threads of their own, so the storage may be shared. */
public abstract class CheckpointerConformance {
    private static final String TASK = "7b1c";

    private final String thread = "t-" + UUID.randomUUID();
    private Checkpointer saver;
    private int ids;

    /** A new saver over the same storage, as another run or another process would open it. */
    protected abstract Checkpointer open();

    @BeforeEach
    final void opensASaver() {
        saver = open();
    }

    @Nested
    class Checkpoints {
        @Test
        void knowNothingOfAnUnknownThread() {
            assertThat(saver.latest(thread, "")).isEmpty();
            assertThat(saver.get(new Checkpoint.Address(thread, "", id(1)))).isEmpty();
            assertThat(saver.history(thread, "", null, 10)).isEmpty();
        }

        @Test
        void areReadAsTheyWereStored() {
            NewCheckpoint first = new NewCheckpoint(
                    thread,
                    "",
                    null,
                    new Checkpoint(
                            nextId(),
                            Instant.parse("2026-11-02T08:00:00.123456789Z"),
                            new TreeMap<>(Map.of("messages", 3L, "branch:to:x", Long.MAX_VALUE)),
                            new TreeMap<>(
                                    Map.of("planner", new TreeMap<>(Map.of("messages", 2L)), "idle", new TreeMap<>())),
                            new TreeSet<>(Set.of("messages"))),
                    new Checkpoint.Metadata(
                            Checkpoint.Source.FORK, 7, "run-1", "support@3", Map.of("", "p0", "a:1", "p1")),
                    Map.of("messages", Tree.of("hello")),
                    Set.of());

            saver.put(first);

            SavedCheckpoint expected = new SavedCheckpoint(
                    first.address(), null, first.checkpoint(), first.metadata(), first.changed(), List.of());
            assertThat(saver.latest(thread, "")).contains(expected);
            assertThat(saver.get(first.address())).contains(expected);
            assertThat(saver.history(thread, "", null, 10)).containsExactly(expected);
            assertThat(open().latest(thread, "")).contains(expected);
            assertThat(open().get(first.address())).contains(expected);
        }

        @Test
        void keepEverySourceAndStep() {
            String parent = null;
            for (Checkpoint.Source source : Checkpoint.Source.values()) {
                NewCheckpoint next = new NewCheckpoint(
                        thread,
                        "",
                        parent,
                        checkpoint(nextId()),
                        new Checkpoint.Metadata(source, -1, "", "", Map.of()),
                        Map.of(),
                        Set.of());
                saver.put(next);
                parent = next.checkpoint().id();

                assertThat(saver.latest(thread, "").orElseThrow().metadata()).isEqualTo(next.metadata());
            }
        }

        @Test
        void inheritWhatTheyDoNotChange() {
            String first = put("", null, Map.of("a", Tree.of(1), "b", Tree.of(1)));
            String second = put("", first, Map.of("b", Tree.of(2), "c", Tree.of(2)));
            String third = put("", second, Map.of());
            String fourth = put("", third, Map.of("c", Tree.of(4)));

            assertThat(open().latest(thread, "").orElseThrow().values())
                    .isEqualTo(Map.of("a", Tree.of(1), "b", Tree.of(2), "c", Tree.of(4)));
            assertThat(valuesAt("", first)).isEqualTo(Map.of("a", Tree.of(1), "b", Tree.of(1)));
            assertThat(valuesAt("", third)).isEqualTo(Map.of("a", Tree.of(1), "b", Tree.of(2), "c", Tree.of(2)));
            assertThat(valuesAt("", fourth)).containsEntry("c", Tree.of(4));
        }

        @Test
        void inheritAlsoInANewProcess() {
            String first = put("", null, Map.of("a", Tree.of(1), "big", Trees.messages(50_000)));
            saver = open();
            saver.latest(thread, "");
            String second = put("", first, Map.of("b", Tree.of(2)));
            saver = open();
            put("", second, Map.of("c", Tree.of(3)));

            assertThat(open().latest(thread, "").orElseThrow().values())
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

            assertThat(open().latest(thread, "").orElseThrow().values()).isEqualTo(Map.of("a", Tree.NULL));
        }

        @Test
        void areListedNewestFirstInPages() {
            List<String> all = new ArrayList<>();
            String parent = null;
            for (int i = 0; i < 12; i++) {
                parent = put("", parent, Map.of("n", Tree.of(i)));
                all.addFirst(parent);
            }
            Checkpointer reader = open();

            assertThat(ids(reader.history(thread, "", null, 100))).isEqualTo(all);
            assertThat(ids(reader.history(thread, "", null, 5))).isEqualTo(all.subList(0, 5));
            assertThat(ids(reader.history(thread, "", all.get(4), 5))).isEqualTo(all.subList(5, 10));
            assertThat(ids(reader.history(thread, "", all.get(9), 5))).isEqualTo(all.subList(10, 12));
            assertThat(reader.history(thread, "", all.getLast(), 5)).isEmpty();
            assertThat(reader.history(thread, "", all.get(2), 1))
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

            assertThat(open().latest(thread, "").orElseThrow().values()).isEqualTo(values);
        }

        @Test
        void keepChannelsWithAnyName() {
            Map<String, Tree> values = new HashMap<>();
            for (String name : List.of(
                    "", "a", "a#b", "a#", "#", "%", "%23", "$dec", "a|b:c", "a b", "é😀", "\uD83D", "x".repeat(3000))) {
                values.put(name, Trees.messages(5000));
            }

            put("", null, values);

            assertThat(open().latest(thread, "").orElseThrow().values()).isEqualTo(values);
        }

        @Test
        void keepEveryKindOfValue() {
            Map<String, Tree> values = new HashMap<>();
            List<Tree> all = Trees.everyKind().items();
            IntStream.range(0, all.size()).forEach(i -> values.put("c" + i, all.get(i)));

            put("", null, values);

            assertThat(open().latest(thread, "").orElseThrow().values()).isEqualTo(values);
        }

        @Test
        void keepAMegabyteOfMessages() {
            Tree.Items messages = Trees.messages(1_000_000);

            String first = put("", null, Map.of("messages", messages, "n", Tree.of(1)));
            put("", first, Map.of("n", Tree.of(2)));

            assertThat(open().latest(thread, "").orElseThrow().values())
                    .isEqualTo(Map.of("messages", messages, "n", Tree.of(2)));
        }

        @Test
        void keepBytesThatDoNotCompress() {
            byte[] noise = new byte[1_500_000];
            new SplittableRandom(7).nextBytes(noise);

            put("", null, Map.of("noise", new Tree.Bytes(noise)));

            assertThat(open().latest(thread, "").orElseThrow().values())
                    .isEqualTo(Map.of("noise", new Tree.Bytes(noise)));
        }
    }

    @Nested
    class Branches {
        @Test
        void beginAtAnOlderCheckpointAndLeaveTheOtherAsItWas() {
            String root = put("", null, Map.of("a", Tree.of("root"), "b", Trees.messages(20_000)));
            String left = put("", root, Map.of("a", Tree.of("left"), "b", Trees.messages(21_000)));
            saver = open();
            saver.get(new Checkpoint.Address(thread, "", root));

            String right = put("", root, Map.of("a", Tree.of("right")));

            SavedCheckpoint latest = open().latest(thread, "").orElseThrow();
            assertThat(latest.address().checkpointId()).isEqualTo(right);
            assertThat(latest.parentId()).isEqualTo(root);
            assertThat(latest.values()).isEqualTo(Map.of("a", Tree.of("right"), "b", Trees.messages(20_000)));
            assertThat(valuesAt("", left)).isEqualTo(Map.of("a", Tree.of("left"), "b", Trees.messages(21_000)));
            assertThat(ids(saver.history(thread, "", null, 10))).containsExactly(right, left, root);
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
            Checkpointer one = open();
            Checkpointer two = open();
            one.latest(thread, "");
            two.latest(thread, "");

            one.put(next("", first, Map.of("a", Tree.of("one")), Set.of()));

            assertThatThrownBy(() -> two.put(next("", first, Map.of("a", Tree.of("two")), Set.of())))
                    .isInstanceOf(CheckpointException.Conflict.class)
                    .hasMessageContaining(first);
            assertThat(open().latest(thread, "").orElseThrow().values()).isEqualTo(Map.of("a", Tree.of("one")));
            assertThat(open().history(thread, "", null, 10)).hasSize(2);
        }

        @Test
        void cannotBothBegin() {
            Checkpointer one = open();
            Checkpointer two = open();
            one.latest(thread, "");
            two.latest(thread, "");

            one.put(next("", null, Map.of("a", Tree.of("one")), Set.of()));

            assertThatThrownBy(() -> two.put(next("", null, Map.of("a", Tree.of("two")), Set.of())))
                    .isInstanceOf(CheckpointException.Conflict.class);
            assertThat(open().latest(thread, "").orElseThrow().values()).isEqualTo(Map.of("a", Tree.of("one")));
        }

        @Test
        void cannotBothForkAnOldCheckpoint() {
            String root = put("", null, Map.of("a", Tree.of("root")));
            put("", root, Map.of("a", Tree.of("next")));
            Checkpointer one = open();
            Checkpointer two = open();
            one.get(new Checkpoint.Address(thread, "", root));
            two.get(new Checkpoint.Address(thread, "", root));

            one.put(next("", root, Map.of("a", Tree.of("one")), Set.of()));

            assertThatThrownBy(() -> two.put(next("", root, Map.of("a", Tree.of("two")), Set.of())))
                    .isInstanceOf(CheckpointException.Conflict.class);
        }

        @Test
        void canFollowEachOtherWhenTheSecondReadsAgain() {
            String first = put("", null, Map.of("a", Tree.of(1)));
            Checkpointer two = open();
            two.latest(thread, "");
            String second = put("", first, Map.of("a", Tree.of(2)));
            two.latest(thread, "");

            two.put(next("", second, Map.of("a", Tree.of(3)), Set.of()));

            assertThat(open().latest(thread, "").orElseThrow().values()).isEqualTo(Map.of("a", Tree.of(3)));
        }

        @Test
        void findAConflictAlsoWithoutReadingFirst() {
            String first = put("", null, Map.of("a", Tree.of(1)));
            put("", first, Map.of("a", Tree.of(2)));

            assertThatThrownBy(() -> open().put(next("", first, Map.of(), Set.of())))
                    .isInstanceOf(CheckpointException.Conflict.class);
            assertThatThrownBy(() -> open().put(next("", null, Map.of(), Set.of())))
                    .isInstanceOf(CheckpointException.Conflict.class);
        }

        @Test
        void findTheThreadDeletedUnderThem() {
            String first = put("", null, Map.of("a", Tree.of(1)));

            open().deleteThread(thread);

            assertThatThrownBy(() -> put("", first, Map.of("a", Tree.of(2))))
                    .isInstanceOf(CheckpointException.Conflict.class);
            assertThat(open().latest(thread, "")).isEmpty();
        }

        @Test
        void leaveNothingBehindWhenTheyLose() {
            String first = put("", null, Map.of("a", Tree.of(1)));
            Checkpointer two = open();
            two.latest(thread, "");
            put("", first, Map.of("a", Tree.of(2)));
            NewCheckpoint lost = next("", first, Map.of("a", Trees.messages(50_000)), Set.of());
            assertThatThrownBy(() -> two.put(lost)).isInstanceOf(CheckpointException.Conflict.class);
            String third = put("", head(""), Map.of("a", Tree.of(3)));

            assertThat(open().get(lost.address())).isEmpty();
            assertThat(ids(open().history(thread, "", null, 10)))
                    .hasSize(3)
                    .startsWith(third)
                    .doesNotContain(lost.checkpoint().id());
        }

        @Test
        void onlyOneOfManyAtOnceSucceeds() throws InterruptedException {
            String first = put("", null, Map.of("a", Tree.of(1)));
            List<Checkpointer> savers =
                    IntStream.range(0, 8).mapToObj(i -> open()).toList();
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
            assertThat(open().latest(thread, "").orElseThrow().values())
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

            assertThat(open().history(thread, "", null, 10)).hasSize(1);
            put("", only.checkpoint().id(), Map.of("a", Tree.of(2)));
            assertThat(open().history(thread, "", null, 10)).hasSize(2);
        }

        @Test
        void refuseAnIdThatDoesNotRise() {
            String first = put("", null, Map.of("a", Tree.of(1)));
            String later = id(1000);
            saver.put(new NewCheckpoint(
                    thread, "", first, checkpoint(later), metadata(), Map.of("a", Tree.of(2)), Set.of()));

            assertThatThrownBy(() -> put("", later, Map.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected one greater than " + later);
            assertThat(open().latest(thread, "").orElseThrow().address().checkpointId())
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
            assertThat(open().latest(thread, "")).isEmpty();

            saver.put(new NewCheckpoint(thread, "", null, checkpoint(first), metadata(), Map.of(), Set.of()));

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

            assertThat(open().history(thread, "", null, 10))
                    .extracting(SavedCheckpoint::writes)
                    .containsExactly(
                            List.of(write(TASK, 0, "a", Tree.of(2))), List.of(write(TASK, 0, "a", Tree.of(1))));
        }
    }

    @Nested
    class NamespacesAndThreads {
        private final List<String> names =
                List.of("", "a", "a:1", "a:1|b:2", "a:1|b", "a#", "a#b", "%", "ä", "n".repeat(2000), "n".repeat(2001));

        @Test
        void areIsolatedFromEachOther() {
            Map<String, String> ids = new HashMap<>();
            for (String namespace : names) {
                String id = put(namespace, null, Map.of("v", Tree.of(namespace), "big", Trees.messages(9000)));
                ids.put(namespace, id);
                write(namespace, id, TASK, write(TASK, 0, "w", Tree.of(namespace)));
            }

            for (String namespace : names) {
                SavedCheckpoint latest = open().latest(thread, namespace).orElseThrow();
                assertThat(latest.address())
                        .isEqualTo(new Checkpoint.Address(thread, namespace, ids.getOrDefault(namespace, "?")));
                assertThat(latest.values()).containsEntry("v", Tree.of(namespace));
                assertThat(latest.writes()).containsExactly(write(TASK, 0, "w", Tree.of(namespace)));
                assertThat(open().history(thread, namespace, null, 10)).hasSize(1);
            }
        }

        @Test
        void mayUseTheSameCheckpointId() {
            String id = nextId();
            for (String namespace : List.of("", "a", "b")) {
                saver.put(new NewCheckpoint(
                        thread,
                        namespace,
                        null,
                        checkpoint(id),
                        metadata(),
                        Map.of("v", Tree.of(namespace)),
                        Set.of()));
            }

            for (String namespace : List.of("", "a", "b")) {
                assertThat(valuesAt(namespace, id)).isEqualTo(Map.of("v", Tree.of(namespace)));
            }
        }

        @Test
        void doNotShareThreadsWhoseNamesBeginAlike() {
            List<String> threads = List.of(thread, thread + "1", thread + ".", thread + "-a", "x" + thread);
            for (String each : threads) {
                saver.put(new NewCheckpoint(
                        each, "", null, checkpoint(nextId()), metadata(), Map.of("v", Tree.of(each)), Set.of()));
            }

            for (String each : threads) {
                assertThat(open().latest(each, "").orElseThrow().values()).isEqualTo(Map.of("v", Tree.of(each)));
                assertThat(open().history(each, "", null, 10)).hasSize(1);
            }
        }
    }

    @Nested
    class Deleting {
        @Test
        void removesTheWholeThreadAndLeavesOthers() {
            String other = thread + "1";
            saver.put(new NewCheckpoint(
                    other, "", null, checkpoint(nextId()), metadata(), Map.of("v", Tree.of(1)), Set.of()));
            String first = put("", null, Map.of("a", Trees.messages(900_000)));
            String second = put("", first, Map.of("a", Tree.of(2)));
            String inner = put("sub:1", null, Map.of("a", Tree.of(3)));
            write("", second, TASK, write(TASK, 0, "w", Trees.messages(900_000)));

            saver.deleteThread(thread);

            for (Checkpointer reader : List.of(saver, open())) {
                assertThat(reader.latest(thread, "")).isEmpty();
                assertThat(reader.latest(thread, "sub:1")).isEmpty();
                assertThat(reader.history(thread, "", null, 10)).isEmpty();
                assertThat(reader.get(new Checkpoint.Address(thread, "", first)))
                        .isEmpty();
                assertThat(reader.get(new Checkpoint.Address(thread, "sub:1", inner)))
                        .isEmpty();
            }
            assertThat(open().latest(other, "")).isPresent();
        }

        @Test
        void leavesRoomForANewThreadOfTheSameName() {
            String first = put("", null, Map.of("a", Tree.of(1), "b", Tree.of(1)));
            write("", first, TASK, write(TASK, 0, "w", Tree.of(1)));
            saver.deleteThread(thread);

            saver.put(new NewCheckpoint(
                    thread, "", null, checkpoint(first), metadata(), Map.of("a", Tree.of(2)), Set.of()));

            SavedCheckpoint latest = open().latest(thread, "").orElseThrow();
            assertThat(latest.values()).isEqualTo(Map.of("a", Tree.of(2)));
            assertThat(latest.writes()).isEmpty();
        }

        @Test
        void doesNothingToAnUnknownThread() {
            saver.deleteThread(thread);

            assertThat(saver.latest(thread, "")).isEmpty();
        }
    }

    /** Stores a checkpoint by {@link #saver} and gives its id. */
    private String put(String namespace, @Nullable String parent, Map<String, Tree> changed) {
        NewCheckpoint next = next(namespace, parent, changed, Set.of());
        saver.put(next);
        return next.checkpoint().id();
    }

    private NewCheckpoint next(
            String namespace, @Nullable String parent, Map<String, Tree> changed, Set<String> emptied) {
        return new NewCheckpoint(thread, namespace, parent, checkpoint(nextId()), metadata(), changed, emptied);
    }

    private void write(String namespace, String id, String task, PendingWrite... writes) {
        saver.putWrites(new Checkpoint.Address(thread, namespace, id), task, List.of(writes));
    }

    private static PendingWrite write(String task, int index, String channel, Tree value) {
        return new PendingWrite(task, index, channel, value);
    }

    private String head(String namespace) {
        return saver.latest(thread, namespace).orElseThrow().address().checkpointId();
    }

    private Map<String, Tree> valuesAt(String namespace, String id) {
        return open().get(new Checkpoint.Address(thread, namespace, id))
                .orElseThrow()
                .values();
    }

    private List<PendingWrite> writesAt(String namespace, String id) {
        return open().get(new Checkpoint.Address(thread, namespace, id))
                .orElseThrow()
                .writes();
    }

    private static List<String> ids(List<SavedCheckpoint> saved) {
        return saved.stream().map(each -> each.address().checkpointId()).toList();
    }

    private String nextId() {
        return id(++ids);
    }

    private static String id(int number) {
        return "1f0a%04x-0000-6000-8000-000000000000".formatted(number);
    }

    private static Checkpoint checkpoint(String id) {
        return new Checkpoint(
                id, Instant.parse("2026-11-02T08:00:00Z"), new TreeMap<>(), new TreeMap<>(), new TreeSet<>());
    }

    private static Checkpoint.Metadata metadata() {
        return new Checkpoint.Metadata(Checkpoint.Source.LOOP, 1, "run", "graph@1", Map.of());
    }
}
