package dev.heddle.graph.state;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The graphs that a process can run, by name. Immutable. */
public final class GraphCatalogue {
    private final Map<String, CompiledGraph> graphs = new LinkedHashMap<>();

    /** A catalogue of these; a later one hides an earlier one of the same name. */
    public GraphCatalogue(Collection<CompiledGraph> graphs) {
        graphs.forEach(graph -> this.graphs.put(graph.name(), graph));
    }

    /** The graph of this name. */
    public Optional<CompiledGraph> find(String name) {
        return Optional.ofNullable(graphs.get(name));
    }

    /** All names, in the order of the catalogue. */
    public List<String> names() {
        return List.copyOf(graphs.keySet());
    }
}
