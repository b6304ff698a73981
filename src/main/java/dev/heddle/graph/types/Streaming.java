package dev.heddle.graph.types;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events of a run are wanted.
 *
 * @param modes these
 * @param subgraphs whether also those of subgraphs, with their namespaces
 * @param keys what the modes VALUES and UPDATES show of the state; null for everything
 */
public record Streaming(
        Set<StreamMode> modes, boolean subgraphs, @Nullable List<String> keys) {
    /** No events: only the result. */
    public static final Streaming NONE = new Streaming(Set.of(), false, null);

    public Streaming {
        modes = Set.copyOf(modes);
    }

    /** These modes, of the graph itself. */
    public static Streaming of(StreamMode... modes) {
        return new Streaming(Set.of(modes), false, null);
    }

    /** The same with the events of subgraphs. */
    public Streaming withSubgraphs() {
        return new Streaming(modes, true, keys);
    }

    /** The same showing these keys only. */
    public Streaming keys(String... names) {
        return new Streaming(modes, subgraphs, List.of(names));
    }
}
