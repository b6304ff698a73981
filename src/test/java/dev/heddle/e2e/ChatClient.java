package dev.heddle.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Talks to Heddle as anybody would: HTTP and server-sent events. */
final class ChatClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI url;

    ChatClient(URI url) {
        this.url = url;
    }

    /** Asks and reads to the end. */
    Turn ask(String thread, String content) throws IOException, InterruptedException {
        try (Stream stream = open(thread, content)) {
            return new Turn(
                    stream.response.statusCode(), stream.response.headers().map(), stream.rest());
        }
    }

    /** Asks, and leaves it to the caller to read event by event. */
    Stream open(String thread, String content) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(
                post("/chat/" + thread, body(Map.of("content", content))), HttpResponse.BodyHandlers.ofInputStream());
        return new Stream(response);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(url.resolve(path)).timeout(PATIENCE).build());
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpRequest post(String path, String body) {
        return HttpRequest.newBuilder(url.resolve(path))
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    static String body(Map<String, String> fields) {
        return JSON.valueToTree(fields).toString();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    /** A reply that is still coming. */
    static final class Stream implements AutoCloseable {
        private final HttpResponse<InputStream> response;
        private final BufferedReader reader;

        Stream(HttpResponse<InputStream> response) {
            this.response = response;
            this.reader = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        String requestId() {
            return response.headers().firstValue("x-amzn-requestid").orElseThrow();
        }

        /** The data of the next event; null at the end of the stream. */
        @Nullable
        String next() throws IOException {
            while (true) {
                String line = reader.readLine();
                if (line == null || line.startsWith("data: ")) {
                    return line == null ? null : line.substring("data: ".length());
                }
            }
        }

        /** Reads up to the event that holds this. */
        void readTo(String part) throws IOException {
            String event = next();
            while (event != null && !event.contains(part)) {
                event = next();
            }
            if (event == null) {
                throw new AssertionError("the stream ended before " + part);
            }
        }

        List<String> rest() throws IOException {
            List<String> events = new ArrayList<>();
            String event = next();
            while (event != null) {
                events.add(event);
                event = next();
            }
            return events;
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }

    /** A whole reply. */
    record Turn(int status, Map<String, List<String>> headers, List<String> events) {

        List<JsonNode> json() {
            return events.stream()
                    .filter(event -> !event.equals("[DONE]"))
                    .map(ChatClient::json)
                    .toList();
        }

        List<String> nodes() {
            return json().stream()
                    .filter(event -> event.has("node"))
                    .map(event -> event.path("node").asText())
                    .toList();
        }

        String text() {
            return json().stream()
                    .filter(event -> event.has("token"))
                    .map(event -> event.path("token").asText())
                    .collect(Collectors.joining());
        }

        boolean done() {
            return !events.isEmpty() && events.getLast().equals("[DONE]");
        }
    }
}
