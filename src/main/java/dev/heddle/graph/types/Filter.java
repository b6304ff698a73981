package dev.heddle.graph.types;

import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a value must be like to be found.
 *
 * <pre>{@code
 * Filter.where("kind", Filter.equalTo("note"))        {"kind": "note"}
 * Filter.where("stars", Filter.atLeast(4))            {"stars": {"$gte": 4}}
 * }</pre>
 *
 * Numbers are compared as numbers (1 equals 1.0), texts by their Unicode code points. Nothing holds for a field that is
 * absent, not even "not equal".
 */
public sealed interface Filter {

    /** The same value: {@code $eq}, or a plain value in the tree form. */
    record Equal(Tree value) implements Filter {}

    /** There, but another value: {@code $ne}. */
    record NotEqual(Tree value) implements Filter {}

    /**
     * A number on this side of a number, or a text on this side of a text; a value of another kind is not found.
     *
     * @param bound a number or a text
     */
    record Ordered(Side side, Tree bound) implements Filter {
        public Ordered {
            if (!(bound instanceof Tree.Num) && !(bound instanceof Tree.Text)) {
                throw new StoreException.InvalidQuery("Filter '" + side.operator
                        + "': cannot be compared, expected a number or a text, got " + Tree.kind(bound)
                        + ". Use $eq or $ne for other kinds.");
            }
        }
    }

    /** A map that has at least these fields, each of which holds. No fields: any map. */
    record Fields(Map<String, Filter> fields) implements Filter {
        public Fields {
            fields = Map.copyOf(fields);
        }
    }

    /** A list of exactly so many elements, each of which holds. */
    record Elements(List<Filter> elements) implements Filter {
        public Elements {
            elements = List.copyOf(elements);
        }
    }

    /** All of these hold. */
    record All(List<Filter> filters) implements Filter {
        public All {
            filters = List.copyOf(filters);
        }
    }

    /** On which side of its bound a value must be. */
    enum Side {
        /** {@code $gt}. */
        ABOVE("$gt"),
        /** {@code $gte}. */
        AT_LEAST("$gte"),
        /** {@code $lt}. */
        BELOW("$lt"),
        /** {@code $lte}. */
        AT_MOST("$lte");

        private final String operator;

        Side(String operator) {
            this.operator = operator;
        }
    }

    /** Finds every map, and so every item. */
    static Filter any() {
        return new Fields(Map.of());
    }

    /** A map whose field {@code name} holds. */
    static Filter where(String name, Filter field) {
        return new Fields(Map.of(name, field));
    }

    /** This text. */
    static Filter equalTo(String text) {
        return new Equal(Tree.of(text));
    }

    /** This value. */
    static Filter equalTo(Tree value) {
        return new Equal(value);
    }

    /** Another value than this. */
    static Filter notEqualTo(Tree value) {
        return new NotEqual(value);
    }

    /** A number above this one. */
    static Filter above(long bound) {
        return new Ordered(Side.ABOVE, Tree.of(bound));
    }

    /** This number or one above. */
    static Filter atLeast(long bound) {
        return new Ordered(Side.AT_LEAST, Tree.of(bound));
    }

    /** A number below this one. */
    static Filter below(long bound) {
        return new Ordered(Side.BELOW, Tree.of(bound));
    }

    /** This number or one below. */
    static Filter atMost(long bound) {
        return new Ordered(Side.AT_MOST, Tree.of(bound));
    }

    /**
     * Reads the tree form, as it comes in a request.
     *
     * <pre>
     *   {"kind": "note",                              equal
     *    "stars": {"$gte": 3, "$lt": 5},              all of $eq $ne $gt $gte $lt $lte
     *    "author": {"name": "ann"},                   a map with at least this field
     *    "pair": ["a", {"$ne": "b"}]}                 a list of two elements
     * </pre>
     *
     * @throws StoreException.InvalidQuery for an unknown operator, operators outside a field or next to plain fields, and
     *     bounds that are neither number nor text
     */
    static Filter of(Tree.Fields tree) {
        if (hasOperator(tree)) {
            throw new StoreException.InvalidQuery(
                    "Filter: operator outside a field, expected names of fields, got '$'. "
                            + "Write {\"field\": {\"$gt\": 1}}.");
        }
        return element(tree);
    }

    private static Filter element(Tree tree) {
        return switch (tree) {
            case Tree.Fields fields when hasOperator(fields) -> operators(fields);
            case Tree.Fields(Map<String, Tree> fields) -> {
                Map<String, Filter> filters = new LinkedHashMap<>();
                fields.forEach((name, value) -> filters.put(name, element(value)));
                yield new Fields(filters);
            }
            case Tree.Items(List<Tree> items) ->
                new Elements(items.stream().map(Filter::element).toList());
            default -> new Equal(tree);
        };
    }

    private static Filter operators(Tree.Fields tree) {
        List<Filter> filters = new ArrayList<>();
        tree.fields().forEach((operator, value) -> filters.add(operator(operator, value)));
        return filters.size() == 1 ? filters.getFirst() : new All(filters);
    }

    private static Filter operator(String operator, Tree value) {
        return switch (operator) {
            case "$eq" -> new Equal(value);
            case "$ne" -> new NotEqual(value);
            case "$gt" -> new Ordered(Side.ABOVE, value);
            case "$gte" -> new Ordered(Side.AT_LEAST, value);
            case "$lt" -> new Ordered(Side.BELOW, value);
            case "$lte" -> new Ordered(Side.AT_MOST, value);
            default ->
                throw new StoreException.InvalidQuery(
                        "Filter: unknown operator, expected only $eq, $ne, $gt, $gte, $lt "
                                + "and $lte in a map that has one of them, got another name. Put fields into a map of their own.");
        };
    }

    private static boolean hasOperator(Tree.Fields tree) {
        return tree.fields().keySet().stream().anyMatch(name -> name.startsWith("$"));
    }
}
