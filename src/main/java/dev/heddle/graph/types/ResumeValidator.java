package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.time.Instant;
import java.util.Optional;

/**
 * Looks at a thread before it goes on after a wait: is the user still allowed, is the resource still there, has the graph
 * changed? It is asked when a run begins with {@link Input#CONTINUE} or a {@link Command} on a thread that exists, before
 * anything else happens; not for new input, and not for subgraphs.
 */
@FunctionalInterface
public interface ResumeValidator {

    /** Looks. May block, and be called twice in a run; must not change anything. What it throws ends the run. */
    Verdict check(State state, Wait wait);

    /**
     * The wait that ends.
     *
     * @param since when the thread was last written
     * @param now when it goes on
     * @param graphVersion the graph that wrote it; empty when unknown
     * @param currentVersion the graph that goes on
     * @param answer what was answered to this validator's {@link Verdict.Ask}: by the interrupt's id, or without one when
     *     no other question is open; empty for nothing. It is not kept: the next run asks anew
     */
    record Wait(Instant since, Instant now, String graphVersion, String currentVersion, Optional<Tree> answer) {}

    /** What it finds. */
    sealed interface Verdict {
        /** Go on. */
        Verdict GO_ON = new GoOn();

        /** Go on. Use {@link #GO_ON}. */
        record GoOn() implements Verdict {}

        /**
         * Ask a person first: the run ends {@link RunResult.Interrupted} with this question, and nothing else happens.
         * What the run was given, an answer to a node among it, must be given again with the answer to this.
         */
        record Ask(Tree question) implements Verdict {}

        /** Do not go on: the run fails with {@link GraphException.ResumeRefused}. The reason is shown to the caller. */
        record Refuse(String reason) implements Verdict {}
    }
}
