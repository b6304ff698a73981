package dev.heddle.dynamodb;

import dev.heddle.dynamodb.Places.Chain;
import dev.heddle.dynamodb.Places.Place;
import dev.heddle.dynamodb.Places.Reference;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * What kept checkpoints inherit from inside headers that go: gets items of its own, once for all that inherit it. Used by
 * one worker, for one namespace.
 */
final class Inherited {
    private final Values values;
    private final Line line;
    private final Map<String, Header> headers;
    private final Set<String> going;
    private final String attempt;
    private final Map<Place, Reference> moved = new HashMap<>();
    private final List<WriteRequest> items = new ArrayList<>();

    /** {@code headers} are all, {@code going} the ids of those that go; {@code attempt} is one that nobody else uses. */
    Inherited(Values values, Line line, Map<String, Header> headers, Set<String> going, String attempt) {
        this.values = values;
        this.line = line;
        this.headers = headers;
        this.going = going;
        this.attempt = attempt;
    }

    /** Where the same content stands when those that go are gone and {@link #items} are written. */
    Places places(Places old) {
        Map<String, Reference> whole = new HashMap<>();
        old.whole().forEach((channel, place) -> whole.put(channel, reference(channel, place)));
        Map<String, Chain> chains = new HashMap<>();
        old.chains().forEach((channel, chain) -> {
            Reference base = chain.base();
            chains.put(
                    channel,
                    base == null
                            ? chain
                            : new Chain(reference(channel, base), chain.first(), chain.last(), chain.attempt()));
        });
        return new Places(whole, chains, old.inline());
    }

    private Reference reference(String channel, Reference old) {
        if (old.parts() > 0 || !going.contains(old.writer())) {
            return old;
        }
        return moved.computeIfAbsent(new Place(channel, old), place -> {
            Header writer = headers.get(old.writer());
            Tree value = writer == null ? null : writer.places().inline().get(channel);
            if (value == null) {
                throw Values.missing("value", line.threadId());
            }
            int parts = values.addParts(line, Keys.channel(channel), old.writer(), attempt, Packed.pack(value), items);
            return new Reference(old.writer(), attempt, parts);
        });
    }

    /** What has to be written before anybody refers to it. */
    List<WriteRequest> items() {
        return items;
    }
}
