package dev.heddle.llm.provider;

import static dev.heddle.llm.provider.Calls.LONG;
import static dev.heddle.llm.provider.Calls.SHORT;
import static dev.heddle.llm.provider.Calls.ask;
import static dev.heddle.llm.provider.Calls.context;
import static dev.heddle.llm.provider.Calls.failure;
import static dev.heddle.llm.provider.Calls.model;
import static dev.heddle.llm.provider.Calls.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.llm.types.ChatDelta;
import dev.heddle.llm.types.LlmException;
import dev.heddle.testing.FakeClock;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that give no whole answer, on a real wire. */
@Timeout(60)
class OllamaFailuresIT {

    @Nested
    class BrokenStream {

        /** What Ollama does when a model says one token thirty times. */
        @Test
        void isAStreamThatEndsCleanlyWithoutItsLastLine() throws Exception {
            List<ChatDelta> deltas = new ArrayList<>();
            try (var ollama = ScriptedOllama.lines(text("again "), text("again "))) {
                LlmException failure = failure(model(ollama.url()), context(deltas::add));

                assertThat(failure)
                        .isInstanceOf(LlmException.Broken.class)
                        .hasMessage(
                                "Model 'tiny': stream ended early, expected a last line with done:true, got the end."
                                        + " Try again.");
                assertThat(deltas).hasSize(2);
            }
        }

        @Test
        void isAnErrorLineInMidStream() throws Exception {
            try (var ollama = ScriptedOllama.lines(
                    text("tick"), "{\"error\":\"an error was encountered while running the model: unexpected EOF\"}")) {
                assertThat(failure(model(ollama.url())))
                        .isInstanceOf(LlmException.Broken.class)
                        .hasMessageContaining("error line");
            }
        }

        @Test
        void isACutConnection() throws Exception {
            List<ChatDelta> deltas = new ArrayList<>();
            try (var ollama = new ScriptedOllama((request, wire) -> {
                wire.open();
                wire.chunk(text("a") + "\n");
                wire.cut();
            })) {
                assertThat(failure(model(ollama.url()), context(deltas::add)))
                        .isInstanceOf(LlmException.Broken.class)
                        .hasMessageContaining("connection lost");
                assertThat(deltas).extracting(ChatDelta::text).containsExactly("a");
            }
        }

        @Test
        void isALastLineThatWasCutInTheMiddle() throws Exception {
            try (var ollama = new ScriptedOllama((request, wire) -> {
                wire.open();
                wire.chunk(text("a") + "\n" + "{\"model\":\"tiny\",\"message\":{\"role\":\"assis");
                wire.end();
            })) {
                assertThat(failure(model(ollama.url())))
                        .isInstanceOf(LlmException.Broken.class)
                        .hasMessageContaining("unreadable line")
                        .hasNoCause();
            }
        }

        @Test
        void isALineOfAnotherProtocol() throws Exception {
            try (var ollama = ScriptedOllama.lines("[1]")) {
                assertThat(failure(model(ollama.url()))).isInstanceOf(LlmException.Broken.class);
            }
            try (var ollama = ScriptedOllama.lines("{\"message\":\"my secret words\",\"done\":false}")) {
                assertThat(failure(model(ollama.url())))
                        .isInstanceOf(LlmException.Broken.class)
                        .hasMessageNotContaining("secret")
                        .hasNoCause();
            }
        }
    }

    @Nested
    class Silence {

        @Test
        void beforeTheFirstTokenTimesOut() throws Exception {
            try (var ollama = new ScriptedOllama((request, wire) -> wire.stall())) {
                assertThat(failure(model(ollama.url(), SHORT, LONG)))
                        .isInstanceOf(LlmException.TimedOut.class)
                        .hasMessageContaining("first token within PT0.1S");
                ollama.awaitClientClosed();
            }
        }

        @Test
        void afterTheHeadersIsStillBeforeTheFirstToken() throws Exception {
            try (var ollama = new ScriptedOllama((request, wire) -> {
                wire.open();
                wire.stall();
            })) {
                assertThat(failure(model(ollama.url(), SHORT, LONG)))
                        .isInstanceOf(LlmException.TimedOut.class)
                        .hasMessageContaining("first token");
                ollama.awaitClientClosed();
            }
        }

        @Test
        void inMidStreamTimesOut() throws Exception {
            try (var ollama = new ScriptedOllama((request, wire) -> {
                wire.open();
                wire.chunk(text("a") + "\n" + "{\"model\":");
                wire.stall();
            })) {
                assertThat(failure(model(ollama.url(), LONG, SHORT)))
                        .isInstanceOf(LlmException.TimedOut.class)
                        .hasMessageContaining("stream stalled, expected a token within PT0.1S");
                ollama.awaitClientClosed();
            }
        }

        @Test
        void endsAtTheDeadlineWhenThatComesFirst() throws Exception {
            try (var ollama = new ScriptedOllama((request, wire) -> wire.stall())) {
                assertThat(failure(model(ollama.url()), context(Instant.now().plus(SHORT), delta -> {})))
                        .isInstanceOf(LlmException.TimedOut.class)
                        .hasMessageContaining("deadline passed");
                ollama.awaitClientClosed();
            }
        }
    }

    @Test
    void anEndlessAnswerEndsAtTheDeadline() throws Exception {
        Instant start = Instant.parse("2026-11-21T10:00:00Z");
        FakeClock clock = FakeClock.at(start);
        try (var ollama = new ScriptedOllama((request, wire) -> {
            wire.open();
            while (true) {
                wire.chunk(text("tick tock ") + "\n");
            }
        })) {
            OllamaChatModel model = OllamaChatModel.create(
                    new OllamaSettings(ollama.url(), "tiny", LONG, LONG, LONG, null), clock, Calls.ids());

            LlmException failure = failure(
                    model,
                    context(
                            start.plusSeconds(60),
                            delta -> clock.set(clock.instant().plusSeconds(20))));

            assertThat(failure).isInstanceOf(LlmException.TimedOut.class).hasMessageContaining("deadline passed");
            assertThat(clock.instant()).isEqualTo(start.plusSeconds(60));
            ollama.awaitClientClosed();
        }
    }

    @Nested
    class Refusal {

        @Test
        void ofAnUnknownModelNamesThePullCommand() throws Exception {
            try (var ollama = ScriptedOllama.status("404 Not Found", "{\"error\":\"model 'tiny' not found\"}")) {
                assertThat(failure(model(ollama.url())))
                        .isInstanceOf(LlmException.Rejected.class)
                        .hasMessage("Model 'tiny': unknown model, expected one that is pulled, got status 404."
                                + " Run: ollama pull tiny");
            }
        }

        @Test
        void ofAnUnknownPathNamesTheBaseUrl() throws Exception {
            try (var ollama = ScriptedOllama.status("404 Not Found", "404 page not found")) {
                assertThat(failure(model(ollama.url())))
                        .isInstanceOf(LlmException.Rejected.class)
                        .hasMessageContaining(ollama.url().toString());
            }
        }

        @Test
        void ofToolsSaysSo() throws Exception {
            try (var ollama = ScriptedOllama.status(
                    "400 Bad Request",
                    "{\"error\":\"registry.ollama.ai/library/tiny-plain:latest does not support tools\"}")) {
                assertThat(failure(model(ollama.url())))
                        .isInstanceOf(LlmException.Rejected.class)
                        .hasMessageContaining("no tools");
            }
        }

        @Test
        void isNeverQuoted() throws Exception {
            for (String status : List.of("400 Bad Request", "403 Forbidden", "500 Internal Server Error")) {
                try (var ollama = ScriptedOllama.status(status, "{\"error\":\"cannot take: my secret words\"}")) {
                    assertThat(failure(model(ollama.url())))
                            .hasMessageContaining("status " + status.substring(0, 3))
                            .hasMessageNotContaining("secret")
                            .hasNoCause();
                }
            }
        }

        @Test
        void withServerErrorIsUnavailable() throws Exception {
            try (var ollama = ScriptedOllama.status("500 Internal Server Error", "{\"error\":\"boom\"}")) {
                assertThat(failure(model(ollama.url()))).isInstanceOf(LlmException.Unavailable.class);
            }
        }

        @Test
        void becauseOfOverloadIsRateLimited() throws Exception {
            try (var ollama = ScriptedOllama.status(
                    "503 Service Unavailable",
                    "{\"error\":\"server busy, please try again.  maximum pending requests exceeded\"}")) {
                assertThat(failure(model(ollama.url())))
                        .isInstanceOfSatisfying(
                                LlmException.RateLimited.class,
                                failure -> assertThat(failure.retryAfter()).isNull());
            }
            try (var ollama = ScriptedOllama.status("429 Too Many Requests\r\nRetry-After: 7", "{}")) {
                assertThat(failure(model(ollama.url())))
                        .isInstanceOfSatisfying(
                                LlmException.RateLimited.class,
                                failure -> assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7)));
            }
        }
    }

    @Test
    void aRefusedConnectionIsUnavailableAndNamesTheHost() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        assertThat(failure(model(URI.create("http://127.0.0.1:" + port))))
                .isInstanceOf(LlmException.Unavailable.class)
                .hasMessage("Model 'tiny': no connection, expected an Ollama at 127.0.0.1:" + port
                        + ", got none. Start it with 'ollama serve' or set OLLAMA_BASE_URL.");
    }

    @Test
    void aConnectionCutBeforeTheAnswerIsUnavailable() throws Exception {
        try (var ollama = new ScriptedOllama((request, wire) -> wire.cut())) {
            assertThat(failure(model(ollama.url()))).isInstanceOf(LlmException.Unavailable.class);
        }
    }

    @Nested
    class InterruptOfTheWorker {

        @Test
        void inMidStreamClosesTheRequest() throws Exception {
            try (var ollama = new ScriptedOllama((request, wire) -> {
                wire.open();
                wire.chunk(text("a") + "\n");
                wire.stall();
            })) {
                CountDownLatch heard = new CountDownLatch(1);
                Worker worker = new Worker(ollama.url(), heard);
                heard.await();

                worker.interruptAndJoin();

                assertThat(worker.failure.get()).isInstanceOf(LlmException.Cancelled.class);
                assertThat(worker.flag).isTrue();
                ollama.awaitClientClosed();
            }
        }

        @Test
        void beforeTheFirstTokenClosesTheRequest() throws Exception {
            try (var ollama = new ScriptedOllama((request, wire) -> wire.stall())) {
                Worker worker = new Worker(ollama.url(), new CountDownLatch(1));
                ollama.request();

                worker.interruptAndJoin();

                assertThat(worker.failure.get()).isInstanceOf(LlmException.Cancelled.class);
                assertThat(worker.flag).isTrue();
                ollama.awaitClientClosed();
            }
        }

        @Test
        void stopsAnAnswerThatKeepsComing() throws Exception {
            try (var ollama = new ScriptedOllama((request, wire) -> {
                wire.open();
                while (true) {
                    wire.chunk(text("tick tock ") + "\n");
                }
            })) {
                CountDownLatch heard = new CountDownLatch(100);
                Worker worker = new Worker(ollama.url(), heard);
                heard.await();

                worker.interruptAndJoin();

                assertThat(worker.failure.get()).isInstanceOf(LlmException.Cancelled.class);
                ollama.awaitClientClosed();
            }
        }

        @Test
        void thatCameBeforeTheCallSendsNothing() throws Exception {
            try (var ollama = ScriptedOllama.lines(text("a"))) {
                Thread.currentThread().interrupt();
                LlmException failure = failure(model(ollama.url()));

                assertThat(Thread.interrupted()).isTrue();
                assertThat(failure).isInstanceOf(LlmException.Cancelled.class);
                assertThat(ollama.hasRequest()).isFalse();
            }
        }
    }

    @Test
    void theNextCallWorksAfterAFailedOne() throws Exception {
        AtomicReference<String> last = new AtomicReference<>(text("no end"));
        try (var ollama = new ScriptedOllama((request, wire) -> {
            wire.open();
            wire.chunk(last.get() + "\n");
            wire.end();
        })) {
            OllamaChatModel model = model(ollama.url());
            assertThat(failure(model)).isInstanceOf(LlmException.Broken.class);

            last.set(Calls.done("stop"));

            assertThat(model.chat(ask("hi"), context(delta -> {})).message().text())
                    .isEmpty();
        }
    }

    /** Somebody who calls the model, to be interrupted. */
    private static final class Worker {
        final AtomicReference<LlmException> failure = new AtomicReference<>();
        volatile boolean flag;
        private final Thread thread;

        Worker(URI url, CountDownLatch heard) {
            thread = Thread.ofVirtual().start(() -> {
                failure.set(failure(model(url), context(delta -> heard.countDown())));
                flag = Thread.currentThread().isInterrupted();
            });
        }

        void interruptAndJoin() throws InterruptedException {
            thread.interrupt();
            thread.join();
        }
    }
}
