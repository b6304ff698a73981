package dev.heddle.llm.provider;

import static dev.heddle.llm.provider.Calls.ask;
import static dev.heddle.llm.provider.Calls.context;
import static dev.heddle.llm.provider.Calls.done;
import static dev.heddle.llm.provider.Calls.model;
import static dev.heddle.llm.provider.Calls.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heddle.llm.types.AiMessage;
import dev.heddle.llm.types.ChatOptions;
import dev.heddle.llm.types.ChatRequest;
import dev.heddle.llm.types.HumanMessage;
import dev.heddle.llm.types.SystemMessage;
import dev.heddle.llm.types.ToolCall;
import dev.heddle.llm.types.ToolMessage;
import dev.heddle.tree.Tree;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is sent. */
@Timeout(60)
class OllamaRequestIT {

    private static JsonNode sent(ChatRequest request) throws Exception {
        try (var ollama = ScriptedOllama.lines(done("stop"))) {
            model(ollama.url()).chat(request, context(delta -> {}));
            return JsonTrees.read(ollama.request().body());
        }
    }

    @Test
    void isAStreamedChatOverHttp11() throws Exception {
        try (var ollama = ScriptedOllama.lines(done("stop"))) {
            model(ollama.url()).chat(ask("hi"), context(delta -> {}));

            assertThat(ollama.request().head())
                    .startsWith("post /api/chat http/1.1\r\n")
                    .contains("content-type: application/json\r\n")
                    .doesNotContain("upgrade");
        }
    }

    @Test
    void ofAPlainQuestionHoldsTheWindowAndNothingOptional() throws Exception {
        assertThat(sent(ask("hi"))).isEqualTo(JsonTrees.read("""
                                {"model":"tiny","messages":[{"role":"user","content":"hi"}],
                                 "options":{"num_ctx":4096},"stream":true,"tools":[]}
                                """));
    }

    @Test
    void carriesOptionsAndSwitchesThinkingOffButNeverOn() throws Exception {
        JsonNode terse = sent(request(List.of(HumanMessage.of("hi")), List.of(), ChatOptions.terse(16)));
        assertThat(terse.get("think")).isEqualTo(JsonTrees.read("false"));
        assertThat(terse.get("options"))
                .isEqualTo(JsonTrees.read("{\"temperature\":0.0,\"num_predict\":16,\"num_ctx\":4096}"));

        JsonNode open = sent(request(List.of(HumanMessage.of("hi")), List.of(), new ChatOptions(0.7, true, 0)));
        assertThat(open.has("think")).isFalse();
        assertThat(open.get("options")).isEqualTo(JsonTrees.read("{\"temperature\":0.7,\"num_ctx\":4096}"));
    }

    @Test
    void describesTools() throws Exception {
        assertThat(sent(ask("hi", Calls.WEATHER)).get("tools")).isEqualTo(JsonTrees.read("""
                                [{"type":"function","function":{"name":"get_weather","description":"Weather of a place",
                                  "parameters":{"type":"object","required":["city"],
                                    "properties":{"city":{"type":"string"},"days":{"type":"integer"}}}}}]
                                """));
    }

    @Test
    void tellsEveryKindOfMessageWithoutItsId() throws Exception {
        JsonNode messages = sent(request(
                        List.of(
                                new SystemMessage("m1", "Be brief."),
                                new HumanMessage("m2", ""),
                                new AiMessage(
                                        "m3",
                                        "Let me look.",
                                        List.of(
                                                new ToolCall("c1", "get_weather", Tree.fields("city", Tree.of("Rome"))),
                                                new ToolCall("c2", "get_weather", Tree.of("{oops")))),
                                new ToolMessage("m4", "c1", "get_weather", "sunny", false),
                                new ToolMessage("m5", "c2", "get_weather", "bad arguments", true),
                                new AiMessage("m6", "It is sunny.", List.of()),
                                HumanMessage.of("Grüße 🌍")),
                        List.of(Calls.WEATHER),
                        ChatOptions.DEFAULT))
                .get("messages");

        assertThat(messages).isEqualTo(JsonTrees.read("""
                                [{"role":"system","content":"Be brief."},
                                 {"role":"user","content":""},
                                 {"role":"assistant","content":"Let me look.","tool_calls":[
                                   {"id":"c1","function":{"index":0,"name":"get_weather","arguments":{"city":"Rome"}}},
                                   {"id":"c2","function":{"index":1,"name":"get_weather",
                                     "arguments":{"invalid_arguments":"{oops"}}}]},
                                 {"role":"tool","content":"sunny","tool_name":"get_weather","tool_call_id":"c1"},
                                 {"role":"tool","content":"bad arguments","tool_name":"get_weather","tool_call_id":"c2"},
                                 {"role":"assistant","content":"It is sunny."},
                                 {"role":"user","content":"Grüße 🌍"}]
                                """));
    }

    @Test
    void tellsNumbersOfArgumentsExactly() throws Exception {
        Tree.Fields arguments = Tree.fields(
                "price", new Tree.Dec(new BigDecimal("1.10")),
                "long", new Tree.Dec(new BigDecimal("0.1000000000000000055511151231257827")),
                "nothing", Tree.NULL);
        JsonNode sent = sent(request(
                List.of(
                        HumanMessage.of("hi"),
                        new AiMessage(null, "", List.of(new ToolCall("c1", "f", arguments))),
                        new ToolMessage(null, "c1", "f", "ok", false)),
                List.of(),
                ChatOptions.DEFAULT));

        assertThat(JsonTrees.toTree(sent.at("/messages/1/tool_calls/0/function/arguments")))
                .isEqualTo(arguments);
    }

    @Test
    void goesThroughItsOwnProxyOnly() throws Exception {
        try (var proxy = ScriptedOllama.lines(done("stop"))) {
            OllamaSettings settings = new OllamaSettings(
                    URI.create("http://ollama.invalid:11434"),
                    "tiny",
                    Calls.LONG,
                    Calls.LONG,
                    Calls.LONG,
                    ProxySelector.of(new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), proxy.url().getPort())));
            OllamaChatModel.create(settings, Clock.systemUTC(), Calls.ids()).chat(ask("hi"), context(delta -> {}));

            assertThat(proxy.request().head()).startsWith("post http://ollama.invalid:11434/api/chat http/1.1\r\n");
        }
    }

    @Test
    void ignoresTheProxyOfTheJvmWhenItHasNone() throws Exception {
        ProxySelector before = ProxySelector.getDefault();
        try (var proxy = ScriptedOllama.lines(done("stop"));
                var ollama = ScriptedOllama.lines(done("stop"))) {
            ProxySelector.setDefault(ProxySelector.of(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), proxy.url().getPort())));
            model(ollama.url()).chat(ask("hi"), context(delta -> {}));

            assertThat(ollama.request().head()).startsWith("post /api/chat");
            assertThat(proxy.hasRequest()).isFalse();
        } finally {
            ProxySelector.setDefault(before);
        }
    }

    @Test
    void usesAConnectionAgain() throws Exception {
        try (var ollama = ScriptedOllama.lines(done("stop"))) {
            OllamaChatModel model = model(ollama.url());
            for (int i = 0; i < 5; i++) {
                model.chat(ask("hi"), context(delta -> {}));
            }

            assertThat(ollama.connections()).isEqualTo(1);
        }
    }

    @Test
    void doesNotTrustAConnectionThatIdled() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T10:00:00Z"));
        RecentClient clients = new RecentClient(HttpClient::newHttpClient, now::get);
        HttpClient first = clients.get();
        now.set(now.get().plus(RecentClient.IDLE.minusMillis(1)));
        assertThat(clients.get()).isSameAs(first);

        now.set(now.get().plus(RecentClient.IDLE));

        assertThat(clients.get()).isNotSameAs(first);
    }
}
