package dev.heddle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Does anything with a few threads, on a saver and on the model, and compares what they tell. */
final class CheckpointerWalk {
    private static final List<String> NAMESPACES = List.of("", "a", "a:1", "a:1|b:2");
    private static final List<String> CHANNELS = List.of("a", "b", "c", "log", "#odd", "branch:to:x");
    private static final List<String> NODES = List.of("planner", "executor", "__interrupt__");
    private static final List<String> RUNS = List.of("", "r1", "r2", "r3");

    private final SplittableRandom random;
    private final Supplier<Checkpointer> open;
    private final ModelCheckpointer model = new ModelCheckpointer();
    private final List<String> threads = new ArrayList<>();
    private Checkpointer saver;
    private int ids;

    CheckpointerWalk(long seed, String thread, Supplier<Checkpointer> open) {
        this.random = new SplittableRandom(seed);
        this.open = open;
        this.saver = open.get();
        this.threads.add(thread);
    }

    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            String thread = one(threads);
            String namespace = one(NAMESPACES);
            switch (random.nextInt(30)) {
                case 0, 1, 2 -> saver = open.get();
                case 3, 4, 5, 6 -> fork(thread, namespace);
                case 7, 8, 9, 10, 11, 12 -> write(thread, namespace);
                case 13 -> prune(thread);
                case 14, 15 -> deleteRuns(thread);
                case 16 -> copy(thread);
                case 17 -> delete(thread);
                default -> goOn(thread, namespace);
            }
            compareLatest(thread, namespace);
            if (step % 10 == 9) {
                compareAll();
            }
        }
        saver = open.get();
        compareAll();
    }

    private void goOn(String thread, String namespace) {
        put(
                thread,
                namespace,
                saver.latest(thread, namespace)
                        .map(saved -> saved.ref().checkpointId())
                        .orElse(null));
    }

    private void fork(String thread, String namespace) {
        List<SavedCheckpoint> all = model.history(thread, namespace, HistoryQuery.newest(1000));
        if (!all.isEmpty()) {
            SavedCheckpoint from = one(all);
            assertThat(saver.get(from.ref())).contains(from);
            put(thread, namespace, from.ref().checkpointId());
        }
    }

    private void put(String thread, String namespace, @Nullable String parentId) {
        NewCheckpoint next = new NewCheckpoint(
                new CheckpointRef(thread, namespace, "1f0b%06x".formatted(++ids)),
                parentId,
                Instant.ofEpochSecond(ids),
                metadata(),
                changes(),
                some(CHANNELS));
        saver.put(next);
        model.put(next);
    }

    private CheckpointMetadata metadata() {
        return new CheckpointMetadata(
                one(List.of(CheckpointMetadata.Source.values())),
                random.nextInt(3),
                one(RUNS),
                "walk@1",
                random.nextBoolean() ? Map.of() : Map.of("", "p" + ids),
                random.nextBoolean() ? Tree.EMPTY : Tree.fields("user", Tree.of(random.nextInt(3)), "x", Tree.NULL));
    }

    private NewCheckpoint.Changes changes() {
        Map<String, Tree> values = new HashMap<>();
        some(CHANNELS).forEach(channel -> values.put(channel, value()));
        Map<String, List<Tree>> appended = new HashMap<>();
        some(CHANNELS).forEach(channel -> {
            List<Tree> writes = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                writes.add(value());
            }
            appended.put(channel, writes);
        });
        Map<String, Long> versions = new HashMap<>();
        some(CHANNELS).forEach(channel -> versions.put(channel, random.nextLong(1, 1_000)));
        Map<String, Map<String, Long>> seen = new HashMap<>();
        some(NODES).forEach(node -> {
            Map<String, Long> channels = new HashMap<>();
            some(CHANNELS).forEach(channel -> channels.put(channel, random.nextLong(1, 1_000)));
            seen.put(node, channels);
        });
        return new NewCheckpoint.Changes(values, some(CHANNELS), appended, versions, seen);
    }

    private Tree value() {
        return random.nextInt(20) == 0 ? Trees.messages(random.nextInt(3_000, 9_000)) : Trees.any(random, 2);
    }

    private void write(String thread, String namespace) {
        model.latest(thread, namespace).ifPresent(latest -> {
            String task = "task" + random.nextInt(3);
            List<PendingWrite> writes = new ArrayList<>();
            if (random.nextBoolean()) {
                writes.add(new PendingWrite(task, random.nextInt(-4, 0), "special", value()));
            }
            for (int i = random.nextInt(writes.isEmpty() ? 1 : 0, 13); i > 0; i--) {
                writes.add(new PendingWrite(task, writes.size(), one(CHANNELS), value()));
            }
            saver.putWrites(latest.ref(), task, writes);
            model.putWrites(latest.ref(), task, writes);
        });
    }

    private void prune(String thread) {
        saver.pruneThread(thread);
        model.pruneThread(thread);
    }

    private void deleteRuns(String thread) {
        Set<String> runs = some(RUNS);
        saver.deleteRuns(thread, runs);
        model.deleteRuns(thread, runs);
    }

    private void delete(String thread) {
        saver.deleteThread(thread);
        model.deleteThread(thread);
    }

    private void copy(String thread) {
        String copy = threads.getFirst() + "." + threads.size();
        saver.copyThread(thread, copy);
        model.copyThread(thread, copy);
        threads.add(copy);
    }

    private void compareLatest(String thread, String namespace) {
        assertThat(saver.latest(thread, namespace)).isEqualTo(model.latest(thread, namespace));
    }

    private void compareAll() {
        for (String thread : threads) {
            for (String namespace : NAMESPACES) {
                compareLatest(thread, namespace);
                List<SavedCheckpoint> all = model.history(thread, namespace, HistoryQuery.newest(1000));
                assertThat(saver.history(thread, namespace, HistoryQuery.newest(1000)))
                        .isEqualTo(all);
                if (!all.isEmpty()) {
                    SavedCheckpoint some = one(all);
                    assertThat(saver.get(some.ref())).contains(some);
                    HistoryQuery query = query(some.ref().checkpointId());
                    assertThat(saver.history(thread, namespace, query))
                            .as("%s", query)
                            .isEqualTo(model.history(thread, namespace, query));
                }
            }
        }
        // A read makes a saver expect the head that it saw: another one has seen nothing.
        saver = open.get();
    }

    private HistoryQuery query(String before) {
        Map<String, Tree> filter =
                switch (random.nextInt(5)) {
                    case 0 -> Map.of("source", Tree.of("loop"));
                    case 1 -> Map.of("run_id", Tree.of("r1"), "step", Tree.of(1));
                    case 2 -> Map.of("user", Tree.of(1));
                    default -> Map.of();
                };
        return new HistoryQuery(filter, random.nextBoolean() ? before : null, random.nextInt(1, 6));
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** Some of these, mostly few. */
    private Set<String> some(List<String> all) {
        Set<String> some = new HashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            some.add(one(all));
        }
        return some;
    }
}
