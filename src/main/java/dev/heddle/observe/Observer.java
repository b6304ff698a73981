package dev.heddle.observe;

import java.util.Map;

/** Takes notes of what happens: one JSON line each in production. Safe for concurrent use; never throws. */
@FunctionalInterface
public interface Observer {

    /** Listens to nothing. */
    Observer NONE = (event, facts) -> {};

    /**
     * Something happened.
     *
     * @param event what, in snake case, for example {@code request}
     * @param facts name -> text, number or flag; never a prompt, an answer, arguments or a secret
     */
    void note(String event, Map<String, ?> facts);
}
