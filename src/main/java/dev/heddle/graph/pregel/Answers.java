package dev.heddle.graph.pregel;

import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The answers with which a run was resumed. One without an id goes to the task that waits, or, when none is
 * known to, to the first that asks in the superstep with which the root goes on, once; one with an id to the task with that
 * interrupt, once. They are stored with the checkpoint under a token, and a task that takes one stores
 * the token with it, so that a run that is broken off and taken up again gives none twice. Safe for concurrent use.
 */
final class Answers {
    private String token = "";
    private @Nullable Tree anonymous;
    private Map<String, Tree> byId = Map.of();
    private Consumer<PendingWrite> keeper = write -> {};
    /** Whose question it is that an answer without an id is for; empty where nobody is known to wait. */
    private Set<String> waiting = Set.of();

    /**
     * Takes an answer as a command gives it: a map whose names all are interrupt ids answers each of those.
     *
     * @param newKeeper stores with the checkpoint of the root what has become of the answer
     */
    synchronized void give(Tree answer, String newToken, Consumer<PendingWrite> newKeeper) {
        token = newToken;
        keeper = newKeeper;
        if (named(answer) && answer instanceof Tree.Fields(Map<String, Tree> answers)) {
            byId = answers;
        } else {
            anonymous = answer;
        }
    }

    /** An answer without an id is for one of these questions only; for whoever asks first when there are none. */
    synchronized void isFor(Set<String> interruptIds) {
        waiting = Set.copyOf(interruptIds);
    }

    /** Whether a map answers interrupts by their ids. */
    static boolean named(Tree answer) {
        return answer instanceof Tree.Fields(Map<String, Tree> answers)
                && answers.keySet().stream().allMatch(Answers::isId);
    }

    private static boolean isId(String name) {
        return name.length() == 32 && name.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /** The command under which the answers were given; empty for none. */
    synchronized String token() {
        return token;
    }

    /** A task took its answer before the run was broken off: nothing is left for another. */
    synchronized void taken(String byToken) {
        if (byToken.equals(token)) {
            anonymous = null;
        }
    }

    /**
     * The answer to a question; null when there is none.
     *
     * @param lastToken the command whose answer the task took last
     */
    synchronized @Nullable Tree take(String interruptId, String lastToken) {
        if (!lastToken.equals(token)) {
            Tree named = byId.get(interruptId);
            if (named != null) {
                return named;
            }
        }
        if (!waiting.isEmpty() && !waiting.contains(interruptId)) {
            return null;
        }
        Tree answer = anonymous;
        anonymous = null;
        return answer;
    }

    /**
     * A task of a subgraph has taken its answer and stored it there, where the root does not look when the run is taken up
     * again: the root stores that it is spent.
     */
    synchronized void takenInside() {
        if (byId.isEmpty() && anonymous == null) {
            keeper.accept(stored(Tree.fields("token", Tree.of(token))));
        }
    }

    /** The superstep with which the run was resumed has passed: an answer without an id that nobody asked for is lost. */
    synchronized void superstepPassed() {
        anonymous = null;
    }

    /** How a command is kept with the checkpoint that it answers. */
    static PendingWrite stored(Tree answer, String token) {
        return stored(Tree.fields("answer", answer, "token", Tree.of(token)));
    }

    private static PendingWrite stored(Tree.Fields answer) {
        return new PendingWrite(Reserved.NULL_TASK, PendingWrite.RESUME, Reserved.RESUME, answer);
    }

    /** Takes a command that was kept, unless its answer is spent. */
    void restore(PendingWrite stored, Consumer<PendingWrite> newKeeper) {
        Tree.Fields fields = Codecs.fields(stored.value(), "Stored command");
        Tree answer = fields.fields().get("answer");
        if (answer != null) {
            give(answer, Codecs.text(fields.get("token"), "Stored command"), newKeeper);
        }
    }
}
