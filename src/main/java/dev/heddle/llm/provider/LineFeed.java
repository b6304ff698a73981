package dev.heddle.llm.provider;

import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request under way whose answer is taken line by line, with a time limit for each: the bridge from the HTTP client's
 * workers to the one that waits.
 *
 * <p>Any number of {@link Line}s, then one {@link End} or {@link Failure}. One worker takes; {@link #close} gives the
 * request up at whatever point it is, and the server sees its connection close.
 */
final class LineFeed implements AutoCloseable {

    /** What came. */
    sealed interface Event {}

    /** A line of a successful answer, without its end. A last line may be cut. */
    record Line(String text) implements Event {}

    /** The regular end of the answer; {@code body} is what a refusal says, empty after lines. */
    record End(int status, HttpHeaders headers, String body) implements Event {}

    /** No answer, or not all of it; {@code answered} tells whether a status had come. */
    record Failure(Throwable cause, boolean answered) implements Event {}

    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<HttpResponse<String>> exchange;
    private volatile boolean answered;

    private LineFeed(HttpClient http, HttpRequest request) {
        this.exchange = http.sendAsync(request, this::bodySubscriber);
        // The exchange completes when its body has, so this event is the last one.
        var unused = exchange.whenComplete((response, cause) -> events.add(
                response == null
                        ? new Failure(cause, answered)
                        : new End(response.statusCode(), response.headers(), response.body())));
    }

    static LineFeed open(HttpClient http, HttpRequest request) {
        return new LineFeed(http, request);
    }

    /** What came next, or null when nothing did in this time. */
    @Nullable
    Event next(Duration patience) throws InterruptedException {
        return events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        exchange.cancel(true);
    }

    private HttpResponse.BodySubscriber<String> bodySubscriber(HttpResponse.ResponseInfo response) {
        answered = true;
        return response.statusCode() / 100 == 2
                ? BodySubscribers.fromLineSubscriber(new Lines(), lines -> "", StandardCharsets.UTF_8, null)
                : BodySubscribers.ofString(StandardCharsets.UTF_8);
    }

    private final class Lines implements Flow.Subscriber<String> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            // An answer fits in memory; to hold lines back would lose those that came before a cut.
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            events.add(new Line(line));
        }

        @Override
        public void onError(Throwable cause) {
            // The exchange tells.
        }

        @Override
        public void onComplete() {
            // The exchange tells.
        }
    }
}
