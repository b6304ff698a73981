package dev.heddle.graph.state;

import dev.heddle.graph.pregel.PregelGraph;
import dev.heddle.graph.state.GraphDrawing.DrawnEdge;
import dev.heddle.graph.state.GraphDrawing.DrawnNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a drawing down in the language of Mermaid. */
final class Mermaid {
    private final GraphDrawing drawing;
    private final StringBuilder text = new StringBuilder("graph TD;\n");

    /** What lies in one graph: nodes of its own, and the graphs in it by their ids. */
    private record Box(List<DrawnNode> nodes, Map<String, Box> boxes) {
        Box() {
            this(new ArrayList<>(), new LinkedHashMap<>());
        }
    }

    Mermaid(GraphDrawing drawing) {
        this.drawing = drawing;
    }

    String text() {
        Box root = new Box();
        for (DrawnNode node : drawing.nodes()) {
            Box box = root;
            for (int end = node.id().indexOf(':'); end >= 0; end = node.id().indexOf(':', end + 1)) {
                box = box.boxes().computeIfAbsent(node.id().substring(0, end), id -> new Box());
            }
            box.nodes().add(node);
        }
        box(root);
        drawing.edges().forEach(this::edge);
        return text.toString();
    }

    private void box(Box box) {
        box.nodes().forEach(this::node);
        box.boxes().forEach((id, inner) -> {
            text.append("\tsubgraph ")
                    .append(safe(id))
                    .append("[\"")
                    .append(quoted(id.substring(id.lastIndexOf(':') + 1)))
                    .append("\"]\n");
            box(inner);
            text.append("\tend\n");
        });
    }

    private void node(DrawnNode node) {
        boolean edgeOfGraph =
                node.name().equals(PregelGraph.START) || node.name().equals(PregelGraph.END);
        text.append('\t')
                .append(safe(node.id()))
                .append(edgeOfGraph ? "([\"" : "[\"")
                .append(quoted(node.name()))
                .append(edgeOfGraph ? "\"]);\n" : "\"];\n");
    }

    private void edge(DrawnEdge edge) {
        String label = edge.label();
        text.append('\t').append(safe(edge.source()));
        if (!edge.conditional()) {
            text.append(" --> ");
        } else if (label == null) {
            text.append(" -.-> ");
        } else {
            text.append(" -. \"").append(quoted(label)).append("\" .-> ");
        }
        text.append(safe(edge.target())).append(";\n");
    }

    /** An id that Mermaid reads as one word: whatever is no letter, digit or underscore becomes its code in hex. */
    private static String safe(String id) {
        StringBuilder safe = new StringBuilder();
        boolean keyword = id.toLowerCase(Locale.ROOT).equals("end");
        id.codePoints().forEach(c -> {
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
            if (plain && !(keyword && safe.isEmpty())) {
                safe.appendCodePoint(c);
            } else {
                safe.append('\\').append(Integer.toHexString(c));
            }
        });
        return safe.toString();
    }

    private static String quoted(String words) {
        return words.replace("#", "#35;")
                .replace("\"", "#quot;")
                .replace("<", "#lt;")
                .replace("\n", " ");
    }
}
