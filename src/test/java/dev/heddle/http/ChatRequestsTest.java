package dev.heddle.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a chat request may say. No bad one may start a run, and no error may repeat what the user wrote. */
class ChatRequestsTest {
    private final ScriptedRuns runs = ScriptedRuns.of();
    private final Service service = new Service(runs);

    private static String content(String text) {
        return "{\"content\":\"" + text + "\"}";
    }

    private void refused(Service.Answer answer, int status, String code) {
        assertThat(answer.code()).as(answer.text()).isEqualTo(code);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.message())
                .matches("(?s)[A-Z].*: .*, expected .*, got .*\\. [A-Z].*\\.")
                .doesNotContain("SECRET");
        assertThat(service.notes.toString()).contains(code).doesNotContain("SECRET");
        assertThat(runs.requests).isEmpty();
    }

    static Stream<Arguments> badBodies() {
        return Stream.of(
                // no JSON
                Arguments.of("", 400, "malformed_json"),
                Arguments.of("   ", 400, "malformed_json"),
                Arguments.of("SECRET", 400, "malformed_json"),
                Arguments.of("{", 400, "malformed_json"),
                Arguments.of("{\"content\":\"SECRET", 400, "malformed_json"),
                Arguments.of("{\"content\":\"SECRET\"", 400, "malformed_json"),
                Arguments.of("{\"content\":SECRET}", 400, "malformed_json"),
                Arguments.of("{\"content\":\"SECRET\",}", 400, "malformed_json"),
                Arguments.of("{'content':'SECRET'}", 400, "malformed_json"),
                Arguments.of("{content:\"SECRET\"}", 400, "malformed_json"),
                Arguments.of("{\"content\":\"SECRET\"} trailing", 400, "malformed_json"),
                Arguments.of("{\"content\":\"SECRET\"}{}", 400, "malformed_json"),
                Arguments.of("{\"content\":\"SECRET\"}]", 400, "malformed_json"),
                Arguments.of("{\"content\":\"a\",\"content\":\"SECRET\"}", 400, "malformed_json"),
                Arguments.of("{\"content\":\"x\",\"SECRET\":1,\"SECRET\":1}", 400, "malformed_json"),
                Arguments.of("{\"content\":\"SECRET\n\"}", 400, "malformed_json"),
                Arguments.of("{\"content\":\"SECRET\\x\"}", 400, "malformed_json"),
                Arguments.of("{\"content\":\"SECRET\\u12\"}", 400, "malformed_json"),
                Arguments.of("\uFEFF{\"content\":\"SECRET\"}", 400, "malformed_json"),
                Arguments.of("/* SECRET */ {\"content\":\"x\"}", 400, "malformed_json"),
                Arguments.of(
                        "{\"content\":\"x\",\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
                        400,
                        "malformed_json"),
                Arguments.of("[".repeat(500_000), 400, "malformed_json"),
                Arguments.of("{\"content\":\"x\",\"a\":" + "1".repeat(500) + "}", 400, "malformed_json"),
                Arguments.of("{\"content\":\"x\",\"a\":NaN}", 400, "malformed_json"),
                Arguments.of("{\"content\":\"x\",\"a\":01}", 400, "malformed_json"),
                // JSON of another shape
                Arguments.of("[]", 400, "not_an_object"),
                Arguments.of("\"SECRET\"", 400, "not_an_object"),
                Arguments.of("1e999999999", 400, "not_an_object"),
                Arguments.of("null", 400, "not_an_object"),
                Arguments.of("true", 400, "not_an_object"),
                // content
                Arguments.of("{}", 400, "missing_content"),
                Arguments.of("{\"CONTENT\":\"SECRET\"}", 400, "missing_content"),
                Arguments.of("{\"content\":null}", 400, "missing_content"),
                Arguments.of(content(""), 400, "missing_content"),
                Arguments.of(content("  \\n\\t\u2003"), 400, "missing_content"),
                Arguments.of("{\"content\":5}", 400, "bad_content"),
                Arguments.of("{\"content\":true}", 400, "bad_content"),
                Arguments.of("{\"content\":[\"SECRET\"]}", 400, "bad_content"),
                Arguments.of("{\"content\":{\"text\":\"SECRET\"}}", 400, "bad_content"),
                Arguments.of(content("SECRET\\u0000"), 400, "bad_content"),
                Arguments.of(content("SECRET\\ud83d"), 400, "bad_content"),
                Arguments.of(content("\\ude00SECRET"), 400, "bad_content"),
                Arguments.of(content("\\ude00\\ud83d SECRET"), 400, "bad_content"),
                Arguments.of(content("x".repeat(32_001)), 400, "content_too_long"),
                Arguments.of(content("🧵".repeat(32_001)), 400, "content_too_long"),
                Arguments.of(content("x".repeat(1 << 20)), 413, "body_too_large"),
                Arguments.of(" ".repeat(1 << 20) + "{", 413, "body_too_large"));
    }

    @ParameterizedTest
    @MethodSource("badBodies")
    void aBadBodyIsRefusedBeforeARunStarts(String body, int status, String code) {
        refused(service.ask(Service.post("/chat/t", body)), status, code);
        refused(service.ask(Service.post("/chat", body)), status, code);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0xC0, 0xE9, 0xFF})
    void bytesThatAreNotUtf8AreRefused(int bad) {
        byte[] body = content("SECRET?").getBytes(StandardCharsets.US_ASCII);
        body[body.length - 3] = (byte) bad;

        refused(service.ask(Service.request("POST", "/chat/t", Service.JSON, body)), 400, "malformed_json");
    }

    @Test
    void jsonInAnotherEncodingIsRefused() {
        byte[] body = content("SECRET").getBytes(StandardCharsets.UTF_16LE);

        refused(service.ask(Service.request("POST", "/chat/t", Service.JSON, body)), 400, "malformed_json");
    }

    @Test
    void malformedJsonIsToldByLineAndColumn() {
        String message = service.ask(Service.post("/chat/t", "{\n  \"content\": SECRET}"))
                .message();

        assertThat(message).contains("line 2 column 1").doesNotContain("SECRET");
    }

    static Stream<Arguments> badThreadIds() {
        return Stream.of(
                        "x".repeat(129),
                        "a b",
                        "ä",
                        "a:b",
                        "a#b",
                        "a\u0000",
                        "a\nb",
                        "🧵",
                        "{thread_id}",
                        "a%2Fb",
                        "SECRET?",
                        "a\\b")
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("badThreadIds")
    void aBadThreadIdIsRefused(String id) {
        refused(service.ask(Service.post("/chat/" + id, content("hello"))), 400, "bad_thread_id");
        String quoted = new Json().object(json -> {
            json.writeStringField("content", "hello");
            json.writeStringField("thread_id", id);
        });
        refused(service.ask(Service.post("/chat", quoted)), 400, "bad_thread_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "5", "[]", "{\"SECRET\":1}", "false", "\"a/b\""})
    void aThreadIdInTheBodyMustBeAGoodText(String id) {
        refused(
                service.ask(Service.post("/chat", "{\"content\":\"x\",\"thread_id\":" + id + "}")),
                400,
                "bad_thread_id");
    }

    @Test
    void aThreadIdInTheBodyMustNotContradictThePath() {
        refused(
                service.ask(Service.post("/chat/t", "{\"content\":\"x\",\"thread_id\":\"other\"}")),
                400,
                "bad_thread_id");
        assertThat(service.ask(Service.post("/chat/t", "{\"content\":\"x\",\"thread_id\":\"t\"}"))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/jsonp",
                "application/json-patch+json",
                "text/json",
                "application/json; charset=iso-8859-1",
                "application/json; charset=\"utf-16\"",
                "; application/json",
                "SECRET"
            })
    void anotherContentTypeIsRefused(String type) {
        byte[] body = content("hello").getBytes(StandardCharsets.UTF_8);
        Map<String, List<String>> headers = Map.of("content-type", List.of(type));

        refused(service.ask(Service.request("POST", "/chat/t", headers, body)), 415, "unsupported_media_type");
    }

    @Test
    void aBodyWithoutContentTypeIsRefused() {
        byte[] body = content("hello").getBytes(StandardCharsets.UTF_8);
        Service.Answer answer = service.ask(Service.request("POST", "/chat/t", Map.of(), body));

        refused(answer, 415, "unsupported_media_type");
        assertThat(answer.message()).contains("got none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON",
                " application/json ",
                "application/json;charset=UTF-8",
                "application/json; charset=\"utf-8\"; profile=x",
                "application/json;"
            })
    void jsonWithParametersIsTaken(String type) {
        byte[] body = content("hello").getBytes(StandardCharsets.UTF_8);
        Map<String, List<String>> headers = Map.of("content-type", List.of(type));

        assertThat(service.ask(Service.request("POST", "/chat/t", headers, body))
                        .status())
                .isEqualTo(200);
    }

    static Stream<Arguments> goodTexts() {
        return Stream.of(
                        "x",
                        "x".repeat(32_000),
                        "🧵".repeat(32_000),
                        " kept as it is \n",
                        "zażółć 日本語 \"quoted\" \\ \u0007 \u2028",
                        "\uFEFFmark")
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("goodTexts")
    void aGoodTextArrivesUnchanged(String text) {
        String body = new Json().object(json -> json.writeStringField("content", text));

        assertThat(service.ask(Service.post("/chat/t", body)).status()).isEqualTo(200);
        assertThat(runs.requests).singleElement().satisfies(request -> assertThat(request.input())
                .isEqualTo(Tree.fields(
                        "messages",
                        Tree.of(List.of(Tree.fields("type", Tree.of("human"), "content", Tree.of(text)))))));
    }

    @Test
    void anEscapedPairIsOneCharacter() {
        service.ask(Service.post("/chat/t", content("\\ud83e\\uddf5")));

        assertThat(runs.requests.getFirst().input().toString()).contains("🧵");
    }

    @Test
    void otherFieldsAreIgnored() {
        assertThat(service.ask(Service.post("/chat/t", "{\"content\":\"x\",\"later\":{\"a\":[1.5,null]}}"))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t", "A.b_c-9", "..", "-", "0"})
    void aGoodThreadIdIsTaken(String id) {
        assertThat(service.ask(Service.post("/chat/" + id, content("x"))).status())
                .isEqualTo(200);
        assertThat(runs.requests.getFirst().threadId()).isEqualTo(id);
    }

    @Test
    void aThreadIdOf128CharactersIsTaken() {
        String id = "x".repeat(128);

        assertThat(service.ask(Service.post("/chat/" + id, content("x"))).status())
                .isEqualTo(200);
    }
}
