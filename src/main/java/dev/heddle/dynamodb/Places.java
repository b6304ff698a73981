package dev.heddle.dynamodb;

import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the content of a checkpoint stands. A channel is in one of the first two maps at most.
 *
 * @param whole channel -> where its value stands, for each that is stored whole and is not empty
 * @param chains channel -> where its batches stand, for each that is stored as what was written to it
 * @param inline channel -> value, of those that this checkpoint wrote and that are small
 */
record Places(Map<String, Reference> whole, Map<String, Chain> chains, Map<String, Tree> inline) {
    static final Places NONE = new Places(Map.of(), Map.of(), Map.of());

    Places {
        whole = Map.copyOf(whole);
        chains = Map.copyOf(chains);
        inline = Map.copyOf(inline);
    }

    /**
     * Where a value stands.
     *
     * @param writer the checkpoint that wrote it
     * @param attempt the attempt of that checkpoint, or of who moved it
     * @param parts how many items it fills; 0 when it is inline in the writer's header
     */
    record Reference(String writer, String attempt, int parts) {}

    /**
     * Where the batches of a channel stand: each names the one before it, from the last to the first, and all lie between
     * those two in the order of keys. So this is as short for a thousand batches as for one.
     *
     * @param base the whole value before the first batch; null for none
     * @param first the checkpoint that wrote the first batch
     * @param last the checkpoint that wrote the last one
     * @param attempt the attempt of that last checkpoint
     */
    record Chain(@Nullable Reference base, String first, String last, String attempt) {}

    /** A reference of a channel. */
    record Place(String channel, Reference reference) {}

    /** All references to whole values, those on which batches build included. */
    List<Place> references() {
        List<Place> references = new ArrayList<>();
        whole.forEach((channel, reference) -> references.add(new Place(channel, reference)));
        chains.forEach((channel, chain) -> {
            if (chain.base() != null) {
                references.add(new Place(channel, chain.base()));
            }
        });
        return references;
    }

    void addTo(Map<String, Tree> body) {
        Map<String, Tree> values = new LinkedHashMap<>();
        new TreeMap<>(whole).forEach((channel, place) -> values.put(channel, Tree.of(facts(place))));
        body.put("values", new Tree.Fields(values));
        if (!chains.isEmpty()) {
            Map<String, Tree> deltas = new LinkedHashMap<>();
            new TreeMap<>(chains).forEach((channel, chain) -> {
                List<Tree> facts = new ArrayList<>(
                        List.of(Tree.of(chain.first()), Tree.of(chain.last()), Tree.of(chain.attempt())));
                if (chain.base() != null) {
                    facts.addAll(facts(chain.base()));
                }
                deltas.put(channel, Tree.of(facts));
            });
            body.put("deltas", new Tree.Fields(deltas));
        }
        body.put("inline", new Tree.Fields(new TreeMap<>(inline)));
    }

    static Places of(Tree.Fields body) {
        Map<String, Reference> whole = new HashMap<>();
        Header.fields(body, "values")
                .forEach((channel, place) -> whole.put(channel, reference(Codecs.items(place, "Header"))));
        Map<String, Chain> chains = new HashMap<>();
        Header.optionalFields(body, "deltas").forEach((channel, place) -> {
            List<Tree> facts = Codecs.items(place, "Header");
            chains.put(
                    channel,
                    new Chain(
                            facts.size() > 3 ? reference(facts.subList(3, facts.size())) : null,
                            text(facts.get(0)),
                            text(facts.get(1)),
                            text(facts.get(2))));
        });
        return new Places(whole, chains, Header.fields(body, "inline"));
    }

    private static List<Tree> facts(Reference place) {
        return List.of(Tree.of(place.writer()), Tree.of(place.attempt()), Tree.of((long) place.parts()));
    }

    private static Reference reference(List<Tree> facts) {
        return new Reference(
                text(facts.get(0)), text(facts.get(1)), Math.toIntExact(Codecs.integer(facts.get(2), "Header")));
    }

    private static String text(Tree fact) {
        return Codecs.text(fact, "Header");
    }
}
