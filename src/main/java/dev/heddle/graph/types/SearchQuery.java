package dev.heddle.graph.types;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to look for in a {@link Store}.
 *
 * <pre>{@code
 * store.search(SearchQuery.in("user", "1").where("kind", Filter.equalTo("note")).matching("where do I live?").limit(3));
 * }</pre>
 *
 * @param prefix labels that the namespace must begin with, whole ones: {@code [u,1]} does not find {@code [u,10]}; empty
 *     for all namespaces
 * @param filter what the value must be like
 * @param text ranks by likeness to this text, which needs an {@link Embedding}; null for the order of namespace and key
 * @param limit most items, at least 1
 * @param offset items to leave out first, at least 0
 * @param refresh whether the items that are returned live on as if written now; null as the store is set
 */
public record SearchQuery(
        List<String> prefix,
        Filter filter,
        @Nullable String text,
        int limit,
        int offset,
        @Nullable Boolean refresh) {
    /** LangGraph's default. */
    public static final int DEFAULT_LIMIT = 10;

    public SearchQuery {
        prefix = List.copyOf(prefix);
        if (limit < 1) {
            throw new StoreException.InvalidQuery(
                    "Store: bad search limit, expected at least 1, got " + limit + ". Ask for one item or more.");
        }
        if (offset < 0) {
            throw new StoreException.InvalidQuery(
                    "Store: bad search offset, expected at least 0, got " + offset + ". Begin at 0.");
        }
    }

    /** The first {@value #DEFAULT_LIMIT} items in and below this namespace. */
    public static SearchQuery in(String... prefix) {
        return in(List.of(prefix));
    }

    /** The first {@value #DEFAULT_LIMIT} items in and below this namespace. */
    public static SearchQuery in(List<String> prefix) {
        return new SearchQuery(prefix, Filter.any(), null, DEFAULT_LIMIT, 0, null);
    }

    /** The same, only items whose value also passes this filter. */
    public SearchQuery where(Filter more) {
        Filter both = filter.equals(Filter.any()) ? more : new Filter.All(List.of(filter, more));
        return new SearchQuery(prefix, both, text, limit, offset, refresh);
    }

    /** The same, only items whose field {@code name} also passes this filter. */
    public SearchQuery where(String name, Filter field) {
        return where(Filter.where(name, field));
    }

    /** The same, most alike to {@code text} first, items without vectors last. */
    public SearchQuery matching(String text) {
        return new SearchQuery(prefix, filter, text, limit, offset, refresh);
    }

    /** The same with at most so many items. */
    public SearchQuery limit(int limit) {
        return new SearchQuery(prefix, filter, text, limit, offset, refresh);
    }

    /** The same without the first so many items. */
    public SearchQuery offset(int offset) {
        return new SearchQuery(prefix, filter, text, limit, offset, refresh);
    }

    /** The same with or without a longer life for what it finds. */
    public SearchQuery refresh(boolean refresh) {
        return new SearchQuery(prefix, filter, text, limit, offset, refresh);
    }
}
