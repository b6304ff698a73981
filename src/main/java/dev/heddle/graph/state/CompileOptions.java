package dev.heddle.graph.state;

import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Persistence;
import dev.heddle.graph.types.ResumeValidator;
import dev.heddle.graph.types.RunConfig.Stops;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a compiled graph runs. Immutable; begin with {@link #DEFAULT}.
 *
 * @param version raised by hand when the meaning of the graph changes though its structure does not, from 0
 * @param persistence where the graph keeps its state when it is a subgraph
 * @param stops where its runs stop when they do not say otherwise
 * @param stepTimeout how long a superstep may take; null for no limit
 * @param validators who is asked before a thread goes on, by name
 */
public record CompileOptions(
        int version,
        Persistence persistence,
        Stops stops,
        @Nullable Duration stepTimeout,
        Map<String, ResumeValidator> validators) {
    /** Nothing special. */
    public static final CompileOptions DEFAULT = new CompileOptions(0, Persistence.INHERIT, Stops.NONE, null, Map.of());

    public CompileOptions {
        if (stepTimeout != null && !stepTimeout.isPositive()) {
            throw new GraphException.InvalidGraph(
                    "CompileOptions 'stepTimeout': bad duration, expected more than 0, got " + stepTimeout
                            + ". Leave it out for no limit.");
        }
        validators = Collections.unmodifiableMap(new LinkedHashMap<>(validators));
    }

    /** The same with this version. */
    public CompileOptions version(int version) {
        return new CompileOptions(version, persistence, stops, stepTimeout, validators);
    }

    /** The same, keeping its state as a subgraph there. */
    public CompileOptions persistence(Persistence persistence) {
        return new CompileOptions(version, persistence, stops, stepTimeout, validators);
    }

    /** The same, stopping before these nodes; {@code "*"} stands for all. */
    public CompileOptions interruptBefore(String... nodes) {
        return new CompileOptions(
                version, persistence, new Stops(Set.copyOf(List.of(nodes)), stops.after()), stepTimeout, validators);
    }

    /** The same, stopping after these nodes; {@code "*"} stands for all. */
    public CompileOptions interruptAfter(String... nodes) {
        return new CompileOptions(
                version, persistence, new Stops(stops.before(), Set.copyOf(List.of(nodes))), stepTimeout, validators);
    }

    /** The same with this time for each superstep. */
    public CompileOptions stepTimeout(Duration timeout) {
        return new CompileOptions(version, persistence, stops, timeout, validators);
    }

    /**
     * The same, asking one more before a thread goes on; not where the graph runs as a subgraph.
     *
     * @param name shown when it refuses; its question on a thread keeps the same id as long as it keeps its name
     */
    public CompileOptions validator(String name, ResumeValidator validator) {
        Map<String, ResumeValidator> all = new LinkedHashMap<>(validators);
        all.put(name, validator);
        return new CompileOptions(version, persistence, stops, stepTimeout, all);
    }
}
