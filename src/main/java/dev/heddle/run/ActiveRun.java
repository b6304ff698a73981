package dev.heddle.run;

import dev.heddle.graph.types.StreamEvent;
import dev.heddle.tree.Tree;
import java.util.Optional;

/** A run under way, for one reader. */
public interface ActiveRun extends AutoCloseable {

    /** The run. */
    String runId();

    /**
     * The next event; waits for it. Empty when the run has ended well.
     *
     * @throws RunException if the run has failed; it will say the same when asked again
     */
    Optional<StreamEvent> next();

    /**
     * The state at the end, key -> value in the form of the wire; reads all remaining events first.
     *
     * @throws RunException if the run has failed
     */
    Tree.Fields values();

    /** Ends the run if it is still going; does nothing after its end. */
    @Override
    void close();
}
