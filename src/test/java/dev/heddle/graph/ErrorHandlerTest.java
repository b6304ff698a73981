package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.ErrorHandler;
import dev.heddle.graph.types.ErrorHandler.NodeError;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.RetryPolicy;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.GuardedCheckpointer;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A handler takes the place of a node that has failed for good. The behaviour is LangGraph 1.2. */
final class ErrorHandlerTest {
    private static final RunConfig THREAD = RunConfig.thread("thread");
    private static final Key<String> ITEM = Key.lastValue("item", Codecs.TEXT);

    private final GuardedCheckpointer threads = new GuardedCheckpointer(new InMemoryCheckpointer());
    private final List<String> executions = Collections.synchronizedList(new ArrayList<>());
    private final List<NodeError> errors = new ArrayList<>();
    private final AtomicBoolean handlerBroken = new AtomicBoolean();

    /** Notes the error and leaves its mark. */
    private final ErrorHandler handler = (state, error, context) -> {
        executions.add("handler");
        errors.add(error);
        if (handlerBroken.get()) {
            throw new IllegalStateException("handler");
        }
        return trail("handled");
    };

    private final Node fails = (state, context) -> {
        executions.add("node");
        throw new IOException("broken");
    };

    @AfterEach
    void nothingThatWasStoredWasChanged() {
        threads.verify();
    }

    @Test
    void writesInTheNodesPlaceAndTheNodesOwnEdgesDoNotFire() {
        assertThat(trailOf(graph(NodeOptions.NONE.onError(handler)))).containsExactly("handled");
        assertThat(executions).containsExactly("node", "handler");
    }

    @Test
    void leadsOnByItsCommand() {
        CompiledGraph graph =
                graph(NodeOptions.NONE.onError((state, error, context) -> Command.to("rescue", trail("handled"))));

        assertThat(trailOf(graph)).containsExactly("handled", "rescue");
    }

    @Test
    void isToldNodeFailureAndWhatTheNodeHadRead() {
        List<List<String>> read = new ArrayList<>();
        CompiledGraph graph = graph(NodeOptions.NONE.onError((state, error, context) -> {
            errors.add(error);
            read.add(state.get(TRAIL));
            return Update.NONE;
        }));
        graph.invoke(trail("in"), THREAD);

        assertThat(read).containsExactly(List.of("in"));
        assertThat(errors).singleElement().satisfies(error -> {
            assertThat(error.node()).isEqualTo("node");
            assertThat(error.message()).isEqualTo("IOException: broken");
            assertThat(error.cause()).isInstanceOf(IOException.class);
        });
    }

    @Test
    void readsTheArgumentOfASend() {
        CompiledGraph graph = StateGraph.of(TRAIL)
                .node("worker", fails, NodeOptions.NONE.onError((state, error, context) -> trail(state.get(ITEM))))
                .route(START, state -> List.of(Send.to("worker", ITEM, "one"), Send.to("worker", ITEM, "two")))
                .compile("graph");

        assertThat(trailOf(graph)).containsExactly("one", "two");
    }

    @Test
    void runsOnceTheAttemptsAreUsedUp() {
        RetryPolicy now = RetryPolicy.DEFAULT
                .on(IOException.class)
                .delays(Duration.ZERO, 1, Duration.ZERO)
                .withoutJitter();
        assertThat(trailOf(graph(NodeOptions.NONE.retry(now).onError(handler)))).containsExactly("handled");
        assertThat(executions).containsExactly("node", "node", "node", "handler");
    }

    @Test
    void thatFailsItselfFailsTheRun() {
        handlerBroken.set(true);

        assertThatExceptionOfType(GraphException.NodeFailed.class)
                .isThrownBy(() -> trailOf(graph(NodeOptions.NONE.onError(handler))))
                .withRootCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aloneRunsAgainWhenTheRunWasBrokenOffInIt() {
        CompiledGraph graph = stored(graph(NodeOptions.NONE.onError(handler)));
        handlerBroken.set(true);
        assertThatExceptionOfType(GraphException.NodeFailed.class).isThrownBy(() -> graph.invoke(trail("in"), THREAD));
        handlerBroken.set(false);

        assertThat(graph.invoke(Input.CONTINUE, THREAD).state().get(TRAIL)).containsExactly("in", "handled");
        assertThat(executions).containsExactly("node", "handler", "handler");
        NodeError again = errors.getLast();
        assertThat(again.node()).isEqualTo("node");
        assertThat(again.message()).isEqualTo("IOException: broken");
        assertThat(again.cause()).isNull();
    }

    @Test
    void mayAskAndAloneRunsAgainWithTheAnswer() {
        CompiledGraph graph = stored(graph(NodeOptions.NONE.onError((state, error, context) -> {
            executions.add("handler");
            return trail(context.interrupt(Tree.of("what now?"), Codecs.TEXT));
        })));
        assertThat(graph.invoke(trail("in"), THREAD))
                .isInstanceOfSatisfying(RunResult.Interrupted.class, waiting -> assertThat(waiting.interrupts())
                        .hasSize(1));

        assertThat(graph.invoke(Command.resume(Tree.of("this")), THREAD).state().get(TRAIL))
                .containsExactly("in", "this");
        assertThat(executions).containsExactly("node", "handler", "handler");
    }

    @Test
    void isNotRunForAQuestion() {
        CompiledGraph graph = stored(StateGraph.of(TRAIL)
                .node(
                        "node",
                        (state, context) -> trail(context.interrupt(Tree.of("which?"), Codecs.TEXT)),
                        NodeOptions.NONE.onError(handler))
                .edge(START, "node")
                .compile("graph"));

        assertThat(graph.invoke(trail("in"), THREAD)).isInstanceOf(RunResult.Interrupted.class);
        assertThat(errors).isEmpty();
    }

    @Test
    void lendsItsSuccessAlsoToTheSiblingsOfTheNode() {
        CompiledGraph graph = StateGraph.of(TRAIL)
                .node("node", fails, NodeOptions.NONE.onError(handler))
                .node("sibling", (state, context) -> trail("sibling"))
                .node("after", (state, context) -> trail("after"))
                .edge(START, "node")
                .edge(START, "sibling")
                .edge("sibling", "after")
                .compile("graph");

        assertThat(trailOf(graph)).containsExactly("handled", "sibling", "after");
    }

    @Test
    void ofTheGraphServesNodesThatHaveNone() {
        CompiledGraph graph = StateGraph.of(TRAIL)
                .defaults(NodeOptions.NONE.onError(handler))
                .node("a", fails)
                .node("b", fails, NodeOptions.NONE.onError((state, error, context) -> trail("own")))
                .edge(START, "a")
                .edge(START, "b")
                .compile("graph");

        assertThat(trailOf(graph)).containsExactly("handled", "own");
    }

    @Test
    void isShownAsATaskOfItsOwn() {
        List<String> shown = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        CompiledGraph graph = graph(NodeOptions.NONE.onError(handler));
        try (GraphStream events = graph.stream(trail("in"), THREAD, Set.of(StreamMode.TASKS, StreamMode.UPDATES))) {
            while (events.hasNext()) {
                switch (events.next()) {
                    case StreamEvent.TaskStarted started -> {
                        shown.add(started.node() + " begins");
                        ids.add(started.taskId());
                    }
                    case StreamEvent.NodeUpdate update -> shown.add(update.node() + " writes");
                    case StreamEvent.TaskEnded ended -> {
                        shown.add(ended.node() + " ends " + ended.error());
                        ids.add(ended.taskId());
                    }
                    default -> shown.add("?");
                }
            }
        }

        assertThat(shown)
                .containsExactly(
                        "node begins",
                        "node ends IOException: broken",
                        "__error_handler__node begins",
                        "__error_handler__node writes",
                        "__error_handler__node ends null");
        assertThat(ids.get(1)).isEqualTo(ids.get(0)).isNotEqualTo(ids.get(2));
        assertThat(ids.get(3)).isEqualTo(ids.get(2));
    }

    /** A node that fails; its edge leads to "next". */
    private CompiledGraph graph(NodeOptions options) {
        return StateGraph.of(TRAIL)
                .node("node", fails, options)
                .node("next", (state, context) -> trail("next"))
                .node("rescue", (state, context) -> trail("rescue"))
                .edge(START, "node")
                .edge("node", "next")
                .compile("graph");
    }

    private CompiledGraph stored(CompiledGraph graph) {
        return graph.with(threads, new InMemoryStore(Clock.systemUTC()));
    }

    private static List<String> trailOf(CompiledGraph graph) {
        return graph.invoke(Update.NONE, RunConfig.DEFAULT).state().get(TRAIL);
    }
}
