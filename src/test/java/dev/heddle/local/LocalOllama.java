package dev.heddle.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks whether an Ollama answers and has a model. */
final class LocalOllama {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private LocalOllama() {}

    /** What was found. */
    enum Found {
        /** Nothing that answers like Ollama. */
        NOTHING,
        /** Ollama, which has not pulled the model. */
        WITHOUT_MODEL,
        /** Ollama with the model. */
        WITH_MODEL
    }

    static Found look(String url, String model) throws InterruptedException {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build()) {
            if (!get(client, url + "/api/version").has("version")) {
                return Found.NOTHING;
            }
            return has(get(client, url + "/api/tags"), model) ? Found.WITH_MODEL : Found.WITHOUT_MODEL;
        } catch (IOException | IllegalArgumentException e) {
            return Found.NOTHING;
        }
    }

    /** Whether a model is in the reply of {@code /api/tags}; a name without a tag means {@code latest}. */
    static boolean has(JsonNode tags, String model) {
        String full = model.contains(":") ? model : model + ":latest";
        for (JsonNode entry : tags.path("models")) {
            if (entry.path("name").asText().equals(full)) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode get(HttpClient client, String url) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build(),
                HttpResponse.BodyHandlers.ofString());
        ObjectMapper json = new ObjectMapper();
        try {
            return response.statusCode() == 200 ? json.readTree(response.body()) : json.createObjectNode();
        } catch (JsonProcessingException e) {
            return json.createObjectNode();
        }
    }
}
