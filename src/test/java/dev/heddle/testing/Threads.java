package dev.heddle.testing;

import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.CheckpointMetadata;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.StateSnapshot;
import dev.heddle.tree.Tree;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The threads of a test, kept in memory under guard: a test fails when anything that was stored is changed afterwards. It
 * also notes which nodes ran. Register it as an extension. Safe for concurrent use.
 */
public final class Threads implements AfterEachCallback {
    private final InMemoryCheckpointer memory = new InMemoryCheckpointer();
    private final GuardedCheckpointer guarded = new GuardedCheckpointer(memory);
    private final List<String> ran = new ArrayList<>();

    /** The graph, keeping its threads here. */
    public CompiledGraph keep(CompiledGraph graph) {
        return graph.with(guarded, new InMemoryStore(Clock.systemUTC()));
    }

    /** The storage, under guard. */
    public GuardedCheckpointer storage() {
        return guarded;
    }

    /** A node that notes that it runs and leaves this mark. */
    public Node leaves(String mark) {
        return (state, context) -> {
            note(mark);
            return Trail.trail(mark);
        };
    }

    /** Notes that something ran. */
    public synchronized void note(String what) {
        ran.add(what);
    }

    /** What ran since this was asked last, in the order in which it began. */
    public synchronized List<String> ran() {
        List<String> noted = List.copyOf(ran);
        ran.clear();
        return noted;
    }

    /** All checkpoints of a thread's root, oldest first. */
    public List<SavedCheckpoint> line(String threadId) {
        return line(threadId, "");
    }

    /** All checkpoints of a namespace of a thread, oldest first. */
    public List<SavedCheckpoint> line(String threadId, String namespace) {
        return guarded.history(threadId, namespace, HistoryQuery.newest(10_000)).reversed();
    }

    /** The steps of a thread's checkpoints, oldest first. */
    public List<Long> steps(String threadId) {
        return line(threadId).stream().map(saved -> saved.metadata().step()).toList();
    }

    /** The latest checkpoint of a thread's root. */
    public SavedCheckpoint head(String threadId) {
        return guarded.latest(threadId, "").orElseThrow();
    }

    /** What a snapshot of a checkpoint that exists tells about it. */
    public static CheckpointMetadata told(StateSnapshot snapshot) {
        return Objects.requireNonNull(snapshot.metadata());
    }

    /** Where to ask for the subgraph of the first task. */
    public static CheckpointRef nestedAt(StateSnapshot snapshot) {
        return ((StateSnapshot.Nested.At) nestedOf(snapshot)).ref();
    }

    /** The subgraph of the first task, where a snapshot was asked for with subgraphs. */
    public static StateSnapshot nested(StateSnapshot snapshot) {
        return ((StateSnapshot.Nested.Whole) nestedOf(snapshot)).snapshot();
    }

    private static StateSnapshot.Nested nestedOf(StateSnapshot snapshot) {
        return Objects.requireNonNull(snapshot.tasks().getFirst().nested());
    }

    /** The marks that a run has left. */
    public static List<String> marks(RunResult result) {
        return result.state().get(Trail.TRAIL);
    }

    /** The only question with which a run has stopped: its value. */
    public static Tree question(RunResult result) {
        return ((RunResult.Interrupted) result).interrupts().getFirst().value();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        guarded.verify();
    }
}
