package dev.heddle.graph.types;

import java.util.List;

/**
 * Which namespaces of a {@link Store} to list.
 *
 * <pre>{@code
 * store.listNamespaces(NamespaceQuery.in("users", "*").endingIn("notes"));
 * }</pre>
 *
 * @param prefix labels that a namespace must begin with; {@code *} stands for any one label
 * @param suffix labels that it must end in; {@code *} likewise. Prefix and suffix may overlap
 * @param depth most labels, at least 1: longer namespaces are cut and listed once; {@link Integer#MAX_VALUE} for all
 * @param limit most namespaces, at least 1
 * @param offset namespaces to leave out first, at least 0
 */
public record NamespaceQuery(List<String> prefix, List<String> suffix, int depth, int limit, int offset) {
    /** LangGraph's default. */
    public static final int DEFAULT_LIMIT = 100;

    /** In a prefix or suffix: any one label. */
    public static final String ANY = "*";

    public NamespaceQuery {
        prefix = List.copyOf(prefix);
        suffix = List.copyOf(suffix);
        require("depth", 1, depth);
        require("limit", 1, limit);
        require("offset", 0, offset);
    }

    /** The first {@value #DEFAULT_LIMIT} namespaces that begin with these labels; with none: of all. */
    public static NamespaceQuery in(String... prefix) {
        return new NamespaceQuery(List.of(prefix), List.of(), Integer.MAX_VALUE, DEFAULT_LIMIT, 0);
    }

    /** The same, only namespaces that end in these labels. */
    public NamespaceQuery endingIn(String... suffix) {
        return new NamespaceQuery(prefix, List.of(suffix), depth, limit, offset);
    }

    /** The same with at most so many labels each. */
    public NamespaceQuery depth(int depth) {
        return new NamespaceQuery(prefix, suffix, depth, limit, offset);
    }

    /** The same with at most so many namespaces. */
    public NamespaceQuery limit(int limit) {
        return new NamespaceQuery(prefix, suffix, depth, limit, offset);
    }

    /** The same without the first so many. */
    public NamespaceQuery offset(int offset) {
        return new NamespaceQuery(prefix, suffix, depth, limit, offset);
    }

    private static void require(String name, int least, int value) {
        if (value < least) {
            throw new StoreException.InvalidQuery("Store: bad " + name + " of a listing, expected at least " + least
                    + ", got " + value + ". Leave it at its default.");
        }
    }
}
