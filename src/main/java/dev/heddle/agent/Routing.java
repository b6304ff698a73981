package dev.heddle.agent;

import dev.heddle.llm.types.Tier;
import java.util.List;
import java.util.Locale;

/** From a router's word to a tier. Pure. */
final class Routing {
    /** Stands last in what the router is asked, where small models look. */
    static final String QUESTION = "One word: SIMPLE, MODERATE or COMPLEX?";

    /** Room for one word and some noise. */
    static final int MOST_TOKENS = 8;

    /** What counts when the word is none of the tiers. */
    private static final String DEFAULT = "MODERATE";

    private Routing() {}

    /**
     * The tier of this name, in whatever case and with whatever punctuation around; MODERATE for anything else, and the
     * first one where no tier is called so.
     */
    static Tier choose(String word, List<Tier> tiers) {
        String name = word.strip().replaceAll("^\\W+|\\W+$", "").toUpperCase(Locale.ROOT);
        return find(name, tiers, find(DEFAULT, tiers, tiers.getFirst()));
    }

    private static Tier find(String name, List<Tier> tiers, Tier otherwise) {
        return tiers.stream()
                .filter(tier -> tier.name().equals(name))
                .findFirst()
                .orElse(otherwise);
    }
}
