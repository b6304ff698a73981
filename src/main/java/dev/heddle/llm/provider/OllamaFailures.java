package dev.heddle.llm.provider;

import dev.heddle.llm.types.LlmException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, as typed errors. Pure: reads what the server said and never repeats it.
 *
 * <p>A cause is kept only where its message can name nothing but sockets.
 */
record OllamaFailures(OllamaSettings settings) {

    /** The answer ended before {@code "done":true}, or was a refusal. */
    LlmException ended(LineFeed.End end, Instant now) {
        return end.status() / 100 == 2
                ? broken("stream ended early, expected a last line with done:true, got the end")
                : refused(end.status(), end.headers(), end.body(), now);
    }

    /** The connection did not come or did not last. */
    LlmException failed(LineFeed.Failure failure) {
        Throwable cause = failure.cause() instanceof CompletionException e && e.getCause() != null
                ? e.getCause()
                : failure.cause();
        return switch (cause) {
            case HttpConnectTimeoutException e ->
                new LlmException.TimedOut(
                        model(),
                        "no connection to " + settings.host() + ", expected one within " + settings.connectTimeout()
                                + ", got none. Check the network and OLLAMA_BASE_URL.",
                        e);
            case ConnectException e ->
                new LlmException.Unavailable(
                        model(),
                        "no connection, expected an Ollama at " + settings.host()
                                + ", got none. Start it with 'ollama serve' or set OLLAMA_BASE_URL.",
                        e);
            default ->
                failure.answered()
                        ? broken("connection lost, expected a last line with done:true, got a "
                                + cause.getClass().getSimpleName())
                        : new LlmException.Unavailable(
                                model(),
                                "connection lost, expected an answer from " + settings.host() + ", got a "
                                        + cause.getClass().getSimpleName() + ". Try again.",
                                null);
        };
    }

    /** The server answered with another status than 2xx. */
    LlmException refused(int status, HttpHeaders headers, String body, Instant now) {
        String got = "got status " + status + ". ";
        if (status == 429 || status == 503) {
            return new LlmException.RateLimited(
                    model(),
                    "server busy, expected a free slot, " + got + "Try again later.",
                    retryAfter(headers, now),
                    null);
        }
        if (status >= 500) {
            return new LlmException.Unavailable(
                    model(),
                    "server error, expected an answer, " + got + "Look into the log of " + settings.host() + ".",
                    null);
        }
        return new LlmException.Rejected(model(), refusal(status, body, got), null);
    }

    private String refusal(int status, String body, String got) {
        if (status == 404) {
            return body.contains("model")
                    ? "unknown model, expected one that is pulled, " + got + "Run: ollama pull " + model()
                    : "unknown path, expected Ollama's API at " + settings.baseUrl() + ", " + got
                            + "Check OLLAMA_BASE_URL.";
        }
        if (body.contains("does not support tools")) {
            return "no tools, expected a model that can call tools, " + got + "Choose another model.";
        }
        if (body.contains("does not support thinking")) {
            return "no thinking, expected a model that can think, " + got + "Choose another model.";
        }
        return "request refused, expected it to be taken, " + got + "Look into the log of " + settings.host() + ".";
    }

    /** No line came in time. */
    LlmException silent(Duration patience, boolean begun) {
        return new LlmException.TimedOut(
                model(),
                begun
                        ? "stream stalled, expected a token within " + patience + ", got none. Try again."
                        : "no answer, expected a first token within " + patience
                                + ", got none. The model may still be loading: try again.",
                null);
    }

    /** The call's own deadline came first. */
    LlmException deadlinePassed() {
        return new LlmException.TimedOut(
                model(), "deadline passed, expected an answer before it, got none. Allow more time.", null);
    }

    /** The server said in mid-stream that it cannot go on. */
    LlmException errorLine() {
        return broken("server gave up, expected a last line with done:true, got an error line");
    }

    /** A line that is not of Ollama's protocol. */
    LlmException unreadableLine() {
        return broken("unreadable line, expected a JSON object of Ollama's /api/chat, got something else");
    }

    private LlmException broken(String what) {
        return new LlmException.Broken(model(), what + ". Try again.", null);
    }

    private String model() {
        return settings.model();
    }

    /** The wait of a {@code Retry-After} header, in seconds or as a date (RFC 9110, 10.2.3); null when there is none. */
    static @Nullable Duration retryAfter(HttpHeaders headers, Instant now) {
        Optional<String> header = headers.firstValue("Retry-After");
        if (header.isEmpty()) {
            return null;
        }
        String value = header.get().strip();
        try {
            Duration wait = value.chars().allMatch(Character::isDigit)
                    ? Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(
                            now,
                            ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException | NumberFormatException e) {
            return null;
        }
    }
}
