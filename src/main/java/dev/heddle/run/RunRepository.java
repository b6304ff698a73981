package dev.heddle.run;

import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.types.Store;
import dev.heddle.llm.types.Principal;

/** Port to whatever keeps threads and memory. Everything belongs to a principal; nobody sees another's. */
public interface RunRepository {

    /** A checkpointer for one run: it expects that nobody else takes the thread further meanwhile. */
    Checkpointer checkpointer(Principal owner);

    /** The long-term memory of a principal. */
    Store store(Principal owner);
}
