package dev.heddle.llm.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.heddle.llm.types.LlmException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * One streamed request, as langchain4j's HTTP client: runs on the calling worker until the answer is complete, and throws
 * what went wrong instead of telling a listener. Used once, by one worker.
 *
 * <p>Replaces {@code JdkHttpClient}, which forgets the request before it is answered (so that it could not be cancelled),
 * drops the headers of a refusal and leaves a silent stream open for ever.
 */
final class OllamaExchange implements HttpClient {
    /** How long a finished answer may take to close its stream, so that the connection can be used again. */
    private static final Duration CLOSING = Duration.ofMillis(200);

    private final OllamaSettings settings;
    private final java.net.http.HttpClient http;
    private final Clock clock;
    private final Instant deadline;
    private final OllamaAnswer answer;
    private final OllamaFailures failures;

    OllamaExchange(
            OllamaSettings settings,
            java.net.http.HttpClient http,
            Clock clock,
            Instant deadline,
            OllamaFailures failures,
            OllamaAnswer answer) {
        this.settings = settings;
        this.http = http;
        this.clock = clock;
        this.deadline = deadline;
        this.answer = answer;
        this.failures = failures;
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        // langchain4j's parser is passed over: it swallows what its listener throws, and with it half a line.
        if (Thread.currentThread().isInterrupted()) {
            throw new LlmException.Cancelled(settings.model(), null);
        }
        requireTimeLeft();
        try (LineFeed feed = LineFeed.open(http, toJdk(request))) {
            Duration patience = settings.firstTokenTimeout();
            while (!answer.isComplete()) {
                switch (next(feed, patience)) {
                    case LineFeed.Line line -> {
                        answer.read(line.text(), listener);
                        patience = settings.tokenTimeout();
                    }
                    case LineFeed.End end -> throw failures.ended(end, clock.instant());
                    case LineFeed.Failure failure -> throw failures.failed(failure);
                }
            }
            letClose(feed);
        }
    }

    private LineFeed.Event next(LineFeed feed, Duration patience) {
        Duration left = requireTimeLeft();
        boolean deadlineIsFirst = left.compareTo(patience) <= 0;
        try {
            LineFeed.Event event = feed.next(deadlineIsFirst ? left : patience);
            if (event == null) {
                throw deadlineIsFirst ? failures.deadlinePassed() : failures.silent(patience, answer.hasBegun());
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LlmException.Cancelled(settings.model(), null);
        }
    }

    private Duration requireTimeLeft() {
        Duration left = Duration.between(clock.instant(), deadline);
        if (!left.isPositive()) {
            throw failures.deadlinePassed();
        }
        return left;
    }

    private static void letClose(LineFeed feed) {
        try {
            feed.next(CLOSING);
        } catch (InterruptedException e) {
            // The answer is whole, so it is returned; whoever interrupted finds the flag.
            Thread.currentThread().interrupt();
        }
    }

    private static java.net.http.HttpRequest toJdk(HttpRequest request) {
        try {
            java.net.http.HttpRequest.Builder builder = java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
                    .method(request.method().name(), BodyPublishers.ofString(OllamaRequests.body(request.body())));
            request.headers().forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
            return builder.build();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "Ollama exchange: unreadable request, expected JSON from langchain4j, got something else.");
        }
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        throw new UnsupportedOperationException(
                "Ollama exchange: request that is not streamed, expected a streamed chat, got another. Add it here.");
    }

    /** This exchange as what langchain4j asks for; time limits that langchain4j sets are ignored. */
    HttpClientBuilder builder() {
        return new HttpClientBuilder() {
            @Override
            public Duration connectTimeout() {
                return settings.connectTimeout();
            }

            @Override
            public HttpClientBuilder connectTimeout(Duration timeout) {
                return this;
            }

            @Override
            public Duration readTimeout() {
                return settings.firstTokenTimeout();
            }

            @Override
            public HttpClientBuilder readTimeout(Duration timeout) {
                return this;
            }

            @Override
            public HttpClient build() {
                return OllamaExchange.this;
            }
        };
    }
}
