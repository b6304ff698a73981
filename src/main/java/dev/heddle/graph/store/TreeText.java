package dev.heddle.graph.store;

import dev.heddle.tree.Tree;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A value as text for an embedding, the same for equal values: a text as it is, everything else as JSON with sorted
 * keys. It is never read back, so bytes, which say nothing to a model, stand as null.
 */
final class TreeText {
    private TreeText() {}

    /** The text; empty for null and bytes. */
    static Optional<String> of(Tree value) {
        return switch (value) {
            case Tree.Text(String text) -> Optional.of(text);
            case Tree.Null ignored -> Optional.empty();
            case Tree.Bytes ignored -> Optional.empty();
            default -> {
                StringBuilder out = new StringBuilder();
                write(value, out);
                yield Optional.of(out.toString());
            }
        };
    }

    private static void write(Tree value, StringBuilder out) {
        switch (value) {
            case Tree.Null ignored -> out.append("null");
            case Tree.Bytes ignored -> out.append("null");
            case Tree.Bool(boolean flag) -> out.append(flag);
            case Tree.Int(long number) -> out.append(number);
            case Tree.Dec(var number) -> out.append(number);
            case Tree.Text(String text) -> quote(text, out);
            case Tree.Items(List<Tree> items) -> {
                String separator = "";
                out.append('[');
                for (Tree item : items) {
                    write(item, out.append(separator));
                    separator = ", ";
                }
                out.append(']');
            }
            case Tree.Fields(Map<String, Tree> fields) -> {
                String separator = "";
                out.append('{');
                for (Map.Entry<String, Tree> field : new TreeMap<>(fields).entrySet()) {
                    quote(field.getKey(), out.append(separator));
                    write(field.getValue(), out.append(": "));
                    separator = ", ";
                }
                out.append('}');
            }
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c);
            }
        }
        out.append('"');
    }
}
