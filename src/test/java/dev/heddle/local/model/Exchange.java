package dev.heddle.local.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * One request to an Ollama and its reply, live or recorded.
 *
 * @param status of the reply
 * @param contentType of the reply, as sent
 * @param framing {@code chunked} or {@code length}
 * @param lines of the reply's body, empty ones left out
 */
record Exchange(int status, String contentType, String framing, List<String> lines) {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Their inside depends on model and question. */
    private static final Set<String> OPAQUE = Set.of("arguments", "model_info", "tensors");

    /** Sends it; a body makes it a POST. */
    static Exchange live(URI server, String method, String path, String body) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(server.resolve(path))
                    .timeout(Duration.ofMinutes(2))
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build();
            var reply = client.send(request, BodyHandlers.ofString());
            var headers = reply.headers();
            return new Exchange(
                    reply.statusCode(),
                    headers.firstValue("content-type").orElse("none"),
                    headers.firstValue("content-length").isPresent() ? "length" : "chunked",
                    reply.body().lines().filter(line -> !line.isBlank()).toList());
        }
    }

    /** Reads one of the recordings in {@code src/test/resources/dev/heddle/local/model/ollama}. */
    static Exchange recorded(String name) throws IOException {
        String text;
        try (InputStream file = Objects.requireNonNull(
                Exchange.class.getResourceAsStream("ollama/" + name + ".http"), "no recording " + name)) {
            text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
        String reply = text.substring(text.indexOf("HTTP/1.1 ")).replace("\r", "");
        int blank = reply.indexOf("\n\n");
        String head = reply.substring(0, blank);
        List<String> lines = reply.substring(blank)
                .replace("[curl exit 0]", "")
                .lines()
                .filter(line -> !line.isBlank() && !line.equals("..."))
                .toList();
        return new Exchange(
                Integer.parseInt(head.substring(9, 12)),
                header(head, "Content-Type"),
                head.contains("\nContent-Length:") ? "length" : "chunked",
                lines);
    }

    /**
     * What is stable between runs and models: the keys and types of each line in order, with runs of equal lines given
     * once; of an error also its words, of a reason its value.
     */
    List<String> shapes() {
        var shapes = new ArrayList<String>();
        for (String line : lines) {
            String shape = line.startsWith("{") ? shape("", node(line)) : line;
            if (shapes.isEmpty() || !shapes.getLast().equals(shape)) {
                shapes.add(shape);
            }
        }
        return shapes;
    }

    List<JsonNode> nodes() {
        return lines.stream().map(Exchange::node).toList();
    }

    /** All text of a chat reply. */
    String text() {
        return String.join(
                "",
                nodes().stream()
                        .map(line -> line.path("message").path("content").asText())
                        .toList());
    }

    /** All tool calls of a chat reply: {@code name{arguments}}. */
    List<String> calls() {
        return nodes().stream()
                .flatMap(line -> StreamSupport.stream(
                        line.path("message").path("tool_calls").spliterator(), false))
                .map(call -> call.path("function"))
                .map(function -> function.path("name").asText() + function.path("arguments"))
                .toList();
    }

    private static String header(String head, String name) {
        return head.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("none");
    }

    private static String shape(String key, JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT ->
                OPAQUE.contains(key)
                        ? "object"
                        : node.properties().stream()
                                .map(field -> field.getKey() + ":" + shape(field.getKey(), field.getValue()))
                                .toList()
                                .toString();
            case ARRAY ->
                OPAQUE.contains(key)
                        ? "array"
                        : "array of "
                                + StreamSupport.stream(node.spliterator(), false)
                                        .map(element -> shape(key, element))
                                        .distinct()
                                        .toList();
            case STRING -> Set.of("error", "done_reason", "role").contains(key) ? node.toString() : "text";
            case NUMBER -> node.isIntegralNumber() ? "integer" : "decimal";
            case BOOLEAN -> key.equals("done") ? node.toString() : "boolean";
            case NULL, MISSING, BINARY, POJO -> node.getNodeType().toString();
        };
    }

    private static JsonNode node(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException("no JSON: " + line, e);
        }
    }
}
