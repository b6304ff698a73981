package dev.heddle.local.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real Ollama server for tests, with the scripted model of {@code src/test/ollama}, on a free port of loopback and with
 * home and models in a temporary folder of its own. The executable is {@code HEDDLE_OLLAMA}, else
 * {@code target/ollama/ollama}, which {@code make ollama} builds.
 *
 * <p>Thread-safe. One model process serves everybody; the server queues what comes at once.
 */
public final class RealOllama implements AutoCloseable {
    /** The model that it serves; {@code src/test/ollama/scripts.json} says what it answers. */
    public static final String MODEL = "heddle-scripted";

    private static final Path BUILT = Path.of("target/ollama/ollama");
    private static final Path KIT = Path.of("src/test/ollama");
    private static final Pattern LISTENING = Pattern.compile("Listening on (127\\.0\\.0\\.1:\\d+)");
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);
    private static final AtomicBoolean SAID = new AtomicBoolean();

    private final Process process;
    private final Path folder;
    private final URI endpoint;

    private RealOllama(Process process, Path folder, URI endpoint) {
        this.process = process;
        this.folder = folder;
        this.endpoint = endpoint;
    }

    /**
     * Starts it and creates the model, or says in one line on the error stream that it is not built.
     *
     * @return empty when it is not built
     * @throws IllegalStateException when it is not built and the environment says {@code REQUIRE_OLLAMA=true}, or when
     *     {@code HEDDLE_OLLAMA} names no executable
     * @throws IOException when it does not start
     */
    public static Optional<RealOllama> startIfBuilt() throws IOException, InterruptedException {
        Optional<Path> executable = executable(System.getenv());
        if (executable.isEmpty() && !SAID.getAndSet(true)) {
            System.err.println("skipped: real Ollama is not built (make ollama)");
        }
        return executable.isEmpty() ? Optional.empty() : Optional.of(start(executable.get()));
    }

    static Optional<Path> executable(Map<String, String> environment) {
        String named = environment.getOrDefault("HEDDLE_OLLAMA", "");
        Path path = named.isEmpty() ? BUILT : Path.of(named);
        if (Files.isExecutable(path) && !Files.isDirectory(path)) {
            return Optional.of(path.toAbsolutePath());
        }
        if (!named.isEmpty()) {
            throw new IllegalStateException(
                    "HEDDLE_OLLAMA: no Ollama there, expected an executable, got " + path + ".");
        }
        if (environment.getOrDefault("REQUIRE_OLLAMA", "").equals("true")) {
            throw new IllegalStateException(
                    "Real Ollama: not built, expected an executable because REQUIRE_OLLAMA=true, got none at " + path
                            + ". Run make ollama.");
        }
        return Optional.empty();
    }

    private static RealOllama start(Path executable) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("heddle-ollama");
        var builder = new ProcessBuilder(executable.toString(), "serve")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("OLLAMA_"));
        environment.put("HOME", folder.toString());
        environment.put("OLLAMA_MODELS", folder.resolve("models").toString());
        environment.put("OLLAMA_HOST", "127.0.0.1:0");
        environment.put("OLLAMA_NO_CLOUD", "1");
        Process process = builder.start();
        var address = new CompletableFuture<String>();
        // On a platform thread: reading a pipe holds the carrier of a virtual one.
        Thread.ofPlatform().daemon().start(() -> watch(process, address));
        try {
            URI endpoint = URI.create("http://" + address.get(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS));
            var ollama = new RealOllama(process, folder, endpoint);
            ollama.createModel();
            return ollama;
        } catch (ExecutionException | TimeoutException e) {
            end(process, folder);
            throw new IOException(
                    "Real Ollama: did not start, expected a line 'Listening on' within " + LONG_ENOUGH, e);
        } catch (IOException | InterruptedException | RuntimeException e) {
            end(process, folder);
            throw e;
        }
    }

    /** Where it answers: {@code http://127.0.0.1:PORT}. */
    public URI endpoint() {
        return endpoint;
    }

    /** Ends the server and its model processes, and deletes its folder. */
    @Override
    public void close() throws IOException {
        end(process, folder);
    }

    /** Reads the log to its end, or the server would block on a full pipe. */
    private static void watch(Process process, CompletableFuture<String> address) {
        var last = "";
        try (BufferedReader log = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = log.readLine(); line != null; line = log.readLine()) {
                last = line;
                Matcher listening = LISTENING.matcher(line);
                if (listening.find()) {
                    address.complete(listening.group(1));
                }
            }
        } catch (IOException e) {
            address.completeExceptionally(e);
        }
        address.completeExceptionally(new IOException("it ended; its last line: " + last));
    }

    private void createModel() throws IOException, InterruptedException {
        byte[] weights = Files.readAllBytes(KIT.resolve("scripted.gguf"));
        String digest = "sha256:" + HexFormat.of().formatHex(sha256(weights));
        post("/api/blobs/" + digest, HttpRequest.BodyPublishers.ofByteArray(weights));
        var json = new ObjectMapper();
        ObjectNode create = (ObjectNode) json.readTree(Files.readString(KIT.resolve("create.json")));
        create.put("model", MODEL).put("stream", false);
        create.putObject("files").put("scripted.gguf", digest);
        post("/api/create", HttpRequest.BodyPublishers.ofString(create.toString()));
    }

    private void post(String path, HttpRequest.BodyPublisher body) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(endpoint.resolve(path))
                    .timeout(LONG_ENOUGH)
                    .POST(body)
                    .build();
            var reply = client.send(request, BodyHandlers.ofString());
            if (reply.statusCode() / 100 != 2) {
                throw new IOException("Real Ollama: " + path + " failed, expected status 2xx, got " + reply.statusCode()
                        + ": " + reply.body());
            }
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void end(Process process, Path folder) throws IOException {
        // first: a server that dies leaves its model processes behind, and then nobody knows them any more
        List<ProcessHandle> models = process.descendants().toList();
        process.destroy();
        try {
            process.onExit().get(5, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            process.destroyForcibly().onExit().join();
        } catch (InterruptedException e) {
            process.destroyForcibly().onExit().join();
            Thread.currentThread().interrupt();
        }
        models.forEach(ProcessHandle::destroyForcibly);
        models.forEach(model -> model.onExit().join());
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
