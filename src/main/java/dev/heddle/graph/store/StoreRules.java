package dev.heddle.graph.store;

import dev.heddle.graph.types.NamespaceQuery;
import dev.heddle.graph.types.Store;
import dev.heddle.graph.types.StoreException;
import java.util.Comparator;
import java.util.List;

/** What every {@link Store} checks of namespaces, how it sorts and which namespaces it lists. */
public final class StoreRules {
    /** First label of what LangGraph keeps for itself. */
    private static final String RESERVED = "langgraph";

    private StoreRules() {}

    /** By namespace, label by label, a shorter one first, then by key; texts by their Unicode code points. */
    public static final Comparator<Store.Item> ORDER = Comparator.<Store.Item, List<String>>comparing(
                    Store.Item::namespace, StoreRules::compareNamespaces)
            .thenComparing(Store.Item::key, StoreRules::compareTexts);

    /**
     * Checks a whole namespace: not empty, labels neither empty nor with dots, the first not {@code langgraph}.
     *
     * @throws StoreException.InvalidNamespace if it is not so
     */
    public static void requireNamespace(List<String> namespace) {
        if (namespace.isEmpty()) {
            throw new StoreException.InvalidNamespace(
                    "Store: namespace too short, expected at least 1 label, got 0. Begin with whose data it is.");
        }
        requireLabels(namespace);
        if (namespace.getFirst().equals(RESERVED)) {
            throw new StoreException.InvalidNamespace("Store: reserved namespace, expected a first label other than '"
                    + RESERVED + "', got it. Begin with whose data it is.");
        }
    }

    /**
     * Checks a part of a namespace, which may be empty.
     *
     * @throws StoreException.InvalidNamespace if a label is empty or has a dot
     */
    public static void requireLabels(List<String> labels) {
        for (int i = 0; i < labels.size(); i++) {
            String label = labels.get(i);
            if (label.isEmpty() || label.indexOf('.') >= 0) {
                throw new StoreException.InvalidNamespace("Store: bad namespace label " + (i + 1)
                        + ", expected a text without dots and not empty, got one "
                        + (label.isEmpty() ? "that is empty" : "with a dot")
                        + ". Replace the dots, for example by '_'.");
            }
        }
    }

    /** Whether {@code namespace} begins with the labels of {@code prefix}. */
    public static boolean isBelow(List<String> namespace, List<String> prefix) {
        return namespace.size() >= prefix.size()
                && namespace.subList(0, prefix.size()).equals(prefix);
    }

    /** The labels that every namespace of this listing begins with: its prefix up to the first wildcard. */
    public static List<String> knownPrefix(NamespaceQuery query) {
        int wildcard = query.prefix().indexOf(NamespaceQuery.ANY);
        return wildcard < 0 ? query.prefix() : query.prefix().subList(0, wildcard);
    }

    /** Whether a listing has this namespace, cut to its depth or not. */
    public static boolean lists(NamespaceQuery query, List<String> namespace) {
        int size = namespace.size();
        int suffix = query.suffix().size();
        return size >= query.prefix().size()
                && size >= suffix
                && matches(query.prefix(), namespace)
                && matches(query.suffix(), namespace.subList(size - suffix, size));
    }

    /** The namespace as a listing shows it. */
    public static List<String> cut(NamespaceQuery query, List<String> namespace) {
        return namespace.size() <= query.depth() ? namespace : List.copyOf(namespace.subList(0, query.depth()));
    }

    private static boolean matches(List<String> pattern, List<String> labels) {
        for (int i = 0; i < pattern.size(); i++) {
            if (!pattern.get(i).equals(NamespaceQuery.ANY) && !pattern.get(i).equals(labels.get(i))) {
                return false;
            }
        }
        return true;
    }

    static int compareNamespaces(List<String> left, List<String> right) {
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            int order = compareTexts(left.get(i), right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    /** By code points, without decoding: {@code char}s compare wrongly only where a surrogate meets U+E000 and above. */
    static int compareTexts(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean above = Character.isSurrogate(a) != Character.isSurrogate(b)
                        && a >= Character.MIN_SURROGATE
                        && b >= Character.MIN_SURROGATE;
                return above ? Character.compare(b, a) : Character.compare(a, b);
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
