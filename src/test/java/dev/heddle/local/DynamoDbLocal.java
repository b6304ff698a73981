package dev.heddle.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * DynamoDB Local in a JVM of its own, on a free port of this machine. It ends with {@link #close} or with this process,
 * also when this process is killed. Any credentials and any region see the same tables.
 *
 * <p>Its class path is in {@code target/dynamodb-local.classpath}, made by Maven from {@code
 * src/test/dynamodb-local/pom.xml} when it is not there.
 */
public final class DynamoDbLocal implements AutoCloseable {
    /** Region for clients; any would do. */
    public static final String REGION = "us-east-1";
    /** Access key and secret for clients; any letters and digits would do. */
    public static final String CREDENTIAL = "local";

    private static final Duration READY_WITHIN = Duration.ofSeconds(90);
    private static final int TRIES = 3;

    private final Process process;
    private final URI endpoint;
    private final DynamoDbClient client;

    private DynamoDbLocal(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
        this.client = clientBuilder(endpoint).build();
    }

    /** The one that all tests of this JVM share; in memory. It ends with the JVM. */
    public static DynamoDbLocal shared() {
        return Shared.INSTANCE;
    }

    /** Starts one and waits until it answers. {@code dataDirectory} keeps its tables; null keeps them in memory. */
    public static DynamoDbLocal start(@Nullable Path dataDirectory) {
        try {
            String classPath = classPath();
            for (int attempt = 1; ; attempt++) {
                int port = freePort();
                DynamoDbLocal local = new DynamoDbLocal(
                        launch(classPath, port, dataDirectory), URI.create("http://127.0.0.1:" + port));
                boolean answers = false;
                try {
                    answers = local.answers();
                } finally {
                    if (!answers) {
                        local.close();
                    }
                }
                if (answers) {
                    return local;
                }
                // Someone else may have taken the port in between.
                if (attempt == TRIES) {
                    throw new IllegalStateException("DynamoDB Local: no answer, expected one within "
                            + READY_WITHIN.toSeconds() + " s, got none. See " + log() + ".");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("DynamoDB Local: interrupted while starting", e);
        }
    }

    /** Where it listens. */
    public URI endpoint() {
        return endpoint;
    }

    /** A client of it; closed with it. */
    public DynamoDbClient client() {
        return client;
    }

    /** The beginning of other clients of it. */
    public DynamoDbClientBuilder clientBuilder() {
        return clientBuilder(endpoint);
    }

    /** Its process, for tests that kill it. */
    public ProcessHandle process() {
        return process.toHandle();
    }

    @Override
    public void close() {
        client.close();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private boolean answers() throws InterruptedException {
        long end = System.nanoTime() + READY_WITHIN.toNanos();
        while (process.isAlive() && System.nanoTime() < end) {
            try {
                client.listTables();
                // If ours is gone, somebody else answers on that port.
                return process.isAlive();
            } catch (SdkException notYet) {
                Thread.sleep(100);
            }
        }
        return false;
    }

    private static DynamoDbClientBuilder clientBuilder(URI endpoint) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(REGION))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(CREDENTIAL, CREDENTIAL)))
                .httpClientBuilder(UrlConnectionHttpClient.builder());
    }

    private static Process launch(String classPath, int port, @Nullable Path dataDirectory) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                Path.of(DynamoDbLocalMain.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .getPath())
                                .toString()
                        + System.getProperty("path.separator")
                        + classPath,
                DynamoDbLocalMain.class.getName(),
                "-disableTelemetry",
                "-sharedDb",
                "-port",
                Integer.toString(port)));
        if (dataDirectory == null) {
            command.add("-inMemory");
        } else {
            Files.createDirectories(dataDirectory);
            command.addAll(List.of("-dbPath", dataDirectory.toAbsolutePath().toString()));
        }
        Files.createDirectories(log().getParent());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        return builder.start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String classPath() throws IOException, InterruptedException {
        Path file = build().resolve("dynamodb-local.classpath");
        if (!Files.exists(file)) {
            resolve(file);
        }
        return Files.readString(file).strip();
    }

    private static void resolve(Path file) throws IOException, InterruptedException {
        String maven = System.getenv().getOrDefault("MAVEN_CMD", "mvn");
        Path output = build().resolve("dynamodb-local.mvn.log");
        Files.createDirectories(build());
        ProcessBuilder builder = new ProcessBuilder(
                        maven,
                        "-B",
                        "-q",
                        "-f",
                        Path.of("src/test/dynamodb-local/pom.xml").toString(),
                        "dependency:build-classpath",
                        "-Dmdep.outputFile=" + file.toAbsolutePath())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
        String problem;
        try {
            int exit = builder.start().waitFor();
            problem = exit == 0 && Files.exists(file) ? "" : "exit " + exit;
        } catch (IOException e) {
            problem = "no program '" + maven + "'";
        }
        if (!problem.isEmpty()) {
            throw new IllegalStateException("DynamoDB Local: no class path, expected Maven to make " + file + ", got "
                    + problem + ". See " + output + "; set MAVEN_CMD to the mvn command.");
        }
    }

    private static Path build() {
        return Path.of(System.getProperty("heddle.build", "target"));
    }

    private static Path log() {
        return build().resolve("dynamodb-local.log");
    }

    private static final class Shared {
        static final DynamoDbLocal INSTANCE = start(null);
    }
}
