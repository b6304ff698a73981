package dev.heddle.tree;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map of a few fields, in their order: two arrays, a third of the memory of a {@link LinkedHashMap}. Messages
 * and the like have few fields and there are many of them.
 */
final class FieldMap extends AbstractMap<String, Tree> {
    /** Up to so many a search from the front is as fast as hashing. */
    private static final int FEW = 8;

    private final String[] names;
    private final Tree[] values;

    private FieldMap(String[] names, Tree[] values) {
        this.names = names;
        this.values = values;
    }

    /** An immutable map of the same entries in the same order; the map itself if it is such a one. */
    static Map<String, Tree> copyOf(Map<String, Tree> fields) {
        if (fields instanceof FieldMap) {
            return fields;
        }
        if (fields.size() > FEW) {
            return Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
        String[] names = new String[fields.size()];
        Tree[] values = new Tree[fields.size()];
        int place = 0;
        for (Map.Entry<String, Tree> field : fields.entrySet()) {
            names[place] = Objects.requireNonNull(field.getKey(), "a field has a name");
            values[place] = Objects.requireNonNull(field.getValue(), "a field has a value, possibly Tree.NULL");
            place++;
        }
        return new FieldMap(names, values);
    }

    /**
     * A map of these fields. The arrays are given away.
     *
     * @throws IllegalArgumentException if a name comes twice
     */
    static FieldMap ofDistinct(String[] names, Tree[] values) {
        for (int i = 0; i < names.length; i++) {
            Objects.requireNonNull(values[i], "a field has a value, possibly Tree.NULL");
            for (int j = 0; j < i; j++) {
                if (names[i].equals(names[j])) {
                    throw new IllegalArgumentException("Fields: a name comes twice, expected distinct names, got '"
                            + names[i] + "' again. Name one differently.");
                }
            }
        }
        return new FieldMap(names, values);
    }

    @Override
    public @Nullable Tree get(@Nullable Object name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return values[i];
            }
        }
        return null;
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return get(name) != null;
    }

    @Override
    public int size() {
        return names.length;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super Tree> action) {
        for (int i = 0; i < names.length; i++) {
            action.accept(names[i], values[i]);
        }
    }

    @Override
    public Set<Entry<String, Tree>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<String, Tree>> iterator() {
                return new Entries();
            }

            @Override
            public int size() {
                return names.length;
            }
        };
    }

    private final class Entries implements Iterator<Entry<String, Tree>> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < names.length;
        }

        @Override
        public Entry<String, Tree> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Entry<String, Tree> entry = Map.entry(names[next], values[next]);
            next++;
            return entry;
        }
    }
}
