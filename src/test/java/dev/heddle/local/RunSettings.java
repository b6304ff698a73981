package dev.heddle.local;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code make run} was asked to do, from environment variables.
 *
 * @param data where DynamoDB Local keeps its files
 * @param ollamaUrl where Ollama is asked for, without a slash at the end
 * @param function the command of the function's process
 */
record RunSettings(
        int port,
        boolean inMemory,
        Path data,
        String table,
        String ollamaUrl,
        String ollamaModel,
        List<String> function) {
    private static final Path JAR = Path.of("target", "heddle-runner.jar");

    /** @throws IllegalArgumentException with one line for the user */
    static RunSettings of(Map<String, String> env) {
        String port = set(env, "PORT", "8080");
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new IllegalArgumentException("PORT: bad value, expected 0 to 65535, got '" + port + "'.");
        }
        String store = set(env, "HEDDLE_STORE", "dynamodb");
        if (!store.equals("dynamodb") && !store.equals("memory")) {
            throw new IllegalArgumentException(
                    "HEDDLE_STORE: bad value, expected 'dynamodb' or 'memory', got '" + store + "'.");
        }
        return new RunSettings(
                Integer.parseInt(port),
                store.equals("memory"),
                Path.of(set(env, "HEDDLE_DATA", ".heddle")),
                table(set(env, "HEDDLE_TABLE", "heddle")),
                ollamaUrl(set(env, "OLLAMA_HOST", "localhost")),
                set(env, "OLLAMA_MODEL", "qwen3:8b"),
                command(set(env, "HEDDLE_FUNCTION", "jvm")));
    }

    /** The command for {@code jvm} or the path of a native executable. */
    static List<String> command(String function) {
        if (function.equals("jvm")) {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            return List.of(java, "--enable-native-access=ALL-UNNAMED", "-jar", JAR.toString());
        }
        return List.of(Path.of(function).toAbsolutePath().toString());
    }

    /** What is missing to start the function, in one line; empty when nothing is. */
    Optional<String> missing() {
        File file = new File(function.getLast());
        return file.isFile()
                ? Optional.empty()
                : Optional.of("HEDDLE_FUNCTION: no such file, expected the built function, got " + file
                        + ". Build it with `make build` or `make native`.");
    }

    /**
     * Ollama's own rules: the scheme and the port may be missing ({@code host}, {@code host:port}, {@code
     * http://host:port}), and an address to listen on everywhere means this machine.
     */
    static String ollamaUrl(String host) {
        int scheme = host.indexOf("://");
        String protocol = scheme < 0 ? "http" : host.substring(0, scheme);
        String rest = (scheme < 0 ? host : host.substring(scheme + 3)).replaceAll("/+$", "");
        String standardPort = scheme < 0 ? "11434" : protocol.equals("https") ? "443" : "80";
        if (!rest.matches(".*:\\d+") && !rest.contains("/")) {
            rest = rest + ":" + standardPort;
        }
        return protocol + "://" + rest.replaceFirst("^(0\\.0\\.0\\.0|\\[::])?:(?=\\d)", "localhost:");
    }

    /** DynamoDB's own rule. */
    private static String table(String name) {
        if (!name.matches("[A-Za-z0-9._-]{3,255}")) {
            throw new IllegalArgumentException(
                    "HEDDLE_TABLE: bad name, expected 3 to 255 letters, digits, '.', '_' or '-', got '" + name + "'.");
        }
        return name;
    }

    private static String set(Map<String, String> env, String name, String otherwise) {
        String value = env.getOrDefault(name, "").strip();
        return value.isEmpty() ? otherwise : value;
    }
}
