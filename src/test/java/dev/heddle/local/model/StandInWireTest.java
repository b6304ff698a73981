package dev.heddle.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stand-in against recordings of the real server: same status, headers, lines, keys and types. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StandInWireTest {
    private static final String TOOLS = """
            [{"type":"function","function":{"name":"calculator","description":"Computes","parameters":{"type":"object"}}},
             {"type":"function","function":{"name":"current_time","description":"Now","parameters":{"type":"object"}}}]""";

    private final StandInModel model;

    StandInWireTest() throws IOException {
        model = StandInModel.start(0);
    }

    @AfterAll
    void close() {
        model.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            10-chat-nostream      | {"model":"stand-in","stream":false,"messages":[{"role":"user","content":"hello"}]}
            11-chat-stream        | {"model":"stand-in","messages":[{"role":"user","content":"hello"}]}
            20-tools-nostream     | {"model":"stand-in","stream":false,"tools":TOOLS,"messages":[{"role":"user","content":"6 times 7"}]}
            21-tools-stream       | {"model":"stand-in","tools":TOOLS,"messages":[{"role":"user","content":"6 times 7"}]}
            22-tools-text-first   | {"model":"stand-in","tools":TOOLS,"messages":[{"role":"user","content":"think aloud: 6 times 7"}]}
            23-tools-two          | {"model":"stand-in","tools":TOOLS,"messages":[{"role":"user","content":"6 times 7 and the time"}]}
            27-tool-result        | {"model":"stand-in","tools":TOOLS,"messages":[{"role":"user","content":"6 times 7"},{"role":"assistant","content":"","tool_calls":[{"function":{"name":"calculator","arguments":{"expression":"6*7"}}}]},{"role":"tool","content":"42"}]}
            40-num-predict        | {"model":"stand-in","options":{"num_predict":5},"messages":[{"role":"user","content":"long answer"}]}
            42-stutter-abort      | {"model":"stand-in","messages":[{"role":"user","content":"stutter"}]}
            50-unknown-model      | {"model":"nope","messages":[{"role":"user","content":"hi"}]}
            51-malformed-json     | {"model":"stand-in","messages":[{
            52-empty-body         | ``
            53-no-model           | {"messages":[{"role":"user","content":"hi"}]}
            54-wrong-type         | {"model":"stand-in","messages":"hi"}
            56-no-messages-load   | {"model":"stand-in"}
            59-bad-option         | {"model":"stand-in","stream":false,"options":{"num_ctx":"many"},"messages":[{"role":"user","content":"hi"}]}
            90-midstream-error    | {"model":"stand-in","messages":[{"role":"user","content":"fail midstream"}]}
            93-stutter-nostream   | {"model":"stand-in","stream":false,"messages":[{"role":"user","content":"stutter"}]}
            """)
    void chatRepliesHaveTheShapeOfTheRecording(String recording, String body) throws Exception {
        String sent = body.replace("TOOLS", TOOLS.replace("\n", ""));
        assertSameShape(Exchange.live(model.endpoint(), "POST", "/api/chat", sent), Exchange.recorded(recording));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            00-root         | GET  | /            | ``
            01-version      | GET  | /api/version | ``
            02-tags         | GET  | /api/tags    | ``
            03-show         | POST | /api/show    | {"model":"stand-in"}
            57-unknown-path | POST | /api/nope    | {}
            58-wrong-method | GET  | /api/chat    | ``
            """)
    void otherRepliesHaveTheShapeOfTheRecording(String recording, String method, String path, String body)
            throws Exception {
        Exchange live = Exchange.live(model.endpoint(), method, path, body);
        Exchange recorded = Exchange.recorded(recording);
        assertThat(live.shapes()).isEqualTo(recorded.shapes());
        assertThat(live.status()).isEqualTo(recorded.status());
        assertThat(live.contentType()).isEqualTo(recorded.contentType());
    }

    @Test
    void anAnswerHoldsAfterTwoChunksUntilItsLabelIsReleased() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var reply = client.send(chat("hold here"), BodyHandlers.ofInputStream());
            try (InputStream lines = reply.body()) {
                assertThat(readLine(lines) + readLine(lines)).doesNotContain("\"done\":true");
                model.awaitHeld("here");
                Instant released = Instant.now();
                model.release("here");
                List<String> rest = readAll(lines).lines().toList();
                assertThat(createdAt(rest.getFirst())).isAfterOrEqualTo(released);
                assertThat(rest.getLast()).contains("\"done\":true");
            }
        }
    }

    @Test
    void anotherProcessCanReleaseAHold() throws Exception {
        var answer = CompletableFuture.supplyAsync(() -> ask("hold there"));
        assertThat(Exchange.live(model.endpoint(), "GET", "/control/reached/there", "")
                        .status())
                .isEqualTo(200);
        assertThat(answer).isNotDone();
        assertThat(Exchange.live(model.endpoint(), "POST", "/control/release/there", "")
                        .status())
                .isEqualTo(200);
        assertThat(answer.get().lines().getLast()).contains("\"done\":true");
    }

    @Test
    void aCutConnectionIsNoCleanEnd() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var reply = client.send(chat("fail cut"), BodyHandlers.ofInputStream());
            assertThat(reply.statusCode()).isEqualTo(200);
            try (InputStream lines = reply.body()) {
                assertThat(readLine(lines)).contains("\"done\":false");
                assertThatThrownBy(lines::readAllBytes).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void aServerThatFailsSaysSoInOllamasWords() {
        assertThat(ask("fail 500").status()).isEqualTo(500);
        assertThat(ask("fail busy").status()).isEqualTo(503);
        assertThat(ask("fail busy").lines().getFirst()).startsWith("{\"error\":\"server busy");
    }

    @Test
    void closingEndsAnAnswerThatNeverCame() throws Exception {
        CompletableFuture<?> reply;
        try (var client = HttpClient.newHttpClient()) {
            try (var silent = StandInModel.start(0)) {
                reply = client.sendAsync(chat(silent, "fail slow"), BodyHandlers.ofString());
                silent.awaitReceived(1);
                assertThat(reply).isNotDone();
            }
            assertThatThrownBy(reply::get).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void remembersWhatItWasAsked() throws Exception {
        try (var fresh = StandInModel.start(0)) {
            Exchange.live(fresh.endpoint(), "POST", "/api/chat", chatBody("hello"));
            assertThat(fresh.received()).hasSize(1);
            assertThat(fresh.received().getFirst().at("/messages/0/content").asText())
                    .isEqualTo("hello");
        }
    }

    @Test
    void aPortInUseIsOneClearLine() {
        assertThatThrownBy(() -> StandInModel.start(model.endpoint().getPort()))
                .isInstanceOf(IOException.class)
                .hasMessage("Stand-in model: cannot listen, expected a free port, got "
                        + model.endpoint().getPort() + ". Choose another or 0.");
    }

    private static void assertSameShape(Exchange live, Exchange recorded) {
        assertThat(live.shapes().stream().map(StandInWireTest::nameless).toList())
                .isEqualTo(recorded.shapes().stream()
                        .map(StandInWireTest::nameless)
                        .toList());
        assertThat(live.status()).isEqualTo(recorded.status());
        assertThat(live.contentType()).isEqualTo(recorded.contentType());
        assertThat(live.framing()).isEqualTo(recorded.framing());
    }

    private static String nameless(String shape) {
        return shape.replace("'tiny'", "'MODEL'").replace("'stand-in'", "'MODEL'");
    }

    private Exchange ask(String question) {
        try {
            return Exchange.live(model.endpoint(), "POST", "/api/chat", chatBody(question));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest chat(String question) {
        return chat(model, question);
    }

    private static HttpRequest chat(StandInModel model, String question) {
        return HttpRequest.newBuilder(model.endpoint().resolve("/api/chat"))
                .POST(HttpRequest.BodyPublishers.ofString(chatBody(question)))
                .build();
    }

    private static String chatBody(String question) {
        return "{\"model\":\"stand-in\",\"messages\":[{\"role\":\"user\",\"content\":\"" + question + "\"}]}";
    }

    private static Instant createdAt(String line) {
        return Instant.parse(line.replaceFirst(".*\"created_at\":\"([^\"]+)\".*", "$1"));
    }

    private static String readLine(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.append((char) b);
        }
        return line.toString();
    }

    private static String readAll(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
