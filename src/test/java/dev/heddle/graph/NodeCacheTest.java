package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.store.InMemoryNodeCache;
import dev.heddle.graph.types.CachePolicy;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeCache;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.FakeClock;
import dev.heddle.tree.Codecs;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Nodes that are not run again for an input that they have met. The behaviour is LangGraph 1.2. */
final class NodeCacheTest {
    private static final Key<String> QUESTION = Key.lastValue("question", Codecs.TEXT);
    private static final Key<String> ANSWER = Key.lastValue("answer", Codecs.TEXT);
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeClock clock = FakeClock.at(BEGIN);
    private final NodeCache cache = new InMemoryNodeCache(clock, 100);
    private final AtomicInteger executions = new AtomicInteger();

    private final Node think =
            (state, context) -> Update.of(ANSWER, state.get(QUESTION) + " answered " + executions.incrementAndGet());

    @Test
    void theSameInputIsAnsweredWithoutTheNode() {
        CompiledGraph graph = graph(CachePolicy.DEFAULT);

        assertThat(answer(graph, "a")).isEqualTo("a answered 1");
        assertThat(answer(graph, "a")).isEqualTo("a answered 1");
        assertThat(executions).hasValue(1);
    }

    @Test
    void anotherInputIsNot() {
        CompiledGraph graph = graph(CachePolicy.DEFAULT);
        answer(graph, "a");

        assertThat(answer(graph, "b")).isEqualTo("b answered 2");
    }

    @Test
    void aPolicyMaySayWhatOfTheInputCounts() {
        CompiledGraph graph = graph(new CachePolicy(state -> state.get(QUESTION).toLowerCase(Locale.ROOT), null));
        answer(graph, "a");

        assertThat(answer(graph, "A")).isEqualTo("a answered 1");
    }

    @Test
    void aHitIsShownAsCached() {
        CompiledGraph graph = graph(CachePolicy.DEFAULT);

        assertThat(shown(graph)).containsExactly("begins", "writes", "ends");
        assertThat(shown(graph)).containsExactly("begins", "writes, cached");
    }

    @Test
    void theWaysOutOfTheNodeAreTakenAllTheSame() {
        CompiledGraph graph = StateGraph.of(QUESTION, ANSWER)
                .node(
                        "route",
                        (state, context) ->
                                Command.to("end", Update.of(QUESTION, "routed " + executions.incrementAndGet())),
                        NodeOptions.NONE.cache(CachePolicy.DEFAULT))
                .node("end", (state, context) -> Update.of(ANSWER, state.get(QUESTION) + " at the end"))
                .edge(START, "route")
                .compile("graph")
                .with(cache);

        assertThat(answer(graph, "a")).isEqualTo("routed 1 at the end");
        assertThat(answer(graph, "a")).isEqualTo("routed 1 at the end");
        assertThat(executions).hasValue(1);
    }

    @Test
    void sendsToTheNodeAreKnownByTheirArguments() {
        Key<List<String>> answers = Key.reduced("answers", Codecs.list(Codecs.TEXT), List.of(), (left, right) -> {
            List<String> joined = new ArrayList<>(left);
            joined.addAll(right);
            return List.copyOf(joined);
        });
        CompiledGraph graph = StateGraph.of(answers)
                .node(
                        "think",
                        (state, context) -> {
                            executions.incrementAndGet();
                            return Update.of(answers, List.of(state.get(QUESTION)));
                        },
                        NodeOptions.NONE.cache(CachePolicy.DEFAULT))
                .route(START, state -> List.of(Send.to("think", QUESTION, "a"), Send.to("think", QUESTION, "b")))
                .compile("graph")
                .with(cache);
        graph.invoke(Update.NONE, RunConfig.DEFAULT);

        assertThat(graph.invoke(Update.NONE, RunConfig.DEFAULT).state().get(answers))
                .containsExactly("a", "b");
        assertThat(executions).hasValue(2);
    }

    @Test
    void anAnswerIsForgottenWhenItsTimeIsOver() {
        CompiledGraph graph = graph(CachePolicy.of(Duration.ofMinutes(1)));
        answer(graph, "a");
        clock.set(BEGIN.plusSeconds(59));
        assertThat(answer(graph, "a")).isEqualTo("a answered 1");

        clock.set(BEGIN.plusSeconds(60));
        assertThat(answer(graph, "a")).isEqualTo("a answered 2");
    }

    @Test
    void clearingForgetsAllNodesOrThoseThatAreNamed() {
        CompiledGraph graph = graph(CachePolicy.DEFAULT);
        answer(graph, "a");
        graph.clearCache("another");
        assertThat(answer(graph, "a")).isEqualTo("a answered 1");

        graph.clearCache("think");
        assertThat(answer(graph, "a")).isEqualTo("a answered 2");

        graph.clearCache();
        assertThat(answer(graph, "a")).isEqualTo("a answered 3");
    }

    @Test
    void graphsAndVersionsDoNotShareWhatTheirNodesWrote() {
        answer(graph(CachePolicy.DEFAULT), "a");
        CompiledGraph next = builder(CachePolicy.DEFAULT)
                .compile("graph", CompileOptions.DEFAULT.version(2))
                .with(cache);
        CompiledGraph other = builder(CachePolicy.DEFAULT).compile("other").with(cache);

        assertThat(answer(next, "a")).isEqualTo("a answered 2");
        assertThat(answer(other, "a")).isEqualTo("a answered 3");
    }

    @Test
    void aFailureIsNotKept() {
        CompiledGraph graph = StateGraph.of(QUESTION, ANSWER)
                .node(
                        "think",
                        (state, context) -> {
                            if (executions.incrementAndGet() == 1) {
                                throw new IOException("once");
                            }
                            return Update.of(ANSWER, "well");
                        },
                        NodeOptions.NONE.cache(CachePolicy.DEFAULT))
                .edge(START, "think")
                .compile("graph")
                .with(cache);
        assertThatExceptionOfType(GraphException.NodeFailed.class).isThrownBy(() -> answer(graph, "a"));

        assertThat(answer(graph, "a")).isEqualTo("well");
    }

    @Test
    void whatAnErrorHandlerWroteIsNotKept() {
        CompiledGraph graph = StateGraph.of(QUESTION, ANSWER)
                .node(
                        "think",
                        (state, context) -> {
                            if (executions.incrementAndGet() == 1) {
                                throw new IOException("once");
                            }
                            return Update.of(ANSWER, "well");
                        },
                        NodeOptions.NONE
                                .cache(CachePolicy.DEFAULT)
                                .onError((state, error, context) -> Update.of(ANSWER, "handled")))
                .edge(START, "think")
                .compile("graph")
                .with(cache);

        assertThat(answer(graph, "a")).isEqualTo("handled");
        assertThat(answer(graph, "a")).isEqualTo("well");
    }

    @Test
    void withoutACacheOrAPolicyTheNodeRunsEachTime() {
        CompiledGraph noCache = builder(CachePolicy.DEFAULT).compile("graph");
        answer(noCache, "a");
        assertThat(answer(noCache, "a")).isEqualTo("a answered 2");
        noCache.clearCache();

        CompiledGraph noPolicy = StateGraph.of(QUESTION, ANSWER)
                .node("think", think)
                .edge(START, "think")
                .compile("graph")
                .with(cache);
        answer(noPolicy, "a");
        assertThat(answer(noPolicy, "a")).isEqualTo("a answered 4");
    }

    private CompiledGraph graph(CachePolicy policy) {
        return builder(policy).compile("graph").with(cache);
    }

    private StateGraph builder(CachePolicy policy) {
        return StateGraph.of(QUESTION, ANSWER)
                .node("think", think, NodeOptions.NONE.cache(policy))
                .edge(START, "think");
    }

    private static String answer(CompiledGraph graph, String question) {
        return graph.invoke(Update.of(QUESTION, question), RunConfig.DEFAULT)
                .state()
                .get(ANSWER);
    }

    private static List<String> shown(CompiledGraph graph) {
        List<String> shown = new ArrayList<>();
        try (GraphStream events = graph.stream(
                Update.of(QUESTION, "a"), RunConfig.DEFAULT, Set.of(StreamMode.TASKS, StreamMode.UPDATES))) {
            while (events.hasNext()) {
                shown.add(
                        switch (events.next()) {
                            case StreamEvent.TaskStarted _ -> "begins";
                            case StreamEvent.NodeUpdate update -> update.cached() ? "writes, cached" : "writes";
                            case StreamEvent.TaskEnded _ -> "ends";
                            default -> "?";
                        });
            }
        }
        return shown;
    }
}
