package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.Persistence;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.StateEdit;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is refused leaves the thread as it was; what is given up is not repaired by whoever would handle a failure. */
final class RefusalTest {
    private static final RunConfig THREAD = RunConfig.thread("t");
    private static final Key<String> VALUE = Key.lastValue("value", Codecs.TEXT);

    private final InMemoryCheckpointer memory = new InMemoryCheckpointer();

    @Test
    void aCommandWhoseUpdateIsRefusedLeavesTheThreadAsItWas() {
        CompiledGraph graph = StateGraph.of(VALUE, TRAIL)
                .node("ask", (state, context) -> trail(Codecs.text(context.interrupt(Tree.of("?")), "Answer")))
                .edge(START, "ask")
                .compile("asks")
                .with(memory);
        graph.invoke(Update.of(VALUE, "0"), THREAD);

        assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                .isThrownBy(() -> graph.invoke(
                        Command.resume(Tree.of("no")).with(Update.of(VALUE, "1").and(VALUE, "2")), THREAD));

        assertThat(graph.state("t").values().get("value")).isEqualTo(Tree.of("0"));
        assertThat(graph.invoke(Command.resume(Tree.of("yes")), THREAD).state().get(TRAIL))
                .containsExactly("yes");
    }

    @Test
    void commandsAtOneCheckpointAreAppliedOneAfterTheOther() {
        CompiledGraph graph = StateGraph.of(VALUE, TRAIL)
                .node("ask", (state, context) -> trail(Codecs.text(context.interrupt(Tree.of("?")), "Answer")))
                .edge(START, "ask")
                .compile("asks")
                .with(memory);
        graph.invoke(Update.of(VALUE, "0"), THREAD);
        for (int i = 1; i <= 12; i++) {
            graph.invoke(Command.of(Update.of(VALUE, Integer.toString(i))), THREAD);
        }

        assertThat(graph.invoke(Command.resume(Tree.of("yes")), THREAD).state().get(VALUE))
                .isEqualTo("12");
    }

    @Test
    void anEditThatIsRefusedIsNotTheResultOfATask() {
        CompiledGraph graph = StateGraph.of(VALUE, TRAIL)
                .node("x", (state, context) -> trail("x"))
                .node("y", (state, context) -> trail("y"))
                .edge(START, "x")
                .edge(START, "y")
                .compile("edited", CompileOptions.DEFAULT.interruptBefore("x"))
                .with(memory);
        graph.invoke(Update.NONE, THREAD);

        assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                .isThrownBy(() -> graph.updateAll(
                        CheckpointRef.latest("t"),
                        List.of(List.of(
                                StateEdit.as("x", Update.of(VALUE, "1")), StateEdit.as("y", Update.of(VALUE, "2"))))));

        assertThat(graph.state("t").next()).containsExactly("x", "y");
        assertThat(graph.invoke(Input.CONTINUE, THREAD).state().get(TRAIL)).containsExactly("x", "y");
    }

    @Test
    void anAnswerWithoutAnIdIsForTheTaskThatWaitsWhoeverAsksFirst() {
        AtomicBoolean heals = new AtomicBoolean();
        CompiledGraph graph = StateGraph.of(TRAIL)
                .node("b", (state, context) -> {
                    if (!heals.get()) {
                        throw new IllegalStateException("not yet");
                    }
                    return trail("b " + Codecs.text(context.interrupt(Tree.of("delete all?")), "Answer"));
                })
                .node(
                        "x",
                        (state, context) -> trail("x " + Codecs.text(context.interrupt(Tree.of("go on?")), "Answer")))
                .edge(START, "b")
                .edge(START, "x")
                .compile("approvals")
                .with(memory);
        assertThatExceptionOfType(GraphException.NodeFailed.class)
                .isThrownBy(() -> graph.invoke(Update.NONE, THREAD.withMaxConcurrency(1)));
        heals.set(true);

        graph.invoke(Command.resume(Tree.of("yes")), THREAD.withMaxConcurrency(1));

        assertThat(graph.state("t").next()).containsExactly("b");
        assertThat(graph.state("t").interrupts()).extracting(i -> i.value()).containsExactly(Tree.of("delete all?"));
        assertThat(graph.invoke(Command.resume(Tree.of("no")), THREAD).state().get(TRAIL))
                .containsExactly("b no", "x yes");
    }

    @Test
    void aGraphWithStatePerThreadDoesNotRunTwiceAtOnce() {
        CountDownLatch refused = new CountDownLatch(1);
        CompiledGraph child = StateGraph.of(TRAIL)
                .node("wait", (state, context) -> {
                    assertThat(refused.await(20, TimeUnit.SECONDS)).isTrue();
                    return trail("child");
                })
                .edge(START, "wait")
                .compile("child", CompileOptions.DEFAULT.persistence(Persistence.PER_THREAD));
        CompiledGraph graph = StateGraph.of(TRAIL)
                .node("child", child)
                .route(START, state -> List.of(new Send("child", Tree.EMPTY), new Send("child", Tree.EMPTY)))
                .compile("twice")
                .with(memory);

        assertThatExceptionOfType(GraphException.NodeFailed.class)
                .isThrownBy(() -> {
                    try (GraphStream events = graph.stream(Update.NONE, THREAD, Set.of(StreamMode.TASKS))) {
                        while (events.hasNext()) {
                            if (events.next() instanceof StreamEvent.TaskEnded ended && ended.error() != null) {
                                refused.countDown();
                            }
                        }
                    }
                })
                .havingCause()
                .withMessageContaining("runs twice at once");
    }

    @Test
    void aRunThatIsGivenUpDoesNotCallTheErrorHandler() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger handled = new AtomicInteger();
        CompiledGraph graph = StateGraph.of(TRAIL)
                .node(
                        "w",
                        (state, context) -> {
                            begun.countDown();
                            new CountDownLatch(1).await();
                            return Update.NONE;
                        },
                        NodeOptions.NONE.onError((state, error, context) -> {
                            handled.incrementAndGet();
                            return Update.NONE;
                        }))
                .edge(START, "w")
                .compile("blocks")
                .with(memory);

        GraphStream stream = graph.stream(Update.NONE, THREAD, Set.of());
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        stream.close();

        assertThat(handled).hasValue(0);
        assertThat(graph.state("t").tasks()).extracting(task -> task.error()).containsOnlyNulls();
    }

    @Test
    void inputAtACheckpointThatIsNotThereIsRefused() {
        CompiledGraph graph = StateGraph.of(TRAIL)
                .node("a", (state, context) -> trail("a"))
                .edge(START, "a")
                .compile("a")
                .with(memory);
        graph.invoke(Update.NONE, THREAD);

        assertThatExceptionOfType(GraphException.BadInput.class)
                .isThrownBy(() -> graph.invoke(
                        Update.NONE, RunConfig.at(new CheckpointRef("t", "", "00000000-0000-7000-8000-000000000000"))))
                .withMessageContaining("no such checkpoint");
        assertThat(graph.state("t").values().get("trail")).isEqualTo(Tree.of(List.of(Tree.of("a"))));
    }

    @Test
    @SuppressWarnings("NullAway") // what a careless node does
    void aNodeThatReturnsNullIsToldSo() {
        CompiledGraph graph = StateGraph.of(TRAIL)
                .node("nothing", (state, context) -> null)
                .edge(START, "nothing")
                .compile("null");

        assertThatExceptionOfType(GraphException.NodeFailed.class)
                .isThrownBy(() -> graph.invoke(Update.NONE, RunConfig.DEFAULT))
                .havingCause()
                .withMessageContaining("Return Update.NONE");
    }
}
