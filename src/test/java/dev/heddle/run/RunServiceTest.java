package dev.heddle.run;

import static dev.heddle.graph.state.StateGraph.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphCatalogue;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Update;
import dev.heddle.llm.types.LlmException;
import dev.heddle.llm.types.Principal;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class RunServiceTest {
    private static final Key<Integer> COUNT = Key.lastValue("count", Codecs.INT);

    private final AtomicReference<Node> node =
            new AtomicReference<>((state, context) -> Update.of(COUNT, state.get(COUNT) + 1));
    private int runs;
    private final RunService service = new RunService(
            new GraphCatalogue(List.of(graph())),
            new InMemoryRunRepository(Clock.systemUTC()),
            () -> "run-" + ++runs,
            4);

    @Test
    void aRunTellsItsEventsAndItsValues() {
        try (ActiveRun run = service.start(request("thread", Principal.LOCAL))) {
            assertThat(run.runId()).isEqualTo("run-1");
            assertThat(run.next()).containsInstanceOf(StreamEvent.TaskStarted.class);
            assertThat(run.values()).isEqualTo(Tree.fields("count", Tree.of(2)));
            assertThat(run.next()).isEmpty();
        }
    }

    @Test
    void aNodeIsToldRunOwnerAndADeadlineBeforeTheProcessEnds() {
        AtomicReference<String> seen = new AtomicReference<>();
        node.set((state, context) -> {
            seen.set(context.config().runId() + " "
                    + context.config().configurable().get("owner") + " "
                    + context.config().deadline());
            return Update.NONE;
        });
        finish(request("thread", new Principal("ada")));

        assertThat(seen.get()).isEqualTo("run-1 Text[value=ada] 2126-11-21T09:59:55Z");
    }

    @Test
    void aThreadHasOneRunAtATimeAndIsFreeAfterwardsHoweverItEnded() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        node.set((state, context) -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return Update.NONE;
        });
        try (ActiveRun first = service.start(request("thread", Principal.LOCAL))) {
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            fails("thread_busy", () -> service.start(request("thread", Principal.LOCAL))
                    .close());
            assertThat(first.runId()).isNotEmpty();
        }
        node.set((state, context) -> {
            throw new IllegalStateException("secret");
        });
        fails("node_failed", () -> finish(request("thread", Principal.LOCAL)));
        node.set((state, context) -> Update.of(COUNT, 7));

        assertThat(finish(request("thread", Principal.LOCAL))).isEqualTo(Tree.fields("count", Tree.of(7)));
    }

    @Test
    void closingARunTwiceDoesNotFreeTheNextOnesThread() throws Exception {
        ActiveRun first = service.start(request("thread", Principal.LOCAL));
        first.close();
        CountDownLatch begun = new CountDownLatch(1);
        node.set((state, context) -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return Update.NONE;
        });
        try (ActiveRun second = service.start(request("thread", Principal.LOCAL))) {
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            first.close();
            fails("thread_busy", () -> service.start(request("thread", Principal.LOCAL))
                    .close());
            assertThat(second.runId()).isNotEmpty();
        }
    }

    @Test
    void twoOwnersMayUseOneThreadIdAndSeeNothingOfEachOther() {
        node.set((state, context) -> Update.of(COUNT, state.get(COUNT) * 10));
        finish(request("thread", new Principal("ada")));
        node.set((state, context) -> Update.NONE);
        RunRequest noInput = new RunRequest(
                new Principal("bob"), "thread", "counter", Tree.EMPTY, Set.of(), Instant.parse("2126-11-21T10:00:00Z"));

        assertThat(finish(noInput)).isEqualTo(Tree.EMPTY);
    }

    @Test
    void whatWentWrongHasTheCodeOfWhoeverKnowsBestAndNoSecrets() {
        node.set((state, context) -> {
            throw new LlmException.TimedOut("m", "no token, expected one within 30 s, got none. Try again.", null);
        });
        fails("model_timeout", () -> finish(request("one", Principal.LOCAL)));

        node.set((state, context) -> {
            throw new IllegalStateException("secret");
        });
        assertThat(fails("node_failed", () -> finish(request("two", Principal.LOCAL))))
                .hasMessageContaining("Node 'n': failed in superstep 1")
                .hasMessageNotContaining("secret");

        RunRequest wrongShape = new RunRequest(
                Principal.LOCAL,
                "three",
                "counter",
                Tree.fields("count", Tree.of("secret")),
                Set.of(),
                Instant.parse("2126-11-21T10:00:00Z"));
        assertThat(fails("bad_input", () -> finish(wrongShape))).hasMessageNotContaining("secret");
    }

    @Test
    void anUnknownGraphIsNamedByTheOnesThereAre() {
        RunRequest request = new RunRequest(
                Principal.LOCAL, "thread", "nothing", Tree.EMPTY, Set.of(), Instant.parse("2126-11-21T10:00:00Z"));

        assertThat(fails("graph_not_found", () -> service.start(request).close()))
                .hasMessageContaining("[counter]");
    }

    private CompiledGraph graph() {
        return StateGraph.of(COUNT)
                .node("n", (state, context) -> node.get().run(state, context))
                .edge(START, "n")
                .compile("counter");
    }

    private static RunRequest request(String thread, Principal owner) {
        return new RunRequest(
                owner,
                thread,
                "counter",
                Tree.fields("count", Tree.of(1)),
                Set.of(StreamMode.TASKS),
                Instant.parse("2126-11-21T10:00:00Z"));
    }

    private Tree.Fields finish(RunRequest request) {
        try (ActiveRun run = service.start(request)) {
            return run.values();
        }
    }

    private static RunException fails(String code, ThrowingCallable work) {
        AtomicReference<RunException> thrown = new AtomicReference<>();
        assertThatExceptionOfType(RunException.class).isThrownBy(work).satisfies(e -> {
            assertThat(e.code()).isEqualTo(code);
            thrown.set(e);
        });
        return thrown.get();
    }
}
