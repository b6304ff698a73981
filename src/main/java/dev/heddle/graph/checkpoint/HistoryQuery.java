package dev.heddle.graph.checkpoint;

import dev.heddle.graph.types.CheckpointMetadata;
import dev.heddle.tree.Tree;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which checkpoints of a thread's namespace are wanted.
 *
 * @param filter what their metadata must say: {@code source} (in small letters), {@code step}, {@code run_id}, or a name of
 *     {@link CheckpointMetadata#extra()}, each with the equal value; empty for all
 * @param before only those with a smaller id; null for all
 * @param limit at most so many, at least 1
 */
public record HistoryQuery(
        Map<String, Tree> filter, @Nullable String before, int limit) {
    public HistoryQuery {
        filter = Map.copyOf(filter);
        if (limit < 1) {
            throw new IllegalArgumentException(
                    "History: bad limit, expected at least 1, got " + limit + ". Ask for one checkpoint or more.");
        }
    }

    /** All of them, at most so many. */
    public static HistoryQuery newest(int limit) {
        return new HistoryQuery(Map.of(), null, limit);
    }

    /** Those older than a checkpoint, at most so many. */
    public static HistoryQuery before(@Nullable String before, int limit) {
        return new HistoryQuery(Map.of(), before, limit);
    }

    /** Whether a checkpoint with this metadata passes the filter. */
    public boolean matches(CheckpointMetadata metadata) {
        return filter.entrySet().stream().allMatch(entry -> entry.getValue().equals(fact(metadata, entry.getKey())));
    }

    private static @Nullable Tree fact(CheckpointMetadata metadata, String name) {
        return switch (name) {
            case "source" -> Tree.of(metadata.source().name().toLowerCase(Locale.ROOT));
            case "step" -> Tree.of(metadata.step());
            case "run_id" -> Tree.of(metadata.runId());
            default -> metadata.extra().fields().get(name);
        };
    }
}
