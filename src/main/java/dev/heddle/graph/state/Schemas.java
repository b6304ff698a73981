package dev.heddle.graph.state;

import dev.heddle.graph.types.Key;
import dev.heddle.tree.Tree;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Describes states: {@code {"type": "object", "properties": {key: schema}}}. */
final class Schemas {
    private Schemas() {}

    /** The schema of these keys, in the order of their declaration. */
    static Tree.Fields of(List<Key<?>> keys, Collection<String> names) {
        Map<String, Tree> properties = new LinkedHashMap<>();
        for (Key<?> key : keys) {
            if (names.contains(key.name())) {
                properties.put(key.name(), key.codec().schema());
            }
        }
        return Tree.fields("type", Tree.of("object"), "properties", new Tree.Fields(properties));
    }
}
