package dev.heddle.graph.store;

import dev.heddle.graph.types.Store;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What every {@link Store} checks and how every one of them sorts. */
public final class StoreRules {
    private StoreRules() {}

    /** By namespace, label by label, a shorter one first, then by key; texts by their Unicode code points. */
    public static final Comparator<Store.Item> ORDER = Comparator.<Store.Item, List<String>>comparing(
                    Store.Item::namespace, StoreRules::compareNamespaces)
            .thenComparing(Store.Item::key, StoreRules::compareTexts);

    /**
     * Checks a whole namespace: not empty, labels neither empty nor with dots.
     *
     * @throws IllegalArgumentException if it is not so
     */
    public static void requireNamespace(List<String> namespace) {
        if (namespace.isEmpty()) {
            throw new IllegalArgumentException(
                    "Store: namespace too short, expected at least 1 label, got 0. Begin with whose data it is.");
        }
        requireLabels(namespace);
    }

    /**
     * Checks a prefix of a namespace, which may be empty, and a limit.
     *
     * @throws IllegalArgumentException if a label is empty or has a dot, or if the limit is below 1
     */
    public static void requireSearch(List<String> prefix, int limit) {
        requireLabels(prefix);
        if (limit < 1) {
            throw new IllegalArgumentException(
                    "Store: bad search limit, expected at least 1, got " + limit + ". Ask for one item or more.");
        }
    }

    /** Whether {@code namespace} begins with the labels of {@code prefix}. */
    public static boolean isBelow(List<String> namespace, List<String> prefix) {
        return namespace.size() >= prefix.size()
                && namespace.subList(0, prefix.size()).equals(prefix);
    }

    private static void requireLabels(List<String> labels) {
        for (int i = 0; i < labels.size(); i++) {
            String label = labels.get(i);
            if (label.isEmpty() || label.indexOf('.') >= 0) {
                throw new IllegalArgumentException("Store: bad namespace label " + (i + 1)
                        + ", expected a text without dots and not empty, got one "
                        + (label.isEmpty() ? "that is empty" : "with a dot")
                        + ". Replace the dots, for example by '_'.");
            }
        }
    }

    private static int compareNamespaces(List<String> left, List<String> right) {
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            int order = compareTexts(left.get(i), right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    private static int compareTexts(String left, String right) {
        return Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }
}
