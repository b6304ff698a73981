package dev.heddle.http;

import dev.heddle.observe.Probe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Whether the process answers and whether what it needs can be reached. Safe for concurrent use. */
final class StatusRoutes {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String version;
    private final List<Probe> probes;
    private final Json json;
    private final Duration patience;

    StatusRoutes(String version, List<Probe> probes, Json json) {
        this(version, probes, json, PATIENCE);
    }

    /** {@code patience}: a probe that has not answered by then counts as a problem. */
    StatusRoutes(String version, List<Probe> probes, Json json, Duration patience) {
        this.version = version;
        this.probes = List.copyOf(probes);
        this.json = json;
        this.patience = patience;
    }

    /** What is wrong with one thing. */
    private record Problem(String name, String message) {}

    /** {@code GET /health}: {@code {"status":"ok","version"}}. Asks nobody. */
    HttpReply health(Exchange exchange) {
        return Router.reply(200, Map.of(), json.object(body -> {
            body.writeStringField("status", "ok");
            body.writeStringField("version", version);
        }));
    }

    /** {@code GET /ready}: asks all probes at once; 503 with each problem when there is one. */
    HttpReply ready(Exchange exchange) throws InterruptedException {
        List<Problem> problems = problems();
        if (problems.isEmpty()) {
            return Router.reply(200, Map.of(), json.object(body -> body.writeStringField("status", "ready")));
        }
        return Router.reply(503, Map.of(), json.object(body -> {
            body.writeStringField("status", "not ready");
            body.writeArrayFieldStart("problems");
            for (Problem problem : problems) {
                body.writeStartObject();
                body.writeStringField("name", problem.name());
                body.writeStringField("message", problem.message());
                body.writeEndObject();
            }
            body.writeEndArray();
        }));
    }

    @SuppressWarnings("resource") // closing would wait for a probe that heeds no interrupt
    private List<Problem> problems() throws InterruptedException {
        ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<List<Problem>>> answers = workers.invokeAll(
                    probes.stream()
                            .map(probe -> (Callable<List<Problem>>) () -> ask(probe))
                            .toList(),
                    patience.toMillis(),
                    TimeUnit.MILLISECONDS);
            return IntStream.range(0, answers.size())
                    .boxed()
                    .flatMap(i -> answer(probes.get(i).name(), answers.get(i)))
                    .toList();
        } finally {
            workers.shutdownNow();
        }
    }

    private static List<Problem> ask(Probe probe) {
        return probe.problem().map(message -> new Problem(probe.name(), message)).stream()
                .toList();
    }

    private Stream<Problem> answer(String name, Future<List<Problem>> answer) {
        try {
            return answer.get().stream();
        } catch (CancellationException _) {
            return Stream.of(broken(name, "got none within " + patience.toMillis() + " ms"));
        } catch (ExecutionException e) {
            // the class and not its message, which may hold anything
            return Stream.of(broken(
                    name,
                    "got "
                            + (e.getCause() == null ? e : e.getCause())
                                    .getClass()
                                    .getSimpleName()));
        } catch (InterruptedException e) {
            throw new AssertionError("invokeAll returns finished futures", e);
        }
    }

    private static Problem broken(String name, String got) {
        return new Problem(name, "Probe '" + name + "': failed, expected an answer, " + got + ". See whether it runs.");
    }
}
