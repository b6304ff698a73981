package dev.heddle.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.run.RunException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private final ScriptedRuns runs = ScriptedRuns.of();
    private final Service service = new Service(runs);

    private Service.Answer ask(String method, String path) {
        return service.ask(Service.request(method, path, Map.of(), new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "nonsense",
                "*",
                "/healthz",
                "/HEALTH",
                "/health/",
                "//health",
                "/chat/",
                "/chat//",
                "/chat/t/",
                "/chat/t/more",
                "/chat/{thread_id}/x",
                "/ready?x",
                "/\u0000"
            })
    void anUnknownPathIs404AndTellsTheKnownOnes(String path) {
        Service.Answer answer = ask("POST", path);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo("not_found");
        assertThat(answer.message()).contains("/health, /ready, /chat, /chat/{thread_id}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST   | /health | GET, HEAD, OPTIONS",
                "DELETE | /ready  | GET, HEAD, OPTIONS",
                "GET    | /chat   | POST, OPTIONS",
                "HEAD   | /chat/t | POST, OPTIONS",
                "PUT    | /chat/t | POST, OPTIONS",
                "BREW   | /chat/t | POST, OPTIONS",
            })
    void aWrongMethodIs405WithAllow(String method, String path, String allow) {
        Service.Answer answer = ask(method, path);

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("allow", allow);
        assertThat(answer.code()).isEqualTo("method_not_allowed");
        assertThat(runs.requests).isEmpty();
    }

    @Test
    void optionsTellsTheMethodsOfAPath() {
        Service.Answer answer = ask("OPTIONS", "/chat/t");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("allow", "POST, OPTIONS");
        assertThat(answer.text()).isEqualTo("{\"allow\":[\"POST\",\"OPTIONS\"]}");
        assertThat(ask("OPTIONS", "/nowhere").status()).isEqualTo(404);
    }

    @Test
    void headAnswersLikeGetWithoutBody() {
        Service.Answer get = ask("GET", "/health");
        Service.Answer head = ask("HEAD", "/health");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers()).isEqualTo(get.headers());
        assertThat(head.body()).isEmpty();
    }

    @Test
    void everyReplyCarriesTheRequestId() {
        assertThat(ask("GET", "/health").headers()).containsEntry("x-request-id", "request-1");
        assertThat(ask("GET", "/nowhere").headers()).containsEntry("x-request-id", "request-1");
        assertThat(ask("PATCH", "/health").headers()).containsEntry("x-request-id", "request-1");
        assertThat(service.ask(Service.post("/chat/t", "{\"content\":\"x\"}")).headers())
                .containsEntry("x-request-id", "request-1");
    }

    @Test
    void notesEachRequestOnceWhenItsBodyHasEnded() {
        HttpReply reply = service.router.handle(Service.request("GET", "/health", Map.of(), new byte[0]));
        assertThat(service.notes).isEmpty();

        assertThat(reply.status()).isEqualTo(200);
        ask("GET", "/health");

        assertThat(service.notes)
                .containsExactly(new Service.Note(
                        "request",
                        Map.of(
                                "request_id", "request-1",
                                "method", "GET",
                                "route", "/health",
                                "status", 200,
                                "milliseconds", 7L)));
    }

    @Test
    void notesTheCodeOfAnErrorAndNoTextOfTheUser() {
        ask("SECRET-METHOD", "/chat/SECRET$ID");
        service.ask(Service.post("/chat/SECRET$ID", "{\"content\":\"SECRET\"}"));
        ask("GET", "/SECRET");

        assertThat(service.notes)
                .extracting(note -> note.facts().get("code"))
                .containsExactly("method_not_allowed", "bad_thread_id", "not_found");
        assertThat(service.notes)
                .extracting(note -> note.facts().get("method"))
                .containsExactly("other", "POST", "GET");
        assertThat(service.notes.toString()).doesNotContain("SECRET");
    }

    @Test
    void anUnexpectedErrorIs500WithTheRequestIdAndNoDetails() {
        Service broken = new Service(request -> {
            throw new IllegalStateException("SECRET");
        });
        Service.Answer answer = broken.ask(Service.post("/chat/t", "{\"content\":\"hello\"}"));

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.code()).isEqualTo("internal_error");
        assertThat(answer.message()).contains("request-1").doesNotContain("SECRET");
        assertThat(broken.notes).singleElement().satisfies(note -> assertThat(note.facts())
                .containsEntry("code", "internal_error")
                .containsEntry("error_type", "java.lang.IllegalStateException")
                .containsKey("error_at"));
        assertThat(broken.notes.toString()).doesNotContain("SECRET");
    }

    @Test
    void anErrorOfTheMachineIsAReplyToo() {
        Service broken = new Service(request -> {
            throw new NoClassDefFoundError("x");
        });

        assertThat(broken.ask(Service.post("/chat/t", "{\"content\":\"hello\"}"))
                        .status())
                .isEqualTo(500);
    }

    @ParameterizedTest
    @CsvSource({
        "thread_busy,409",
        "thread_conflict,409",
        "graph_not_found,404",
        "bad_input,400",
        "storage_unavailable,503",
        "storage_unreadable,500",
        "model_unavailable,503",
        "model_rate_limited,503",
        "model_timeout,504",
        "model_stream_broken,502",
        "model_rejected,502",
        "recursion_limit,500",
        "node_failed,500",
        "one_that_nobody_knows,500"
    })
    void aRunThatCannotStartIsAnErrorReplyOfItsStatus(String code, int status) {
        Service refusing = new Service(request -> {
            throw new RunException(code, true, "Thread 't': no.", null);
        });
        for (String path : new String[] {"/chat/t", "/chat"}) {
            Service.Answer answer = refusing.ask(Service.post(path, "{\"content\":\"hello\"}"));

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.headers()).containsEntry("content-type", "application/json");
            assertThat(answer.text())
                    .isEqualTo("{\"error\":{\"code\":\"" + code + "\",\"message\":\"Thread 't': no.\"}}");
        }
    }

    @Test
    void optionsThatCannotWorkAreRefused() {
        assertThatThrownBy(() -> new RouterOptions("g", "m", "1", Duration.ZERO, () -> "t"))
                .hasMessageContaining("heartbeat");
        assertThatThrownBy(() -> RouterOptions.of("two\r\nlines", "1")).hasMessageContaining("model name");
        assertThat(RouterOptions.of("qwen3:8b", "1").threadIds().get())
                .matches("[0-9a-f-]{36}")
                .isNotEqualTo(RouterOptions.of("qwen3:8b", "1").threadIds().get());
    }
}
