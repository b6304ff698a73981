package dev.heddle.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.http.HttpReply;
import dev.heddle.http.HttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A running loop, the Runtime API that it talks to, and what it noted. Its pauses pass at once and are written down. */
final class LoopRig implements AutoCloseable {
    /** So long that only an event ends a wait; a loop that does not end fails its test after that and hangs nothing. */
    static final Duration LONG = Duration.ofSeconds(ScriptedRuntimeApi.PATIENCE_SECONDS + 5);

    static final String GET = "{\"httpMethod\":\"GET\",\"path\":\"/\"}";

    final ScriptedRuntimeApi api = new ScriptedRuntimeApi();
    final Notes notes = new Notes();
    final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private @Nullable RuntimeLoop loop;
    private @Nullable FutureTask<@Nullable Void> running;

    LoopRig() throws IOException {}

    void start(Function<HttpRequest, HttpReply> handler) {
        start(1, LONG, LONG, handler);
    }

    void start(int concurrency, Duration grace, Duration patience, Function<HttpRequest, HttpReply> handler) {
        RuntimeLoop fresh = new RuntimeLoop(
                new RuntimeLoop.Config(api.address(), concurrency, grace),
                handler,
                notes,
                Clock.systemUTC(),
                patience,
                pauses::add);
        FutureTask<@Nullable Void> task = new FutureTask<>(fresh::run, null);
        loop = fresh;
        running = task;
        Thread.ofVirtual().start(task);
    }

    RuntimeLoop loop() {
        return Objects.requireNonNull(loop);
    }

    /** Waits until {@code run} has returned; throws what it threw. */
    void awaitEnd() throws InterruptedException, ExecutionException, TimeoutException {
        Objects.requireNonNull(running).get(ScriptedRuntimeApi.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** A reply with this text as its body. */
    static HttpReply text(String body) {
        return HttpReply.of(200, Map.of(), body.getBytes(UTF_8));
    }

    /** The expectation of this name, from the resources. */
    static String expected(String name) throws IOException {
        try (InputStream in = LoopRig.class.getResourceAsStream(name + ".http")) {
            String text = new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
            return text.endsWith("\\n\n") ? text : text.substring(0, text.length() - 1);
        }
    }

    @Override
    public void close() throws IOException {
        api.close(); // first: then nothing in flight can hold up the stop
        if (loop != null) {
            loop.stop();
        }
    }
}
