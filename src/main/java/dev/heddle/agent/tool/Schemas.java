package dev.heddle.agent.tool;

import dev.heddle.tree.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON schemas of simple arguments. */
final class Schemas {
    private Schemas() {}

    /** An object of texts, name -> description. */
    static Tree.Fields texts(Map<String, String> descriptions, List<String> required) {
        Map<String, Tree> properties = new LinkedHashMap<>();
        descriptions.forEach((name, description) ->
                properties.put(name, Tree.fields("type", Tree.of("string"), "description", Tree.of(description))));
        return Tree.fields(
                "type",
                Tree.of("object"),
                "properties",
                new Tree.Fields(properties),
                "required",
                Tree.of(required.stream().map(Tree::of).toList()));
    }
}
