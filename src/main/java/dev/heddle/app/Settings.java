package dev.heddle.app;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says, read once and checked; what Lambda itself sets is {@code lambda}'s to read. README lists
 * every variable.
 *
 * @param store where threads live
 * @param table name of the DynamoDB table
 * @param dynamoDbEndpoint where DynamoDB is, when it is not AWS' own
 * @param model the model that answers, and where
 * @param agent limits of the assistant
 */
record Settings(StoreKind store, String table, Optional<URI> dynamoDbEndpoint, Model model, Agent agent) {

    /** Where threads live. */
    enum StoreKind {
        /** In the table. */
        DYNAMODB,
        /** In this process, gone with it. */
        MEMORY
    }

    /**
     * The model.
     *
     * @param windowTokens {@code num_ctx} of every call
     */
    record Model(
            URI baseUrl,
            String name,
            int windowTokens,
            Duration connect,
            Duration firstToken,
            Duration betweenTokens) {}

    /**
     * The assistant's limits.
     *
     * @param toolCalls most tool calls of one turn; 0 for none
     * @param toolTimeout how long one tool call may take
     * @param tasks most tasks of one run at once
     */
    record Agent(int toolCalls, Duration toolTimeout, int tasks) {}

    /**
     * The settings in an environment.
     *
     * @throws IllegalArgumentException with one line that names the variable, if one cannot be used
     */
    static Settings from(Map<String, String> environment) {
        Reader read = new Reader(environment);
        return new Settings(
                read.store("HEDDLE_STORE"),
                read.text("HEDDLE_TABLE", "heddle"),
                read.optional("AWS_ENDPOINT_URL_DYNAMODB").map(value -> read.uri("AWS_ENDPOINT_URL_DYNAMODB", value)),
                new Model(
                        read.uri("OLLAMA_BASE_URL", read.text("OLLAMA_BASE_URL", "http://localhost:11434")),
                        read.text("OLLAMA_MODEL", "qwen3:8b"),
                        read.number("HEDDLE_WINDOW_TOKENS", 16_384, 512, 2_000_000),
                        read.seconds("HEDDLE_MODEL_CONNECT_SECONDS", 5),
                        read.seconds("HEDDLE_MODEL_FIRST_TOKEN_SECONDS", 120),
                        read.seconds("HEDDLE_MODEL_TOKEN_SECONDS", 30)),
                new Agent(
                        read.number("HEDDLE_TOOL_CALLS", 10, 0, 30),
                        read.seconds("HEDDLE_TOOL_SECONDS", 30),
                        read.number("HEDDLE_TASKS", 8, 1, 1_000)));
    }

    /** Reads one variable at a time. */
    private record Reader(Map<String, String> environment) {

        Optional<String> optional(String name) {
            return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
        }

        String text(String name, String otherwise) {
            return optional(name).orElse(otherwise);
        }

        int number(String name, int otherwise, int least, int most) {
            String text = text(name, Integer.toString(otherwise));
            try {
                int value = Integer.parseInt(text);
                if (value >= least && value <= most) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // told below, in the same words as a number out of range
            }
            throw bad(
                    name,
                    "a whole number from " + least + " to " + most,
                    "'" + text + "'",
                    "Correct it or leave it out.");
        }

        Duration seconds(String name, int otherwise) {
            return Duration.ofSeconds(number(name, otherwise, 1, 900));
        }

        URI uri(String name, String text) {
            try {
                URI uri = URI.create(text);
                boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
                // What is secret does not belong into an address that messages may name.
                if (http && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null) {
                    return uri;
                }
            } catch (IllegalArgumentException e) {
                // told below
            }
            throw bad(
                    name,
                    "an http or https URL without user and query",
                    "something else",
                    "Correct it or leave it out.");
        }

        StoreKind store(String name) {
            return switch (text(name, "dynamodb").toLowerCase(Locale.ROOT)) {
                case "dynamodb" -> StoreKind.DYNAMODB;
                case "memory" -> StoreKind.MEMORY;
                case String other -> throw bad(name, "dynamodb or memory", "'" + other + "'", "Choose one of them.");
            };
        }

        private static IllegalArgumentException bad(String name, String expected, String got, String next) {
            return new IllegalArgumentException(
                    "Environment '" + name + "': cannot be used, expected " + expected + ", got " + got + ". " + next);
        }
    }
}
