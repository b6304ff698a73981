package dev.heddle.llm.provider;

import static dev.heddle.llm.provider.Calls.model;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OllamaProbeIT {

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "tiny:latest"})
    void findsTheModelAmongTheTags(String listed) throws Exception {
        try (var ollama = ScriptedOllama.status(
                "200 OK", "{\"models\":[{\"name\":\"other:latest\"},{\"name\":\"" + listed + "\",\"size\":843936}]}")) {
            assertThat(model(ollama.url()).probe().problem()).isEmpty();
            assertThat(ollama.request().head()).startsWith("get /api/tags http/1.1\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"models\":[]}", "{\"models\":[{\"name\":\"tiny:8b\"}]}", "{}"})
    void saysHowToPullAMissingModel(String tags) throws Exception {
        try (var ollama = ScriptedOllama.status("200 OK", tags)) {
            assertThat(model(ollama.url()).probe().problem())
                    .hasValueSatisfying(problem ->
                            assertThat(problem).contains("not pulled").endsWith("Run: ollama pull tiny"));
        }
    }

    @Test
    void saysWhatToDoWhenNothingAnswers() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        assertThat(model(URI.create("http://127.0.0.1:" + port)).probe().problem())
                .contains("Ollama at 127.0.0.1:" + port + ": not reachable, expected an answer, got ConnectException."
                        + " Start it with 'ollama serve' or set OLLAMA_BASE_URL.");
    }

    @Test
    void saysThatSomethingElseAnswers() throws Exception {
        try (var web = ScriptedOllama.status("200 OK", "<html>");
                var gone = ScriptedOllama.status("502 Bad Gateway", "")) {
            assertThat(model(web.url()).probe().problem())
                    .hasValueSatisfying(problem -> assertThat(problem).contains("no Ollama"));
            assertThat(model(gone.url()).probe().problem())
                    .hasValueSatisfying(problem -> assertThat(problem).contains("status 502"));
        }
    }

    @Test
    void givesUpOnAHostThatTakesTheRequestAndSaysNothing() throws Exception {
        try (var ollama = new ScriptedOllama((request, wire) -> wire.stall())) {
            assertThat(model(ollama.url()).probe().problem())
                    .hasValueSatisfying(problem -> assertThat(problem).contains("no answer"));
            ollama.awaitClientClosed();
        }
    }
}
