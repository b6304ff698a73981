package dev.heddle.llm.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.heddle.observe.Probe;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Asks Ollama's {@code GET /api/tags} whether it answers and has the model; takes no longer than 2 s. */
record OllamaProbe(OllamaSettings settings, Supplier<HttpClient> http) implements Probe {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "model";
    }

    @Override
    public Optional<String> problem() {
        HttpRequest request = HttpRequest.newBuilder(settings.at("/api/tags")).build();
        // The future's own time limit, because a request's timeout ends with the headers.
        CompletableFuture<HttpResponse<String>> reply = http.get().sendAsync(request, BodyHandlers.ofString());
        try {
            HttpResponse<String> response = reply.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return response.statusCode() == 200
                    ? problemOf(response.body())
                    : Optional.of(problem("no Ollama", "status 200 of /api/tags", "status " + response.statusCode()));
        } catch (TimeoutException e) {
            return Optional.of(problem("no answer", "one within " + PATIENCE, "none"));
        } catch (ExecutionException e) {
            String got =
                    e.getCause() instanceof IOException cause ? cause.getClass().getSimpleName() : "an error";
            return Optional.of(problem("not reachable", "an answer", got));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(problem("not asked", "an answer", "an interrupt"));
        } finally {
            reply.cancel(true);
        }
    }

    private Optional<String> problemOf(String tags) {
        try {
            for (JsonNode model : JsonTrees.read(tags).path("models")) {
                if (names(model.path("name").asText(""), settings.model())) {
                    return Optional.empty();
                }
            }
        } catch (JsonProcessingException e) {
            return Optional.of(problem("no Ollama", "JSON of /api/tags", "something else"));
        }
        return Optional.of("Model '" + settings.model() + "': not pulled, expected it on Ollama at " + settings.host()
                + ", got other models or none. Run: ollama pull " + settings.model());
    }

    /** Whether a listed name is the wanted one, which may leave out the tag {@code latest}. */
    static boolean names(String listed, String wanted) {
        return listed.equals(wanted) || listed.equals(wanted + ":latest");
    }

    private String problem(String what, String expected, String got) {
        return "Ollama at " + settings.host() + ": " + what + ", expected " + expected + ", got " + got
                + ". Start it with 'ollama serve' or set OLLAMA_BASE_URL.";
    }
}
