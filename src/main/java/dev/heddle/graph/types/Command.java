package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An update together with where to go next. Returned by a node it adds to the node's own edges; given to a run it steers
 * a thread that exists, and {@code resume} answers its interrupts.
 *
 * @param graph the graph that it is for
 * @param update what to write
 * @param destinations where to go; empty for nowhere else
 * @param resume the answer to an interrupt, or a map from interrupt ids to answers; null for none. Only as input of a run
 */
public record Command(
        Graph graph,
        Update update,
        List<Destination> destinations,
        @Nullable Tree resume) implements NodeResult, Input {
    public Command {
        destinations = List.copyOf(destinations);
    }

    /** Which graph a command is for. */
    public enum Graph {
        /** The one whose node returned it. */
        CURRENT,
        /** The one that holds it as a subgraph; what is left to do in the subgraph is given up. */
        PARENT
    }

    /** Writes and goes nowhere else. */
    public static Command of(Update update) {
        return new Command(Graph.CURRENT, update, List.of(), null);
    }

    /** Goes to these nodes. */
    public static Command to(Destination... destinations) {
        return new Command(Graph.CURRENT, Update.NONE, List.of(destinations), null);
    }

    /** Goes to one node. */
    public static Command to(String node) {
        return to(Destination.to(node));
    }

    /** Writes and goes to one node. */
    public static Command to(String node, Update update) {
        return new Command(Graph.CURRENT, update, List.of(Destination.to(node)), null);
    }

    /**
     * Answers the interrupt for which the thread waits. A map whose names all are interrupt ids answers each of those.
     */
    public static Command resume(Tree answer) {
        return new Command(Graph.CURRENT, Update.NONE, List.of(), answer);
    }

    /** Answers interrupts by their ids; those that are not named stay open. */
    public static Command resume(Map<String, Tree> answers) {
        return resume(new Tree.Fields(new LinkedHashMap<>(answers)));
    }

    /** The same with this update. */
    public Command with(Update update) {
        return new Command(graph, update, destinations, resume);
    }

    /** The same with these destinations. */
    public Command going(Destination... destinations) {
        return new Command(graph, update, List.of(destinations), resume);
    }

    /** The same for the graph that holds this one. */
    public Command inParent() {
        return new Command(Graph.PARENT, update, destinations, resume);
    }
}
