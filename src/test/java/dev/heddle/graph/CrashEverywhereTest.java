package dev.heddle.graph;

import static dev.heddle.testing.Threads.marks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.heddle.graph.Scenarios.Scenario;
import dev.heddle.graph.Scenarios.World;
import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.Durability;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.DyingCheckpointer;
import dev.heddle.testing.GuardedCheckpointer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The process dies at each call to storage, before and after the call took effect. Whoever goes on with the thread comes
 * to the same end, and runs nothing again of which the writes were stored.
 */
final class CrashEverywhereTest {
    private static final InMemoryStore STORE = new InMemoryStore(Clock.systemUTC());

    static Stream<Arguments> all() {
        return Scenarios.all().stream().flatMap(scenario -> Stream.of(Durability.values())
                .map(durability -> Arguments.of(scenario, durability)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void aCrashAtAnyCallToStorageLeadsToTheSameEnd(Scenario scenario, Durability durability) {
        // With EXIT a crash loses the run, but not what graphs with a state of their own have kept of it.
        assumeThat(durability == Durability.EXIT && scenario.name().equals("subgraph per thread"))
                .isFalse();
        RunConfig thread = RunConfig.thread("t").with(durability);
        int call = 0;
        boolean before = true;
        boolean after = true;
        while (before || after) {
            before = dies(scenario, thread, call, false);
            after = dies(scenario, thread, call, true);
            call++;
        }
        assertThat(call).isGreaterThan(durability == Durability.EXIT ? 2 : 5);
    }

    /** Whether the run met its death at this call. Afterwards it goes on elsewhere. */
    private static boolean dies(Scenario scenario, RunConfig thread, int call, boolean applied) {
        InMemoryCheckpointer memory = new InMemoryCheckpointer();
        Kept kept = new Kept(new GuardedCheckpointer(memory));
        Noting first = new Noting();
        CompiledGraph dying = scenario.graph(first).with(new DyingCheckpointer(kept, call, applied), STORE);
        boolean died = false;
        RunResult result = null;
        try {
            result = dying.invoke(Update.NONE, thread);
            while (!(result instanceof RunResult.Completed)) {
                result = dying.invoke(Scenarios.next(result), thread);
            }
        } catch (CheckpointException.Unavailable e) {
            died = true;
        }
        Set<String> stored = kept.finished();
        Noting second = new Noting();
        GuardedCheckpointer storage = new GuardedCheckpointer(memory.reopen());
        CompiledGraph next = scenario.graph(second).with(storage, STORE);
        Input input = memory.reopen().latest("t", "").isPresent() ? Input.CONTINUE : Update.NONE;

        RunResult end = Scenarios.finish(next, thread, next.invoke(input, thread));

        String where = "died at call %d, %s it took effect".formatted(call, applied ? "after" : "before");
        assertThat(marks(end)).as(where).isEqualTo(scenario.marks());
        assertThat(second.begun).as(where).filteredOn(stored::contains).isEmpty();
        storage.verify();
        kept.storage.verify();
        return died;
    }

    /** Notes which tasks begin. */
    private static final class Noting extends World {
        private final List<String> begun = new ArrayList<>();

        @Override
        synchronized void begins(NodeContext context) {
            begun.add(context.taskId());
        }
    }

    /** Knows of which tasks all writes have reached the storage. */
    private static final class Kept extends DyingCheckpointer {
        private final GuardedCheckpointer storage;
        private final Set<String> finished = new HashSet<>();

        Kept(GuardedCheckpointer storage) {
            super(storage, Integer.MAX_VALUE, false);
            this.storage = storage;
        }

        synchronized Set<String> finished() {
            return Set.copyOf(finished);
        }

        @Override
        public void putWrites(CheckpointRef ref, String taskId, List<PendingWrite> writes) {
            super.putWrites(ref, taskId, writes);
            if (writes.stream().anyMatch(write -> write.index() >= 0)) {
                synchronized (this) {
                    finished.add(taskId);
                }
            }
        }
    }
}
