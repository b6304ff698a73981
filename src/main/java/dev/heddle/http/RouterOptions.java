package dev.heddle.http;

import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What the {@link Router} must be told about the service.
 *
 * @param graph the graph that answers chats
 * @param model name of what answers, for the header {@code x-heddle-model}: visible ASCII
 * @param version of the service, for {@code GET /health}
 * @param heartbeat a stream that was silent for so long gets a comment; more than zero
 * @param threadIds gives the id of a new thread
 */
public record RouterOptions(
        String graph, String model, String version, Duration heartbeat, Supplier<String> threadIds) {
    public RouterOptions {
        if (!heartbeat.isPositive()) {
            throw new IllegalArgumentException("RouterOptions: bad heartbeat, expected more than zero, got " + heartbeat
                    + ". Five seconds is usual.");
        }
        if (model.isEmpty() || !model.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("RouterOptions: bad model name, expected visible ASCII, got "
                    + model.length() + " characters. It goes into a response header.");
        }
    }

    /** The usual: graph {@code assistant}, a heartbeat every five seconds, random UUIDs. */
    public static RouterOptions of(String model, String version) {
        return new RouterOptions("assistant", model, version, Duration.ofSeconds(5), () -> UUID.randomUUID()
                .toString());
    }
}
