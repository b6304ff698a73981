package dev.heddle.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripted model on the real server says what our end-to-end test needs, and the stand-in is like it on the wire. */
class RealOllamaIT {
    private static final String TOOLS = """
            [{"type":"function","function":{"name":"calculator","description":"Computes","parameters":{"type":"object",\
            "properties":{"expression":{"type":"string"}},"required":["expression"]}}},\
            {"type":"function","function":{"name":"current_time","description":"Now","parameters":{"type":"object",\
            "properties":{}}}}]""";
    private static final String ROUTER =
            "{\"role\":\"system\",\"content\":\"Answer hello with SIMPLE, else MODERATE; to analyse is COMPLEX.\"}";
    private static final String PLANNER =
            "{\"role\":\"system\",\"content\":\"You are helpful. Use the tools, also for 6 times 7.\"}";
    private static final String CALLED = """
            {"role":"assistant","content":"","tool_calls":[{"function":{"name":"calculator",\
            "arguments":{"expression":"6*7"}}}]},{"role":"tool","tool_name":"calculator","content":"42"}""";

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class WhenBuilt {
        private final Optional<RealOllama> real;
        private final StandInModel standIn;

        WhenBuilt() throws IOException, InterruptedException {
            real = RealOllama.startIfBuilt();
            standIn = StandInModel.start(0);
        }

        @BeforeEach
        void isBuilt() {
            assumeTrue(real.isPresent(), "real Ollama is not built (make ollama)");
        }

        @AfterAll
        void close() throws IOException {
            standIn.close();
            if (real.isPresent()) {
                real.get().close();
            }
        }

        @ParameterizedTest
        @CsvSource({
            "hello,                    SIMPLE",
            "What is 6 times 7?,       MODERATE",
            "Tell me a story.,         MODERATE",
            "My name is Ada,           MODERATE",
            "Please analyse this.,     COMPLEX"
        })
        void routes(String question, String word) throws Exception {
            assertThat(ask(ROUTER, user(question)).text()).isEqualTo(word);
        }

        @Test
        void callsATool() throws Exception {
            Exchange reply = ask(PLANNER, user("What is 6 times 7?"));
            assertThat(reply.calls()).containsExactly("calculator{\"expression\":\"6*7\"}");
            assertThat(reply.text()).isEmpty();
        }

        @Test
        void callsTwoToolsAtOnce() throws Exception {
            assertThat(ask(PLANNER, user("What is 6 times 7 and the time?")).calls())
                    .containsExactly("calculator{\"expression\":\"6*7\"}", "current_time{}");
        }

        @Test
        void answersAfterTheTool() throws Exception {
            Exchange reply = ask(PLANNER, user("What is 6 times 7?"), CALLED);
            assertThat(reply.text()).isEqualTo("The answer is 42.");
            assertThat(reply.calls()).isEmpty();
        }

        @Test
        void knowsTheNameOnlyFromTheHistoryItWasSent() throws Exception {
            assertThat(ask(PLANNER, user("What is my name?")).text()).isEqualTo("You have not told me your name.");
            assertThat(ask(PLANNER, user("My name is Ada."), assistant("Hello!"), user("What is my name?"))
                            .text())
                    .isEqualTo("Your name is Ada.");
        }

        @Test
        void isNotMisledByOldTurns() throws Exception {
            assertThat(ask(PLANNER, user("6 times 7"), CALLED, assistant("The answer is 42."), user("Tell me more"))
                            .text())
                    .isEqualTo("I have no script for that.");
        }

        @Test
        void streamsInSeveralChunks() throws Exception {
            Exchange reply = ask(PLANNER, user("hello"));
            assertThat(reply.lines()).hasSizeGreaterThan(5);
            assertThat(reply.text()).isEqualTo("Hello! How can I help you today?");
        }

        @ParameterizedTest(name = "{0}")
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                streamed text      | {"model":"MODEL","messages":[{"role":"user","content":"hello"}]}
                whole text         | {"model":"MODEL","stream":false,"messages":[{"role":"user","content":"hello"}]}
                a call             | {"model":"MODEL","tools":TOOLS,"messages":[{"role":"user","content":"6 times 7"}]}
                a whole call       | {"model":"MODEL","stream":false,"tools":TOOLS,"messages":[{"role":"user","content":"6 times 7"}]}
                two calls          | {"model":"MODEL","tools":TOOLS,"messages":[{"role":"user","content":"6 times 7 and the time"}]}
                after the tool     | {"model":"MODEL","tools":TOOLS,"messages":[{"role":"user","content":"6 times 7"},CALLED]}
                options            | {"model":"MODEL","think":false,"options":{"num_ctx":2048,"temperature":0},"messages":[{"role":"user","content":"hello"}]}
                cut at the limit   | {"model":"MODEL","options":{"num_predict":4},"messages":[{"role":"user","content":"long answer"}]}
                stutter            | {"model":"MODEL","messages":[{"role":"user","content":"stutter"}]}
                no messages        | {"model":"MODEL"}
                unknown model      | {"model":"nope","messages":[{"role":"user","content":"hi"}]}
                malformed          | {"model":"MODEL","messages":[{
                wrong option       | {"model":"MODEL","options":{"num_predict":"many"},"messages":[{"role":"user","content":"hi"}]}
                """)
        void theStandInIsLikeIt(String situation, String body) throws Exception {
            String request = body.replace("TOOLS", TOOLS).replace("CALLED", CALLED);
            Exchange here =
                    Exchange.live(standIn.endpoint(), "POST", "/api/chat", request.replace("MODEL", StandInModel.NAME));
            Exchange there = Exchange.live(
                    real.orElseThrow().endpoint(), "POST", "/api/chat", request.replace("MODEL", RealOllama.MODEL));
            assertThat(here.shapes()).as(situation).isEqualTo(there.shapes());
            assertThat(here.status()).isEqualTo(there.status());
            assertThat(here.contentType()).isEqualTo(there.contentType());
            assertThat(here.framing()).isEqualTo(there.framing());
        }

        private Exchange ask(String... messages) throws IOException, InterruptedException {
            boolean routing = messages[0].equals(ROUTER);
            String body = "{\"model\":\"" + RealOllama.MODEL + "\",\"options\":{\"num_ctx\":4096}"
                    + (routing ? ",\"think\":false" : ",\"tools\":" + TOOLS) + ",\"messages\":["
                    + String.join(",", messages) + "]}";
            return Exchange.live(real.orElseThrow().endpoint(), "POST", "/api/chat", body);
        }
    }

    @Nested
    class WhenNotBuilt {
        @Test
        void failsWhenItIsRequiredOrNamedWrongly() {
            assertThatThrownBy(() -> RealOllama.executable(Map.of("HEDDLE_OLLAMA", "/nowhere/ollama")))
                    .hasMessage("HEDDLE_OLLAMA: no Ollama there, expected an executable, got /nowhere/ollama.");
            assumeTrue(!Path.of("target/ollama/ollama").toFile().exists(), "it is built");
            assertThat(RealOllama.executable(Map.of())).isEmpty();
            assertThatThrownBy(() -> RealOllama.executable(Map.of("REQUIRE_OLLAMA", "true")))
                    .hasMessageContaining("Run make ollama.");
        }
    }

    private static String user(String text) {
        return "{\"role\":\"user\",\"content\":\"" + text + "\"}";
    }

    private static String assistant(String text) {
        return "{\"role\":\"assistant\",\"content\":\"" + text + "\"}";
    }
}
