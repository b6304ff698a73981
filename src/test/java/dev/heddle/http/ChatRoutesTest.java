package dev.heddle.http;

import static dev.heddle.http.ScriptedRuns.await;
import static dev.heddle.http.ScriptedRuns.event;
import static dev.heddle.http.ScriptedRuns.fail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.graph.types.MessageView;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.llm.types.LlmException;
import dev.heddle.llm.types.Principal;
import dev.heddle.run.RunException;
import dev.heddle.tree.Tree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatRoutesTest {
    private static final HttpRequest QUESTION = Service.post("/chat/t1", "{\"content\":\"hello\"}");

    private static StreamEvent started(String node, String... namespace) {
        return new StreamEvent.TaskStarted(List.of(namespace), "task", node, 1, Tree.EMPTY, List.of());
    }

    private static StreamEvent message(String id, String type, String text, boolean piece) {
        Tree tree = Tree.fields("type", Tree.of(type), "content", Tree.of(text));
        return new StreamEvent.MessageChunk(List.of(), "planner", "task", 1, new MessageView(id, text, piece, tree));
    }

    private static StreamEvent custom(Tree data) {
        return new StreamEvent.Custom(List.of(), "executor", data);
    }

    private static StreamEvent tool(String name, String status) {
        return custom(Tree.fields("tool", Tree.fields("name", Tree.of(name), "status", Tree.of(status))));
    }

    private static RunException failure(String code) {
        return new RunException(code, true, "Run: stopped, expected an end, got none. Ask again.", null);
    }

    @Nested
    class Streamed {

        @Test
        void showsNodesToolsAndTokensInTheirOrder() {
            Service service = new Service(ScriptedRuns.of(
                    event(started("router")),
                    event(started("planner")),
                    event(message("m1", "ai", "Let me", true)),
                    event(message("m1", "ai", " see", true)),
                    event(started("executor")),
                    event(tool("calculator", "start")),
                    event(tool("calculator", "end")),
                    event(started("planner")),
                    event(message("m2", "ai", "42 \"zażółć\"\n🧵", true))));

            assertThat(service.ask(QUESTION).events())
                    .containsExactly(
                            "{\"node\":\"router\"}",
                            "{\"node\":\"planner\"}",
                            "{\"token\":\"Let me\"}",
                            "{\"token\":\" see\"}",
                            "{\"node\":\"executor\"}",
                            "{\"tool\":{\"name\":\"calculator\",\"status\":\"start\"}}",
                            "{\"tool\":{\"name\":\"calculator\",\"status\":\"end\"}}",
                            "{\"node\":\"planner\"}",
                            "{\"token\":\"42 \\\"zażółć\\\"\\n🧵\"}",
                            "[DONE]");
        }

        @Test
        void isAnEventStreamThatNobodyHoldsBack() {
            Service.Answer answer = new Service(ScriptedRuns.of()).ask(QUESTION);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers())
                    .containsEntry("content-type", "text/event-stream")
                    .containsEntry("cache-control", "no-store")
                    .containsEntry("x-accel-buffering", "no")
                    .containsEntry("x-heddle-model", "stand-in")
                    .containsEntry("x-heddle-thread-id", "t1");
            assertThat(answer.text()).isEqualTo("data: [DONE]\n\n");
        }

        @Test
        void asksForARunOfTheCallerOnThisThreadUntilTheDeadline() {
            ScriptedRuns runs = ScriptedRuns.of();
            new Service(runs).ask(QUESTION);

            assertThat(runs.requests).singleElement().satisfies(request -> {
                assertThat(request.principal()).isEqualTo(Principal.LOCAL);
                assertThat(request.threadId()).isEqualTo("t1");
                assertThat(request.graph()).isEqualTo("assistant");
                assertThat(request.modes())
                        .containsExactlyInAnyOrder(StreamMode.TASKS, StreamMode.MESSAGES, StreamMode.CUSTOM);
                assertThat(request.deadline()).isEqualTo(Service.DEADLINE);
            });
        }

        @Test
        void aWholeMessageIsOneTokenUnlessItsPiecesWereShown() {
            Service service = new Service(ScriptedRuns.of(
                    event(message("m1", "ai", "pie", true)),
                    event(message("m1", "ai", "ces", true)),
                    event(message("m1", "ai", "pieces", false)),
                    event(message("m2", "ai", "whole", false)),
                    event(message("m2", "ai", "whole", false))));

            assertThat(service.ask(QUESTION).events())
                    .containsExactly("{\"token\":\"pie\"}", "{\"token\":\"ces\"}", "{\"token\":\"whole\"}", "[DONE]");
        }

        @Test
        void whatIsNotForTheClientIsNotShown() {
            Service service = new Service(ScriptedRuns.of(
                    event(started("inner", "sub:1")),
                    event(message("m0", "human", "the question", false)),
                    event(message("m1", "tool", "raw tool output", false)),
                    event(message("m2", "ai", "", false)),
                    event(message("m3", "ai", "", true)),
                    event(custom(Tree.of("anything"))),
                    event(custom(Tree.fields("tool", Tree.of("calculator")))),
                    event(custom(Tree.fields("tool", Tree.fields("name", Tree.of("x"))))),
                    event(new StreamEvent.TaskEnded(List.of(), "task", "planner", 1, "bad", Tree.EMPTY, List.of())),
                    event(new StreamEvent.NodeUpdate(List.of(), "planner", Tree.EMPTY, false)),
                    event(new StreamEvent.Values(List.of(), 1, Tree.EMPTY, List.of())),
                    event(new StreamEvent.Interrupted(List.of(), List.of()))));

            assertThat(service.ask(QUESTION).events()).containsExactly("[DONE]");
        }

        @Test
        void aToolEventShowsNameAndStatusAlone() {
            Service service = new Service(ScriptedRuns.of(event(custom(Tree.fields(
                    "tool",
                    Tree.fields(
                            "arguments", Tree.of("SECRET"), "name", Tree.of("search"), "status", Tree.of("start")))))));

            assertThat(service.ask(QUESTION).events())
                    .containsExactly("{\"tool\":{\"name\":\"search\",\"status\":\"start\"}}", "[DONE]");
        }

        @Test
        void halfASurrogatePairOfAModelDoesNotEndTheStream() {
            Service service = new Service(ScriptedRuns.of(
                    event(message("m1", "ai", "a\ud83d", true)), event(message("m1", "ai", "b", true))));

            assertThat(service.ask(QUESTION).events())
                    .containsExactly("{\"token\":\"a?\"}", "{\"token\":\"b\"}", "[DONE]");
        }

        @Test
        void aFailingRunEndsWithItsErrorAndDone() {
            Service service =
                    new Service(ScriptedRuns.of(event(started("planner")), fail(failure("model_unavailable"))));

            assertThat(service.ask(QUESTION).events())
                    .containsExactly(
                            "{\"node\":\"planner\"}",
                            "{\"error\":{\"code\":\"model_unavailable\","
                                    + "\"message\":\"Run: stopped, expected an end, got none. Ask again.\"}}",
                            "[DONE]");
            assertThat(service.notes).singleElement().satisfies(note -> assertThat(note.facts())
                    .containsEntry("code", "model_unavailable")
                    .containsEntry("status", 200)
                    .containsEntry("thread_id", "t1")
                    .containsEntry("route", "/chat/{thread_id}"));
        }

        @Test
        void anUnexpectedFailureTellsTheRequestIdAlone() {
            Service service = new Service(ScriptedRuns.of(fail(new IllegalStateException("SECRET"))));
            List<String> events = service.ask(QUESTION).events();

            assertThat(events).hasSize(2).last().isEqualTo("[DONE]");
            assertThat(events.getFirst())
                    .contains("internal_error", "request-1")
                    .doesNotContain("SECRET");
        }

        @Test
        void anErrorOfTheMachineEndsTheStreamToo() {
            Service service = new Service(ScriptedRuns.of(fail(new StackOverflowError())));

            assertThat(service.ask(QUESTION).events()).hasSize(2).last().isEqualTo("[DONE]");
        }

        @Test
        void eachEventIsFlushedBeforeTheRunGoesOn() throws IOException {
            CountDownLatch seen = new CountDownLatch(1);
            ScriptedRuns runs = ScriptedRuns.of(
                    event(message("m1", "ai", "first", true)), await(seen), event(message("m1", "ai", "last", true)));
            Wire wire = new Wire("first", seen);
            new Service(runs).router.handle(QUESTION).body().writeTo(wire);

            assertThat(SseParser.parse(wire.toByteArray()).events())
                    .containsExactly("{\"token\":\"first\"}", "{\"token\":\"last\"}", "[DONE]");
        }

        @Test
        void silenceIsFilledWithHeartbeats() throws IOException {
            CountDownLatch beaten = new CountDownLatch(1);
            ScriptedRuns runs = ScriptedRuns.of(await(beaten), event(message("m1", "ai", "late", true)));
            Wire wire = new Wire(": heartbeat\n\n: heartbeat\n\n", beaten);
            new Service(runs, Duration.ofMillis(1))
                    .router
                    .handle(QUESTION)
                    .body()
                    .writeTo(wire);

            SseParser parsed = SseParser.parse(wire.toByteArray());
            assertThat(parsed.comments()).hasSizeGreaterThanOrEqualTo(2).containsOnly(" heartbeat");
            assertThat(parsed.events()).containsExactly("{\"token\":\"late\"}", "[DONE]");
        }

        @Test
        void noHeartbeatWithoutSilence() {
            Service service = new Service(ScriptedRuns.of(event(started("planner"))));

            assertThat(service.ask(QUESTION).text()).doesNotContain("heartbeat");
        }

        @Test
        void theBodyEndsAfterTheRunAlsoWhenTheClientIsGone() throws InterruptedException {
            CountDownLatch gone = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            ScriptedRuns runs = ScriptedRuns.of(
                    event(started("planner")), await(goOn), event(message("m1", "ai", "to nobody", true)));
            Service service = new Service(runs);
            HttpReply reply = service.router.handle(QUESTION);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    reply.body().writeTo(breaking(gone));
                } catch (IOException e) {
                    thrown.set(e);
                }
            });

            assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
            while (writer.getState() == Thread.State.RUNNABLE || writer.getState() == Thread.State.BLOCKED) {
                Thread.onSpinWait(); // until it waits for the run or, wrongly, has ended
            }
            assertThat(writer.isAlive()).isTrue();
            assertThat(service.notes).isEmpty();

            goOn.countDown();
            assertThat(writer.join(Duration.ofSeconds(30))).isTrue();
            assertThat(runs.ended.getCount()).isZero();
            assertThat(thrown.get()).hasMessage("connection reset");
            assertThat(service.notes).singleElement().satisfies(note -> assertThat(note.facts())
                    .containsEntry("client_gone", true)
                    .doesNotContainKey("code"));
        }

        private static OutputStream breaking(CountDownLatch gone) {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    gone.countDown();
                    throw new IOException("connection reset");
                }
            };
        }

        @Test
        void aRunGoesOnWhenNobodyWritesTheBody() throws InterruptedException {
            ScriptedRuns runs = ScriptedRuns.of(event(started("planner")), event(message("m1", "ai", "x", true)));
            assertThat(new Service(runs).router.handle(QUESTION).status()).isEqualTo(200);

            assertThat(runs.closed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(runs.ended.getCount()).isZero();
        }

        @Test
        void anInterruptOfTheWriterGivesTheRunUp() throws InterruptedException {
            CountDownLatch never = new CountDownLatch(1);
            ScriptedRuns runs = ScriptedRuns.of(await(never));
            Service service = new Service(runs);
            HttpReply reply = service.router.handle(QUESTION);

            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> reply.body().writeTo(new ByteArrayOutputStream()))
                    .isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(runs.closed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(service.notes).singleElement().satisfies(note -> assertThat(note.facts())
                    .containsEntry("code", "cancelled")
                    .doesNotContainKey("client_gone"));
            never.countDown();
        }
    }

    @Nested
    class Whole {

        private static Tree.Fields state(Tree cost, Tree... messages) {
            return Tree.fields("messages", Tree.of(List.of(messages)), "turn_cost_usd", cost);
        }

        private static Tree said(String type, String content) {
            return Tree.fields("type", Tree.of(type), "content", Tree.of(content));
        }

        private static Service.Answer ask(Tree.Fields state) {
            return new Service(ScriptedRuns.endingWith(state))
                    .ask(Service.post("/chat", "{\"thread_id\":\"t1\",\"content\":\"hello\"}"));
        }

        @Test
        void answersWithTheLastWordsOfTheModel() {
            Service.Answer answer = ask(state(
                    Tree.of(0), said("human", "hello"), said("ai", "first"), said("tool", "4"), said("ai", "it is 4")));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("{\"answer\":\"it is 4\",\"thread_id\":\"t1\",\"cost_usd\":0}");
            assertThat(answer.headers())
                    .containsEntry("content-type", "application/json")
                    .containsEntry("x-heddle-model", "stand-in");
        }

        @ParameterizedTest
        @CsvSource({
            "0.0000001,0.0000001",
            "1E-10,0.0000000001",
            "1E+3,1000",
            "0.10,0.10",
            "123456789012345678901234567890.000000000000000000001,123456789012345678901234567890.000000000000000000001"
        })
        void theCostIsExactAndPlain(String cost, String shown) {
            assertThat(ask(state(Tree.of(new BigDecimal(cost)), said("ai", "x")))
                            .text())
                    .endsWith("\"cost_usd\":" + shown + "}");
        }

        @Test
        void aCostThatNobodyToldIsNull() {
            assertThat(ask(Tree.fields("messages", Tree.of(List.of(said("ai", "x")))))
                            .text())
                    .endsWith("\"cost_usd\":null}");
        }

        @Test
        void anOlderAnswerIsNoAnswer() {
            Service.Answer answer = ask(state(Tree.of(0), said("human", "a"), said("ai", "old"), said("human", "b")));

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.code()).isEqualTo("no_answer");
        }

        @Test
        void aStateOfAnotherShapeIsAnInternalError() {
            assertThat(ask(Tree.fields("messages", Tree.of("SECRET"))).code()).isEqualTo("internal_error");
        }

        @ParameterizedTest
        @CsvSource({"'{\"content\":\"x\"}'", "'{\"content\":\"x\",\"thread_id\":null}'"})
        void withoutThreadIdANewThreadBegins(String body) {
            ScriptedRuns runs = ScriptedRuns.endingWith(state(Tree.of(0), said("ai", "x")));
            Service.Answer answer = new Service(runs).ask(Service.post("/chat", body));

            assertThat(answer.json().path("thread_id").asText()).isEqualTo("new-thread");
            assertThat(runs.requests.getFirst().threadId()).isEqualTo("new-thread");
            assertThat(runs.requests.getFirst().modes()).isEmpty();
            assertThat(runs.closed.getCount()).isZero();
        }

        @Test
        void aTurnThatFailsTellsItsThread() {
            ScriptedRuns runs = ScriptedRuns.of(
                    fail(new LlmException.TimedOut("qwen3:8b", "no token, expected one, got none. Ask again.", null)));
            Service service = new Service(runs);
            Service.Answer answer = service.ask(Service.post("/chat", "{\"content\":\"x\"}"));

            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.code()).isEqualTo("model_timeout");
            assertThat(answer.headers()).containsEntry("x-heddle-thread-id", "new-thread");
            assertThat(runs.closed.getCount()).isZero();
            assertThat(service.notes).singleElement().satisfies(note -> assertThat(note.facts())
                    .containsAllEntriesOf(Map.of("code", "model_timeout", "status", 504, "thread_id", "new-thread")));
        }
    }

    /** Opens a latch when the client has been sent something. Only what was flushed counts as sent. */
    private static final class Wire extends ByteArrayOutputStream {
        private final String awaited;
        private final CountDownLatch seen;

        Wire(String awaited, CountDownLatch seen) {
            this.awaited = awaited;
            this.seen = seen;
        }

        @Override
        public void flush() {
            if (toString(StandardCharsets.UTF_8).contains(awaited)) {
                seen.countDown();
            }
        }
    }
}
