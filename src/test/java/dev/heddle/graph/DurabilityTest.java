package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.checkpoint.NewCheckpoint;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.CheckpointMetadata.Source;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.DyingCheckpointer;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a run leaves behind, and what becomes of one that was cut off. The behaviour is LangGraph 1.2. */
final class DurabilityTest {
    private static final Key<String> ITEM = Key.lastValue("item", Codecs.TEXT);
    private static final RunConfig THREAD = RunConfig.thread("thread").withRunId("run");

    private final InMemoryCheckpointer memory = new InMemoryCheckpointer();
    private final Map<String, Integer> executions = new ConcurrentHashMap<>();
    private final AtomicBoolean broken = new AtomicBoolean();

    @BeforeEach
    void nothingIsBroken() {
        broken.set(false);
    }

    @Test
    void everySuperstepLeavesACheckpointWithSourceAndStep() {
        on(memory).invoke(trail("in"), THREAD);

        List<SavedCheckpoint> history =
                memory.history("thread", "", HistoryQuery.newest(100)).reversed();
        assertThat(history)
                .extracting(saved -> saved.metadata().source())
                .startsWith(Source.INPUT, Source.LOOP, Source.LOOP);
        assertThat(history).extracting(saved -> saved.metadata().step()).containsExactly(-1L, 0L, 1L, 2L, 3L);
        assertThat(history).allSatisfy(saved -> {
            assertThat(saved.metadata().runId()).isEqualTo("run");
            assertThat(saved.metadata().graphVersion()).isNotEmpty();
        });
        for (int i = 1; i < history.size(); i++) {
            assertThat(history.get(i).parentId())
                    .isEqualTo(history.get(i - 1).checkpoint().id());
        }
    }

    @Test
    void aSecondRunGoesOnCountingAndAddsToTheState() {
        on(memory).invoke(trail("one"), THREAD);
        List<String> second = on(memory).invoke(trail("two"), THREAD).state().get(TRAIL);

        assertThat(second).containsExactly("one", "a", "w1", "w2", "end", "two", "a", "w1", "w2", "end");
        assertThat(memory.latest("thread", "").orElseThrow().metadata().step()).isEqualTo(8);
    }

    @Test
    void whatSucceededBesideAFailureIsNotRepeatedWhenTheThreadGoesOn() {
        broken.set(true);
        assertThatExceptionOfType(GraphException.NodeFailed.class)
                .isThrownBy(() -> on(memory).invoke(trail("in"), THREAD))
                .withMessageContaining("Node 'w': failed in superstep 2");
        assertThat(executions).containsEntry("w1", 1).containsEntry("w2", 1);

        broken.set(false);
        List<String> trail =
                on(memory.reopen()).invoke(Input.CONTINUE, THREAD).state().get(TRAIL);

        assertThat(trail).containsExactly("in", "a", "w1", "w2", "end");
        assertThat(executions).containsEntry("w1", 1).containsEntry("w2", 2).containsEntry("a", 1);
    }

    @Test
    void newInputAfterAFailureDropsWhatWasStillToBeDone() {
        broken.set(true);
        assertThatException().isThrownBy(() -> on(memory).invoke(trail("in"), THREAD));

        broken.set(false);
        List<String> trail = on(memory).invoke(trail("again"), THREAD).state().get(TRAIL);

        assertThat(trail).containsExactly("in", "a", "again", "a", "w1", "w2", "end");
    }

    @Test
    void goingOnWithAFinishedThreadDoesNothing() {
        on(memory).invoke(trail("in"), THREAD);
        int checkpoints = memory.history("thread", "", HistoryQuery.newest(100)).size();

        assertThat(on(memory).invoke(Input.CONTINUE, THREAD).state().get(TRAIL))
                .containsExactly("in", "a", "w1", "w2", "end");
        assertThat(memory.history("thread", "", HistoryQuery.newest(100))).hasSize(checkpoints);
    }

    @Test
    void aThreadWithoutAPastNeedsInputAndACheckpointerNeedsAThread() {
        assertThatExceptionOfType(GraphException.EmptyInput.class)
                .isThrownBy(() -> on(memory).invoke(Input.CONTINUE, THREAD))
                .withMessageContaining("nothing to begin with");
        assertThatExceptionOfType(GraphException.BadInput.class)
                .isThrownBy(() -> on(memory).invoke(trail("in"), RunConfig.DEFAULT))
                .withMessageContaining("no thread");
    }

    @Test
    void aCrashAtAnyCallToStorageLeavesAThreadThatGoesOnToTheSameEnd() {
        int call = 0;
        while (true) {
            boolean diedBefore = dies(call, false);
            boolean diedAfter = dies(call, true);
            assertThat(diedBefore).isEqualTo(diedAfter);
            if (!diedBefore) {
                break;
            }
            call++;
        }
        // load, input, start, a, the writes of w1 and w2, w, end
        assertThat(call).isEqualTo(8);
    }

    /** Whether the run met its death at this call. Afterwards it goes on, and ends as if nothing had been. */
    private boolean dies(int call, boolean applied) {
        executions.clear();
        InMemoryCheckpointer storage = new InMemoryCheckpointer();
        Throwable death = catchThrowable(
                () -> on(new DyingCheckpointer(storage.reopen(), call, applied)).invoke(trail("in"), THREAD));

        Optional<SavedCheckpoint> left = storage.latest("thread", "");
        boolean inputKept = left.isPresent();
        List<String> writers = left.stream()
                .flatMap(saved -> saved.writes().stream())
                .map(PendingWrite::taskId)
                .distinct()
                .toList();
        Map<String, Integer> before = Map.copyOf(executions);
        List<String> trail = on(storage.reopen())
                .invoke(inputKept ? Input.CONTINUE : trail("in"), THREAD)
                .state()
                .get(TRAIL);

        assertThat(trail).containsExactly("in", "a", "w1", "w2", "end");
        int again = executions.getOrDefault("w1", 0)
                + executions.getOrDefault("w2", 0)
                - before.getOrDefault("w1", 0)
                - before.getOrDefault("w2", 0);
        if (!writers.isEmpty()) {
            assertThat(again).as("tasks without stored writes").isEqualTo(2 - writers.size());
        }
        return death != null;
    }

    @Test
    void twoRunsOnOneThreadCannotBothGoOn() {
        CompiledGraph other = on(memory.reopen());
        CompiledGraph graph = StateGraph.of(TRAIL)
                .node("a", (state, context) -> {
                    other.invoke(trail("other"), THREAD);
                    return trail("a");
                })
                .edge(START, "a")
                .compile("slow")
                .with(memory, new InMemoryStore(Clock.systemUTC()));

        assertThatExceptionOfType(CheckpointException.Conflict.class)
                .isThrownBy(() -> graph.invoke(trail("in"), THREAD))
                .withMessageContaining("Thread 'thread': written by another run meanwhile");
    }

    @Test
    void aTaskHasTheSameIdAfterACrashAndAnotherInTheNextRun() {
        List<String> ids = new ArrayList<>();
        CompiledGraph graph = StateGraph.of(TRAIL)
                .node("a", (state, context) -> {
                    ids.add(context.taskId());
                    if (ids.size() == 1) {
                        throw new IllegalStateException("first time");
                    }
                    return Update.NONE;
                })
                .edge(START, "a")
                .compile("ids")
                .with(memory, new InMemoryStore(Clock.systemUTC()));

        assertThatException().isThrownBy(() -> graph.invoke(trail("in"), THREAD));
        graph.invoke(Input.CONTINUE, THREAD);
        graph.invoke(trail("in"), THREAD);

        assertThat(ids.get(0)).isEqualTo(ids.get(1)).isNotEqualTo(ids.get(2));
    }

    @Test
    void onlyWhatChangedIsStored() {
        List<Map<String, Tree>> stored = new ArrayList<>();
        Checkpointer watching = new DyingCheckpointer(memory, Integer.MAX_VALUE, false) {
            @Override
            public void put(NewCheckpoint checkpoint) {
                stored.add(checkpoint.changes().values());
                super.put(checkpoint);
            }
        };
        CompiledGraph graph = StateGraph.of(TRAIL, ITEM)
                .node("a", (state, context) -> Update.of(ITEM, "changed"))
                .edge(START, "a")
                .compile("little")
                .with(watching, new InMemoryStore(Clock.systemUTC()));

        graph.invoke(trail("in"), THREAD);

        assertThat(stored.getLast()).containsOnlyKeys("item");
        assertThat(memory.latest("thread", "").orElseThrow().values()).containsKeys("trail", "item");
    }

    @Test
    void aThreadThatWaitsForANodeThatIsGoneSaysSoAndTakesNewInput() {
        broken.set(true);
        assertThatException().isThrownBy(() -> on(memory).invoke(trail("in"), THREAD));
        CompiledGraph without = StateGraph.of(TRAIL)
                .node("other", counted("other"))
                .edge(START, "other")
                .compile("durable")
                .with(memory, new InMemoryStore(Clock.systemUTC()));

        assertThatExceptionOfType(GraphException.BadInput.class)
                .isThrownBy(() -> without.invoke(Input.CONTINUE, THREAD))
                .withMessageContaining("waits for node 'w'");
        assertThat(without.invoke(trail("again"), THREAD).state().get(TRAIL))
                .containsExactly("in", "a", "again", "other");
    }

    @Test
    void aVersionThatDoesNotKnowAKeyLeavesItsValueToTheOneThatDoes() {
        CompiledGraph knows = StateGraph.of(TRAIL, ITEM)
                .node("a", (state, context) -> Update.of(ITEM, state.find(ITEM).orElse("") + "x"))
                .edge(START, "a")
                .compile("knows")
                .with(memory, new InMemoryStore(Clock.systemUTC()));
        knows.invoke(trail("1"), THREAD);
        on(memory).invoke(trail("2"), THREAD);

        assertThat(knows.invoke(trail("3"), THREAD).state().get(ITEM)).isEqualTo("xx");
    }

    /** in -> a -> w1 and w2 side by side -> end. */
    private CompiledGraph on(Checkpointer checkpointer) {
        return StateGraph.of(TRAIL)
                .node("a", counted("a"))
                .node("w", (state, context) -> {
                    String item = state.get(ITEM);
                    executions.merge(item, 1, Integer::sum);
                    if (broken.get() && item.equals("w2")) {
                        throw new IllegalStateException("broken");
                    }
                    return trail(item);
                })
                .node("end", counted("end"))
                .edge(START, "a")
                .route("a", state -> List.of(Send.to("w", ITEM, "w1"), Send.to("w", ITEM, "w2")))
                .edge("w", "end")
                .compile("durable")
                .with(checkpointer, new InMemoryStore(Clock.systemUTC()));
    }

    private Node counted(String name) {
        return (state, context) -> {
            executions.merge(name, 1, Integer::sum);
            return trail(name);
        };
    }
}
