package dev.heddle.local;

import dev.heddle.local.gateway.LocalGateway;
import dev.heddle.local.model.StandInModel;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The program of {@code make run}: DynamoDB Local, a model or its stand-in, and the gateway with the packaged function;
 * serves until it is interrupted, and then ends all that it started.
 *
 * <p>Variables: {@code PORT} (8080), {@code HEDDLE_STORE} (dynamodb | memory), {@code HEDDLE_TABLE} (heddle), {@code HEDDLE_DATA} (.heddle), {@code
 * OLLAMA_HOST} (localhost:11434), {@code OLLAMA_MODEL} (qwen3:8b), {@code HEDDLE_FUNCTION} (jvm, or the path of a native
 * executable).
 */
public final class LocalRun {
    /** The stand-in takes its time, as a model would. */
    private static final Duration BETWEEN_CHUNKS = Duration.ofMillis(15);

    private static final Duration READY_WITHIN = Duration.ofSeconds(30);
    /** How many requests the one process may have at once that keeps everything in its memory. */
    private static final int REQUESTS_IN_MEMORY = 16;

    private final RunSettings settings;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private boolean ended;

    private LocalRun(RunSettings settings) {
        this.settings = settings;
    }

    /** The model that answers: its variables for the function, and what to tell the user. */
    private record Model(URI endpoint, String name, String told) {}

    /** Serves until the process is ended; exit code 1 with one line when it cannot. */
    public static void main(String... args) throws InterruptedException {
        try {
            RunSettings settings = RunSettings.of(System.getenv());
            Optional<String> missing = settings.missing();
            if (missing.isPresent()) {
                throw new IllegalArgumentException(missing.get());
            }
            LocalRun run = new LocalRun(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(run::end, "end of the local run"));
            System.out.println(run.start());
        } catch (BindException e) {
            System.err.println("heddle: PORT: " + e.getMessage());
            System.exit(1);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            System.err.println("heddle: " + (e.getMessage() == null ? e : e.getMessage()));
            System.exit(1);
        }
        Thread.currentThread().join();
    }

    /** What to tell the user once all is up. */
    static String ready(URI url, String model, String data) {
        return """

                Heddle is ready on %s
                  model  %s
                  data   %s
                  try    curl -N %s/chat/demo -H 'content-type: application/json' -d '{"content":"What is 6 times 7?"}'
                  stop   Ctrl-C
                """.formatted(url, model, data, url);
    }

    private String start() throws Exception {
        refuseUsedPort(settings.port());
        // The user's own settings first: what is started here goes over them.
        Map<String, String> variables = new TreeMap<>(System.getenv());
        variables.keySet().removeIf(name -> !name.startsWith("HEDDLE_"));
        String data = store(variables);
        Model model = model();
        variables.put("OLLAMA_BASE_URL", model.endpoint().toString());
        variables.put("OLLAMA_MODEL", model.name());
        LocalGateway.Options options = LocalGateway.Options.of(settings.function())
                .withPort(settings.port())
                .withEnvironment(variables);
        LocalGateway gateway =
                keep(LocalGateway.start(settings.inMemory() ? options.withCapacity(1, REQUESTS_IN_MEMORY) : options));
        gateway.warmUp();
        askWhetherReady(gateway.url());
        return ready(gateway.url(), model.told(), data);
    }

    /** Also loads what the first question would otherwise wait for: the clients of table and model. */
    private static void askWhetherReady(URI url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> reply = client.send(
                    HttpRequest.newBuilder(url.resolve("/ready"))
                            .timeout(READY_WITHIN)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (reply.statusCode() != 200) {
                System.err.println("heddle: not ready yet: " + reply.body());
            }
        }
    }

    /** Starts what stores, and says where the data lie. */
    private String store(Map<String, String> variables) throws Exception {
        variables.put("HEDDLE_STORE", settings.inMemory() ? "memory" : "dynamodb");
        variables.put("HEDDLE_TABLE", settings.table());
        variables.put("AWS_REGION", DynamoDbLocal.REGION);
        variables.put("AWS_ACCESS_KEY_ID", "local");
        variables.put("AWS_SECRET_ACCESS_KEY", "local");
        if (settings.inMemory()) {
            return "in memory, gone when this ends";
        }
        Path directory = settings.data().toAbsolutePath();
        DynamoDbLocal dynamoDb = keep(DynamoDbLocal.start(directory));
        LocalTable.createIfAbsent(dynamoDb, settings.table());
        variables.put("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.endpoint().toString());
        return "table '" + settings.table() + "' of DynamoDB Local, in " + directory;
    }

    private Model model() throws Exception {
        String url = settings.ollamaUrl();
        String name = settings.ollamaModel();
        return switch (LocalOllama.look(url, name)) {
            case WITH_MODEL -> new Model(URI.create(url), name, name + " on Ollama at " + url);
            case WITHOUT_MODEL ->
                new Model(
                        URI.create(url),
                        name,
                        name + " on Ollama at " + url + ", which does not have it yet: ollama pull " + name);
            case NOTHING -> {
                StandInModel standIn = keep(StandInModel.start(0, BETWEEN_CHUNKS));
                yield new Model(
                        standIn.endpoint(),
                        StandInModel.NAME,
                        "stand-in: canned answers, not a model (no Ollama answers at " + url + ")");
            }
        };
    }

    /** Sees to it that a part is ended; one that comes up after the end is ended at once. */
    private synchronized <T extends AutoCloseable> T keep(T part) {
        started.push(part);
        if (ended) {
            end();
        }
        return part;
    }

    private synchronized void end() {
        ended = true;
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                System.err.println("heddle: while ending: " + e.getMessage());
            }
        }
    }

    /** Says it before anything is started. */
    private static void refuseUsedPort(int port) throws IOException {
        try {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        } catch (BindException e) {
            throw portInUse(port, e);
        }
    }

    private static BindException portInUse(int port, BindException cause) {
        BindException told = new BindException(
                "port in use, expected a free one, got " + port + ". Choose another: PORT=8081 make run");
        told.initCause(cause);
        return told;
    }
}
