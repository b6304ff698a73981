package dev.heddle.graph.pregel;

import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.Interrupt;
import java.util.List;

/**
 * Unwinds a node that stops without having failed. An {@link Error}, so that a node's {@code catch (Exception)} does not
 * eat it; it never leaves this package.
 */
abstract sealed class Signal extends Error {
    private static final long serialVersionUID = 1L;

    private Signal() {
        super(null, null, false, false);
    }

    /** The task waits for answers; without interrupts its subgraph stopped before or after a node. */
    static final class Interrupted extends Signal {
        private static final long serialVersionUID = 1L;
        private final transient List<Interrupt> interrupts;

        Interrupted(List<Interrupt> interrupts) {
            this.interrupts = List.copyOf(interrupts);
        }

        List<Interrupt> interrupts() {
            return interrupts;
        }
    }

    /** The run stops for now, between two supersteps of a subgraph or before a call. */
    static final class Drained extends Signal {
        private static final long serialVersionUID = 1L;
    }

    /** A command for the graph that holds this one. */
    static final class ToParent extends Signal {
        private static final long serialVersionUID = 1L;
        private final transient Command command;

        ToParent(Command command) {
            this.command = command;
        }

        Command command() {
            return command;
        }
    }

    /** A subgraph has ended with a command for the graph that holds it: as if its node had returned it. */
    static final class FromSubgraph extends Signal {
        private static final long serialVersionUID = 1L;
        private final transient Command command;

        FromSubgraph(Command command) {
            this.command = new Command(Command.Graph.CURRENT, command.update(), command.destinations(), null);
        }

        Command command() {
            return command;
        }
    }
}
