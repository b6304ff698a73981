package dev.heddle.e2e;

import dev.heddle.local.DynamoDbLocal;
import dev.heddle.local.LocalTable;
import dev.heddle.local.gateway.LocalGateway;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A gateway with the packaged function behind it, and everything that the function wrote. */
final class Stack implements AutoCloseable {
    static final String TABLE = "heddle-e2e";

    private final LocalGateway gateway;
    private final List<String> lines;

    private Stack(LocalGateway gateway, List<String> lines) {
        this.gateway = gateway;
        this.lines = lines;
    }

    /** The variables of a function with this model, and the DynamoDB Local that all tests share. */
    static Map<String, String> environment(URI model, String modelName) {
        DynamoDbLocal dynamoDb = DynamoDbLocal.shared();
        LocalTable.createIfAbsent(dynamoDb, TABLE);
        return environment(model, modelName, dynamoDb.endpoint());
    }

    static Map<String, String> environment(URI model, String modelName, URI dynamoDb) {
        return new TreeMap<>(Map.of(
                "OLLAMA_BASE_URL",
                model.toString(),
                "OLLAMA_MODEL",
                modelName,
                "HEDDLE_TABLE",
                TABLE,
                "HEDDLE_WINDOW_TOKENS",
                "4096",
                "AWS_ENDPOINT_URL_DYNAMODB",
                dynamoDb.toString(),
                "AWS_ACCESS_KEY_ID",
                DynamoDbLocal.CREDENTIAL,
                "AWS_SECRET_ACCESS_KEY",
                DynamoDbLocal.CREDENTIAL));
    }

    static Stack start(Map<String, String> environment) throws IOException {
        return start(environment, options -> options);
    }

    static Stack start(Map<String, String> environment, UnaryOperator<LocalGateway.Options> more) throws IOException {
        List<String> lines = new CopyOnWriteArrayList<>();
        LocalGateway.Options options = LocalGateway.Options.of(function())
                .withEnvironment(environment)
                .withCapacity(1, 1)
                .withLines(line -> {
                    lines.add(line);
                    if (!line.startsWith("{")) {
                        System.err.println("function: " + line);
                    }
                });
        return new Stack(LocalGateway.start(more.apply(options)), lines);
    }

    LocalGateway gateway() {
        return gateway;
    }

    ChatClient client() {
        return new ChatClient(gateway.url());
    }

    /** What the function wrote to stdout and stderr so far. */
    List<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        gateway.close();
    }

    private static List<String> function() {
        String function = System.getProperty("heddle.function", "jvm");
        if (!function.equals("jvm")) {
            return List.of(Path.of(function).toAbsolutePath().toString());
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String jar = Path.of(System.getProperty("heddle.build", "target"), "heddle-runner.jar")
                .toString();
        // Many processes start here: a quick start matters more than peak speed.
        return List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar);
    }
}
