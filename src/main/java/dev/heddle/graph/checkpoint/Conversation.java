package dev.heddle.graph.checkpoint;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One thread in memory. It is its own lock: everything here and below is guarded by it. */
final class Conversation {
    private final Map<String, Line> lines = new HashMap<>();
    private boolean gone;

    /** Whether it was deleted, so that whoever waited for the lock has to look for its successor. */
    boolean isGone() {
        return gone;
    }

    void delete() {
        gone = true;
        lines.clear();
    }

    /** No checkpoint in any namespace. */
    boolean isEmpty() {
        return lines.values().stream().allMatch(Line::isEmpty);
    }

    @Nullable
    Line find(String namespace) {
        return lines.get(namespace);
    }

    Line line(String namespace) {
        Line line = lines.get(namespace);
        if (line == null) {
            line = new Line();
            lines.put(namespace, line);
        }
        return line;
    }

    Iterable<Line> all() {
        return lines.values();
    }

    /** A copy that shares nothing that can change. */
    Map<String, Line> copy() {
        Map<String, Line> copies = new HashMap<>();
        lines.forEach((namespace, line) -> copies.put(namespace, line.copy()));
        return copies;
    }

    void fill(Map<String, Line> copies) {
        lines.putAll(copies);
    }
}
