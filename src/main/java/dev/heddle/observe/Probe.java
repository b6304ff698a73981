package dev.heddle.observe;

import java.util.Optional;

/** Asks whether something that we depend on can be reached. Safe for concurrent use; bounded to a few seconds. */
public interface Probe {

    /** What is asked, in one word: {@code table}, {@code model}. */
    String name();

    /** What is wrong and what to do about it, in one line; empty when nothing is. */
    Optional<String> problem();
}
