package dev.heddle.llm.provider;

import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where an Ollama is, which of its models answers, and how long to wait for it.
 *
 * @param baseUrl scheme, host and port, for example {@code http://localhost:11434}; a path is kept
 * @param model as {@code ollama list} names it, for example {@code qwen3:8b}
 * @param connectTimeout most time for a connection; more than zero
 * @param firstTokenTimeout most time from asking to the first line of the answer, loading of the model included; more
 *     than zero
 * @param tokenTimeout most time between two lines of an answer; more than zero
 * @param proxy the way to the host, for this client alone; null for a direct one, whatever the JVM's proxy is
 */
public record OllamaSettings(
        URI baseUrl,
        String model,
        Duration connectTimeout,
        Duration firstTokenTimeout,
        Duration tokenTimeout,
        @Nullable ProxySelector proxy) {

    public OllamaSettings {
        String scheme = baseUrl.getScheme() == null ? "" : baseUrl.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || baseUrl.getHost() == null) {
            throw new IllegalArgumentException("Ollama base URL: no address, expected http://host:port, got '" + baseUrl
                    + "'. Set OLLAMA_BASE_URL.");
        }
        if (model.isBlank()) {
            throw new IllegalArgumentException(
                    "Ollama model: no name, expected one like qwen3:8b, got nothing. Name a model of 'ollama list'.");
        }
        requirePositive("connect timeout", connectTimeout);
        requirePositive("first token timeout", firstTokenTimeout);
        requirePositive("token timeout", tokenTimeout);
    }

    /** The host, with its port if it has one: what error messages name. */
    String host() {
        return baseUrl.getPort() < 0 ? baseUrl.getHost() : baseUrl.getHost() + ":" + baseUrl.getPort();
    }

    /** The address of a path below the base URL; {@code path} starts with a slash. */
    URI at(String path) {
        String base = baseUrl.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }

    private static void requirePositive(String what, Duration timeout) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException(
                    "Ollama " + what + ": too short, expected more than zero, got " + timeout + ". Set a longer one.");
        }
    }
}
