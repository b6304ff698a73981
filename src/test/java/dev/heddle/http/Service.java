package dev.heddle.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.observe.Observer;
import dev.heddle.observe.Probe;
import dev.heddle.run.Runs;
import dev.heddle.testing.FakeClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A router with everything around it scripted, and the means to ask it. */
final class Service implements Observer {
    static final Instant DEADLINE = Instant.parse("2026-01-01T00:15:00Z");
    static final Map<String, List<String>> JSON = Map.of("content-type", List.of("application/json"));
    /** Each look at the clock takes so long. */
    private static final Duration LOOK = Duration.ofMillis(7);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A note that was made. */
    record Note(String event, Map<String, Object> facts) {}

    final List<Note> notes = new CopyOnWriteArrayList<>();
    final Router router;

    Service(Runs runs, Probe... probes) {
        this(runs, Duration.ofHours(1), probes);
    }

    Service(Runs runs, Duration heartbeat, Probe... probes) {
        RouterOptions options = new RouterOptions("assistant", "stand-in", "1.2.3", heartbeat, () -> "new-thread");
        router = new Router(options, runs, List.of(probes), this, FakeClock.ticking(Instant.EPOCH, LOOK));
    }

    @Override
    public void note(String event, Map<String, ?> facts) {
        notes.add(new Note(event, Map.copyOf(facts)));
    }

    static HttpRequest request(String method, String path, Map<String, List<String>> headers, byte[] body) {
        return new HttpRequest(method, path, Map.of(), headers, body, "request-1", DEADLINE);
    }

    static HttpRequest post(String path, String body) {
        return request("POST", path, JSON, body.getBytes(StandardCharsets.UTF_8));
    }

    /** A reply with its body. */
    record Answer(int status, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        JsonNode json() {
            try {
                return MAPPER.readTree(text());
            } catch (JsonProcessingException e) {
                throw new AssertionError("no JSON: " + text(), e);
            }
        }

        String code() {
            return json().path("error").path("code").asText();
        }

        String message() {
            return json().path("error").path("message").asText();
        }

        List<String> events() {
            return SseParser.parse(body).events();
        }
    }

    Answer ask(HttpRequest request) {
        HttpReply reply = router.handle(request);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            reply.body().writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Answer(reply.status(), reply.headers(), out.toByteArray());
    }

    Answer get(String path) {
        return ask(request("GET", path, Map.of(), new byte[0]));
    }
}
