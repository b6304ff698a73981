package dev.heddle.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heddle.local.gateway.LocalGateway;
import dev.heddle.local.model.StandInModel;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One chat turn from HTTP to the last byte, with the stand-in model and DynamoDB Local. */
@Timeout(120)
final class ChatE2E {
    private static StandInModel model;
    private static Stack stack;

    private String thread = "";

    @BeforeAll
    static void start() throws Exception {
        model = StandInModel.start(0);
        stack = Stack.start(Stack.environment(model.endpoint(), StandInModel.NAME));
    }

    @AfterAll
    static void stop() {
        stack.close();
        model.close();
    }

    @BeforeEach
    void newThread() {
        thread = "e2e-" + UUID.randomUUID();
    }

    @Test
    void aQuestionIsRoutedPlannedAndAnsweredInTokens() throws Exception {
        ChatClient.Turn turn = stack.client().ask(thread, "hello");

        assertThat(turn.status()).isEqualTo(200);
        assertThat(turn.headers().get("content-type")).containsExactly("text/event-stream");
        assertThat(turn.headers().get("x-heddle-model")).containsExactly("stand-in");
        assertThat(turn.nodes()).containsExactly("router", "planner", "critic");
        assertThat(turn.json().stream().filter(event -> event.has("token"))).hasSizeGreaterThan(3);
        assertThat(turn.text()).contains("stand-in");
        assertThat(turn.done()).isTrue();
    }

    @Test
    void aToolIsCalledAndItsResultIsInTheAnswer() throws Exception {
        ChatClient.Turn turn = stack.client().ask(thread, "What is 6 times 7?");

        assertThat(turn.nodes()).containsExactly("router", "planner", "executor", "critic", "planner", "critic");
        assertThat(turn.events())
                .contains(
                        "{\"tool\":{\"name\":\"calculator\",\"status\":\"start\"}}",
                        "{\"tool\":{\"name\":\"calculator\",\"status\":\"end\"}}");
        assertThat(turn.text()).contains("42");
    }

    @Test
    void tokensArriveBeforeTheModelHasFinished() throws Exception {
        String label = "label-" + UUID.randomUUID();
        try (ChatClient.Stream stream = stack.client().open(thread, "tell me and hold " + label)) {
            // These come although the model is still held: nothing on the way waits for the end.
            stream.readTo("{\"node\":\"planner\"}");
            stream.readTo("\"token\"");
            model.awaitHeld(label);
            model.release(label);

            assertThat(stream.rest())
                    .anyMatch(event -> event.contains("\"token\""))
                    .endsWith("[DONE]");
        }
    }

    @Test
    void theSecondTurnKnowsTheFirstAlsoInAnotherProcess() throws Exception {
        ChatClient client = stack.client();
        assertThat(client.ask(thread, "hello, my name is Ada").done()).isTrue();
        assertThat(client.ask(thread, "what is my name?").text()).contains("Ada");

        stack.gateway().killFunctions();

        assertThat(client.ask(thread, "what is my name?").text()).contains("Ada");
    }

    @Test
    void aKilledFunctionBreaksTheStreamIsReplacedAndTheQuestionIsKept() throws Exception {
        String label = "label-" + UUID.randomUUID();
        try (ChatClient.Stream stream = stack.client().open(thread, "my name is Grace, hold " + label)) {
            stream.readTo("\"token\"");
            assertThat(stack.gateway().killFunction(stream.requestId())).isTrue();

            assertThatExceptionOfType(IOException.class).isThrownBy(stream::rest);
        }
        model.release(label);

        ChatClient.Turn next = stack.client().ask(thread, "what is my name?");
        assertThat(next.text()).contains("Grace");
        assertThat(next.done()).isTrue();
    }

    @Test
    void whenTheModelFailsTheTurnEndsWithAnErrorAndTheNextTurnKnowsTheQuestion() throws Exception {
        for (String failure : List.of("fail 500", "fail cut", "fail midstream", "stutter")) {
            String ownThread = thread + "-" + failure.replace(' ', '-');
            ChatClient.Turn failed = stack.client().ask(ownThread, "my name is Edsger, " + failure);

            assertThat(failed.status()).isEqualTo(200);
            JsonNode error = failed.json().getLast().path("error");
            assertThat(error.path("code").asText()).as(failure).startsWith("model_");
            assertThat(error.path("message").asText()).startsWith("Model 'stand-in': ");
            assertThat(failed.done()).isTrue();

            assertThat(stack.client().ask(ownThread, "what is my name?").text()).contains("Edsger");
        }
    }

    @Test
    void aWholeAnswerHasTextThreadAndCost() throws Exception {
        HttpResponse<String> reply = stack.client()
                .send(stack.client()
                        .post("/chat", ChatClient.body(Map.of("thread_id", thread, "content", "What is 12 plus 30?"))));

        assertThat(reply.statusCode()).isEqualTo(200);
        JsonNode body = ChatClient.json(reply.body());
        assertThat(body.path("answer").asText()).contains("42");
        assertThat(body.path("thread_id").asText()).isEqualTo(thread);
        assertThat(body.path("cost_usd").isNumber()).isTrue();
    }

    @Test
    void theToolBudgetEndsALoopHonestly() throws Exception {
        assertThat(stack.client().ask(thread, "loop forever").text()).contains("limit of 10 tool calls");
    }

    @Test
    void badInputGetsAClearErrorBeforeAnythingIsWritten() throws Exception {
        ChatClient client = stack.client();
        String tooLong = "x".repeat(32_001);
        refused(client.post("/chat/" + thread, "{\"content\":"), 400, "malformed_json");
        refused(client.post("/chat/" + thread, "{}"), 400, "missing_content");
        refused(client.post("/chat/" + thread, ChatClient.body(Map.of("content", tooLong))), 400, "content_too_long");
        refused(
                client.post("/chat/" + "x".repeat(129), ChatClient.body(Map.of("content", "hi"))),
                400,
                "bad_thread_id");
        refused(
                client.post("/chat/bad%20id", ChatClient.body(Map.of("content", "refused words"))),
                400,
                "bad_thread_id");
        refused(client.post("/chat/" + thread, " ".repeat(1_048_577)), 413, "body_too_large");
        refused(client.post("/nowhere", "{}"), 404, "not_found");

        HttpResponse<String> method = client.get("/chat/" + thread);
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("allow"))
                .hasValueSatisfying(allow -> assertThat(allow).contains("POST"));

        assertThat(client.ask(thread, "what did I say?").text()).doesNotContain("refused", "xxx");
    }

    private static void refused(java.net.http.HttpRequest request, int status, String code) throws Exception {
        HttpResponse<String> reply = stack.client().send(request);
        assertThat(reply.statusCode()).isEqualTo(status);
        JsonNode error = ChatClient.json(reply.body()).path("error");
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("message").asText()).contains(", expected ").contains(", got ");
    }

    @Test
    void healthAndReadinessAnswer() throws Exception {
        assertThat(stack.client().get("/health").statusCode()).isEqualTo(200);
        assertThat(stack.client().get("/ready").body()).contains("\"ready\"");
    }

    @Test
    void eachRequestLogsOneLineWithoutTheMessage() throws Exception {
        stack.client().ask(thread, "canary-" + thread + " hello");
        // The line is written when the body has ended; the next reply comes after it in the same process.
        stack.client().get("/health");

        List<JsonNode> notes = stack.lines().stream()
                .filter(line -> line.startsWith("{"))
                .map(ChatClient::json)
                .filter(line -> line.path("thread_id").asText().equals(thread))
                .toList();
        assertThat(notes).singleElement().satisfies(note -> {
            assertThat(note.path("event").asText()).isEqualTo("request");
            assertThat(note.path("request_id").asText()).isNotEmpty();
            assertThat(note.path("status").asInt()).isEqualTo(200);
            assertThat(note.path("milliseconds").isNumber()).isTrue();
        });
        assertThat(stack.lines()).noneMatch(line -> line.contains("canary-"));
    }

    @Test
    void twentyChatsStreamAtOnceInOneProcess() throws Exception {
        Map<String, String> environment = Stack.environment(model.endpoint(), StandInModel.NAME);
        try (Stack wide = Stack.start(environment, options -> options.withCapacity(1, 20));
                ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ChatClient.Turn>> turns = new ArrayList<>();
            List<String> labels = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String label = "wide-" + UUID.randomUUID();
                labels.add(label);
                String ownThread = thread + "-" + i;
                turns.add(workers.submit(() -> wide.client().ask(ownThread, "tell me and hold " + label)));
            }
            // All are in mid-answer before the first may end: they do run at the same time.
            for (String label : labels) {
                model.awaitHeld(label);
            }
            assertThat(wide.gateway().processes()).hasSize(1);
            labels.forEach(model::release);

            for (Future<ChatClient.Turn> turn : turns) {
                assertThat(turn.get().done()).isTrue();
            }
        }
    }

    @Test
    void aBusyThreadRefusesASecondTurnAndAnswersAgainAfterwards() throws Exception {
        Map<String, String> environment = Stack.environment(model.endpoint(), StandInModel.NAME);
        String label = "busy-" + UUID.randomUUID();
        try (Stack wide = Stack.start(environment, options -> options.withCapacity(1, 2));
                ChatClient.Stream first = wide.client().open(thread, "tell me and hold " + label)) {
            first.readTo("\"token\"");

            HttpResponse<String> second = wide.client()
                    .send(wide.client().post("/chat/" + thread, ChatClient.body(Map.of("content", "me too"))));

            assertThat(second.statusCode()).isEqualTo(409);
            assertThat(second.body()).contains("thread_busy");
            model.release(label);
            assertThat(first.rest()).endsWith("[DONE]");
            assertThat(wide.client().ask(thread, "hello").done()).isTrue();
        }
    }

    @Test
    void theFormOfFunctionUrlsIsUnderstoodToo() throws Exception {
        Map<String, String> environment = Stack.environment(model.endpoint(), StandInModel.NAME);
        try (Stack url =
                Stack.start(environment, options -> options.withPayloadFormat(LocalGateway.PayloadFormat.V2))) {
            assertThat(url.client().ask(thread, "hello").done()).isTrue();
        }
    }
}
