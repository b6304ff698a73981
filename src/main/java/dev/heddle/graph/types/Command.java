package dev.heddle.graph.types;

import java.util.List;

/**
 * An update together with where to go next, in addition to the node's own edges.
 *
 * @param update what to write
 * @param destinations where to go; empty for nowhere else
 */
public record Command(Update update, List<Destination> destinations) implements NodeResult {
    public Command {
        destinations = List.copyOf(destinations);
    }

    /** Writes and goes to one node. */
    public static Command to(String node, Update update) {
        return new Command(update, List.of(Destination.to(node)));
    }
}
