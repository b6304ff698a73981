package dev.heddle.graph.store;

import dev.heddle.graph.types.Filter;
import dev.heddle.tree.Tree;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Which values a {@link Filter} lets through. */
final class FilterRules {
    private FilterRules() {}

    static boolean passes(Filter filter, Tree value) {
        return switch (filter) {
            case Filter.Equal(Tree wanted) -> same(value, wanted);
            case Filter.NotEqual(Tree unwanted) -> !same(value, unwanted);
            case Filter.Ordered(Filter.Side side, Tree bound) -> isOnSide(side, value, bound);
            case Filter.All(List<Filter> filters) -> filters.stream().allMatch(each -> passes(each, value));
            case Filter.Fields(Map<String, Filter> wanted) ->
                value instanceof Tree.Fields(Map<String, Tree> fields)
                        && wanted.entrySet().stream().allMatch(field -> {
                            Tree there = fields.get(field.getKey());
                            return there != null && passes(field.getValue(), there);
                        });
            case Filter.Elements(List<Filter> wanted) ->
                value instanceof Tree.Items(List<Tree> items) && eachPasses(wanted, items);
        };
    }

    private static boolean eachPasses(List<Filter> filters, List<Tree> items) {
        if (filters.size() != items.size()) {
            return false;
        }
        Iterator<Tree> item = items.iterator();
        return filters.stream().allMatch(filter -> passes(filter, item.next()));
    }

    private static boolean isOnSide(Filter.Side side, Tree value, Tree bound) {
        int order;
        if (value instanceof Tree.Num number && bound instanceof Tree.Num limit) {
            order = compare(number, limit);
        } else if (value instanceof Tree.Text(String text) && bound instanceof Tree.Text(String limit)) {
            order = StoreRules.compareTexts(text, limit);
        } else {
            return false;
        }
        return switch (side) {
            case ABOVE -> order > 0;
            case AT_LEAST -> order >= 0;
            case BELOW -> order < 0;
            case AT_MOST -> order <= 0;
        };
    }

    /** Equality of trees, but for numbers: 1, 1.0 and 1.00 are the same to who searches. */
    private static boolean same(Tree left, Tree right) {
        return switch (left) {
            case Tree.Num number -> right instanceof Tree.Num other && compare(number, other) == 0;
            case Tree.Items(List<Tree> items) ->
                right instanceof Tree.Items(List<Tree> others) && sameItems(items, others);
            case Tree.Fields(Map<String, Tree> fields) ->
                right instanceof Tree.Fields(Map<String, Tree> others)
                        && fields.size() == others.size()
                        && fields.entrySet().stream().allMatch(field -> {
                            Tree other = others.get(field.getKey());
                            return other != null && same(field.getValue(), other);
                        });
            default -> left.equals(right);
        };
    }

    private static boolean sameItems(List<Tree> left, List<Tree> right) {
        if (left.size() != right.size()) {
            return false;
        }
        Iterator<Tree> other = right.iterator();
        return left.stream().allMatch(item -> same(item, other.next()));
    }

    private static int compare(Tree.Num left, Tree.Num right) {
        return left instanceof Tree.Int(long a) && right instanceof Tree.Int(long b)
                ? Long.compare(a, b)
                : left.decimal().compareTo(right.decimal());
    }
}
