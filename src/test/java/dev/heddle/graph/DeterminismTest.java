package dev.heddle.graph;

import static dev.heddle.testing.Threads.marks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.graph.Scenarios.Scenario;
import dev.heddle.graph.Scenarios.World;
import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.DyingCheckpointer;
import dev.heddle.testing.FakeClock;
import dev.heddle.testing.GuardedCheckpointer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same input gives the same checkpoints, byte for byte, in whatever order parallel tasks complete. The property
 * {@code heddle.permutations} says how many orders are tried.
 */
final class DeterminismTest {
    private static final int PERMUTATIONS = Integer.getInteger("heddle.permutations", 100);
    private static final InMemoryStore STORE = new InMemoryStore(Clock.systemUTC());
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    /**
     * Those with parallel tasks; but not the one with two subgraphs side by side, whose supersteps interleave, so that the
     * ids of their checkpoints do.
     */
    static Stream<Scenario> parallel() {
        Set<String> names = Set.of(
                "sends",
                "join",
                "deferred",
                "branch",
                "command",
                "channels",
                "subgraph beside",
                "interrupt",
                "interrupts",
                "retry and handler",
                "stops");
        return Scenarios.all().stream().filter(scenario -> names.contains(scenario.name()));
    }

    @ParameterizedTest
    @MethodSource("parallel")
    void theOrderInWhichParallelTasksCompleteLeavesNoTrace(Scenario scenario) {
        Map<String, Integer> widths = new HashMap<>();
        String expected = run(scenario, new Counting(widths));
        Set<List<Integer>> orders = new HashSet<>();
        for (int seed = 0; seed < PERMUTATIONS; seed++) {
            Gates gates = new Gates(widths, new SplittableRandom(seed));

            assertThat(run(scenario, gates)).as("seed %d", seed).isEqualTo(expected);
            orders.add(List.copyOf(gates.order));
        }
        assertThat(orders).hasSizeGreaterThan(1);
    }

    /** All that a scenario leaves in storage, as text. */
    private static String run(Scenario scenario, Watching world) {
        InMemoryCheckpointer memory = new InMemoryCheckpointer();
        GuardedCheckpointer guarded = new GuardedCheckpointer(memory);
        Set<String> namespaces = new TreeSet<>();
        CompiledGraph graph = scenario.graph(world)
                .with(
                        new DyingCheckpointer(guarded, Integer.MAX_VALUE, false) {
                            @Override
                            public void put(NewCheckpoint checkpoint) {
                                synchronized (namespaces) {
                                    namespaces.add(checkpoint.ref().namespace());
                                }
                                super.put(checkpoint);
                            }

                            @Override
                            public void putWrites(CheckpointRef ref, String taskId, List<PendingWrite> writes) {
                                super.putWrites(ref, taskId, writes);
                                world.stored(taskId);
                            }
                        },
                        STORE)
                .with(FakeClock.at(NOW), new Random(42));
        RunConfig thread = RunConfig.thread("t");
        RunResult result = graph.invoke(Update.NONE, thread);
        while (!(result instanceof RunResult.Completed)) {
            world.nextRun();
            result = graph.invoke(Scenarios.next(result), thread);
        }
        assertThat(marks(result)).isEqualTo(scenario.marks());
        guarded.verify();
        StringBuilder all = new StringBuilder();
        for (String namespace : namespaces) {
            memory.history("t", namespace, HistoryQuery.newest(1_000)).forEach(saved -> all.append(text(saved)));
        }
        return all.toString();
    }

    /** Pending writes of different tasks come to storage as the tasks complete; it is no part of what they say. */
    private static String text(SavedCheckpoint saved) {
        List<PendingWrite> writes = saved.writes().stream()
                .sorted(Comparator.comparing(PendingWrite::taskId).thenComparing(PendingWrite::index))
                .toList();
        return new SavedCheckpoint(
                                saved.ref(),
                                saved.parentId(),
                                saved.checkpoint(),
                                saved.metadata(),
                                Map.of(),
                                Map.of(),
                                writes)
                        .toString()
                + new TreeMap<>(saved.values())
                + new TreeMap<>(saved.deltas())
                + "\n";
    }

    /** Tells the supersteps of a scenario apart. */
    private abstract static class Watching extends World {
        private int run;

        final synchronized void nextRun() {
            run++;
        }

        final synchronized String superstep(NodeContext context) {
            String own = context.execution().namespace();
            String graph = own.contains("|") ? own.substring(0, own.lastIndexOf('|')) : "";
            return run + " " + graph + " " + context.step();
        }

        /** Something that a task wrote was stored. */
        void stored(String taskId) {}
    }

    /** Counts how many tasks each superstep has. */
    private static final class Counting extends Watching {
        private final Map<String, Integer> widths;
        private final Set<String> counted = new HashSet<>();

        Counting(Map<String, Integer> widths) {
            this.widths = widths;
        }

        @Override
        synchronized void ends(NodeContext context) {
            String superstep = superstep(context);
            if (counted.add(superstep + context.taskId())) {
                widths.merge(superstep, 1, Integer::sum);
            }
        }
    }

    /**
     * Holds the tasks of a superstep until all of them have done their work, then lets them complete in an order of its
     * own: the next one when what the one before wrote was stored.
     */
    private static final class Gates extends Watching {
        private final Map<String, Integer> widths;
        private final RandomGenerator random;
        private final Map<String, List<String>> waiting = new HashMap<>();
        private final Set<String> open = new HashSet<>();
        private final Set<String> passed = new HashSet<>();
        private final List<Integer> order = new ArrayList<>();

        Gates(Map<String, Integer> widths, RandomGenerator random) {
            this.widths = widths;
            this.random = random;
        }

        @Override
        synchronized void ends(NodeContext context) {
            String superstep = superstep(context);
            String task = context.taskId();
            int width = widths.getOrDefault(superstep, 1);
            if (width == 1 || passed.contains(superstep + task)) {
                return;
            }
            List<String> others = waiting.computeIfAbsent(superstep, s -> new ArrayList<>());
            others.add(task);
            if (others.size() == width) {
                others.sort(Comparator.naturalOrder());
                release(superstep);
            }
            long end = System.nanoTime() + 20_000_000_000L;
            while (!open.contains(superstep + task)) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new IllegalStateException("waits for others: " + superstep + " " + others);
                }
                try {
                    wait(left);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            passed.add(superstep + task);
        }

        private void release(String superstep) {
            List<String> left = waiting.getOrDefault(superstep, List.of());
            if (!left.isEmpty()) {
                int next = random.nextInt(left.size());
                order.add(next);
                open.add(superstep + left.remove(next));
                notifyAll();
            }
        }

        @Override
        synchronized void stored(String taskId) {
            for (String superstep : List.copyOf(waiting.keySet())) {
                if (open.contains(superstep + taskId) && !passed.contains("stored " + superstep + taskId)) {
                    passed.add("stored " + superstep + taskId);
                    release(superstep);
                }
            }
        }
    }
}
