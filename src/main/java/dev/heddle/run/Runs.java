package dev.heddle.run;

/** Starts runs. Safe for concurrent use. */
@FunctionalInterface
public interface Runs {

    /**
     * Starts a run on a thread, which is made if there is none.
     *
     * @return the running run; the caller reads it to its end or closes it
     * @throws RunException if it cannot start: {@code thread_busy}, {@code graph_not_found}, {@code bad_input},
     *     {@code storage_unavailable} …
     */
    ActiveRun start(RunRequest request);
}
