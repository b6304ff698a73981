package dev.heddle.tree;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The growing row of slots that {@link SharedList}s share.
 *
 * <pre>
 *   values  v0 v1 v2 v3 v4 v5    read by typed lists
 *   trees   t0 t1 t2 t3          read by lists of trees; filled as far as somebody encoded
 *                   ^          a list of size 3 ends here, and so it sees no more
 *                            ^ the end: here the next element goes
 * </pre>
 *
 * <p>A slot never changes once it is filled, so a list is a row and a size. Whoever appends to a list that ends where the
 * row ends writes into the row; whoever comes second gets a row of its own. Changes happen under the row's lock. Reads
 * need none: slots are filled before the list is made that shows them (final fields), and a bigger array is complete
 * before it is put in place (volatile).
 *
 * @param <T> the type of the values; {@link Tree} itself where there is no codec
 */
final class Row<T> {
    private static final Object[] NONE = {};
    private static final int LEAST_ROOM = 8;

    private volatile Object[] values = NONE;
    private volatile Object[] trees = NONE;
    private int valueCount;
    private int treeCount;
    private @Nullable Codec<T> codec;
    private @Nullable Index<T> index;

    /** A row that begins with these values. */
    static <T> Row<T> ofValues(List<? extends T> values) {
        Row<T> row = new Row<>();
        row.values = slots(values);
        row.valueCount = values.size();
        return row;
    }

    /** A row that begins with these trees. */
    static <T> Row<T> ofTrees(List<Tree> trees) {
        Row<T> row = new Row<>();
        row.trees = slots(trees);
        row.treeCount = trees.size();
        return row;
    }

    private static Object[] slots(List<?> elements) {
        Object[] slots = elements.toArray();
        for (Object slot : slots) {
            Objects.requireNonNull(slot, "lists hold no null");
        }
        return slots;
    }

    @SuppressWarnings("unchecked") // a slot of values holds a T
    T value(int place) {
        return (T) values[place];
    }

    Tree tree(int place) {
        return (Tree) trees[place];
    }

    /**
     * The row in which {@code more} stands behind the first {@code size} values: this one where the slots are free or hold
     * just these elements already (a step that is computed twice does not cost a copy), else a new one.
     */
    synchronized Row<T> appendValues(int size, List<?> more) {
        int known = known(values, valueCount, size, more);
        if (known == more.size()) {
            return this;
        }
        if (size + known < end()) {
            return firstSlots(size, more.size()).appendValues(size, more);
        }
        values = filled(values, size, known, more);
        valueCount = size + more.size();
        return this;
    }

    /** Like {@link #appendValues}, for trees. */
    synchronized Row<T> appendTrees(int size, List<?> more) {
        int known = known(trees, treeCount, size, more);
        if (known == more.size()) {
            return this;
        }
        if (size + known < end()) {
            return firstSlots(size, more.size()).appendTrees(size, more);
        }
        trees = filled(trees, size, known, more);
        treeCount = size + more.size();
        return this;
    }

    private int end() {
        return Math.max(valueCount, treeCount);
    }

    private static int known(Object[] slots, int count, int size, List<?> more) {
        int known = 0;
        while (known < more.size() && size + known < count && slots[size + known] == more.get(known)) {
            known++;
        }
        return known;
    }

    private static Object[] filled(Object[] slots, int size, int known, List<?> more) {
        Object[] roomy = roomFor(slots, Math.addExact(size, more.size()));
        for (int i = known; i < more.size(); i++) {
            roomy[size + i] = more.get(i);
        }
        return roomy;
    }

    private Row<T> firstSlots(int size, int more) {
        Row<T> copy = new Row<>();
        int room = Math.addExact(size, more);
        copy.codec = codec;
        copy.valueCount = Math.min(valueCount, size);
        copy.treeCount = Math.min(treeCount, size);
        copy.values = copied(values, copy.valueCount, room);
        copy.trees = copied(trees, copy.treeCount, room);
        return copy;
    }

    private static Object[] copied(Object[] slots, int count, int room) {
        if (count == 0) {
            return NONE;
        }
        Object[] copy = new Object[room];
        System.arraycopy(slots, 0, copy, 0, count);
        return copy;
    }

    private static Object[] roomFor(Object[] slots, int needed) {
        return needed <= slots.length
                ? slots
                : Arrays.copyOf(slots, Math.max(LEAST_ROOM, Math.addExact(needed, needed >> 1)));
    }

    /**
     * Sees to it that the first {@code size} slots have trees.
     *
     * @return false if the row belongs to another codec
     */
    synchronized boolean encode(Codec<T> by, int size) {
        if (!belongsTo(by)) {
            return false;
        }
        if (treeCount < size) {
            trees = roomFor(trees, size);
            while (treeCount < size) {
                trees[treeCount] = by.encode(value(treeCount));
                treeCount++;
            }
        }
        return true;
    }

    /**
     * Sees to it that the first {@code size} slots have values.
     *
     * @return false if the row belongs to another codec
     * @throws CodecException if a tree has another shape than the codec wants
     */
    synchronized boolean decode(Codec<T> by, int size) {
        if (!belongsTo(by)) {
            return false;
        }
        if (valueCount < size) {
            values = roomFor(values, size);
            while (valueCount < size) {
                values[valueCount] = by.decode(tree(valueCount));
                valueCount++;
            }
        }
        return true;
    }

    private boolean belongsTo(Codec<T> by) {
        if (codec == null) {
            codec = by;
        }
        return codec == by;
    }

    /** The first of the first {@code size} values with this property; -1 for none. */
    synchronized int find(Function<? super T, ?> property, Object wanted, int size) {
        Index<T> known = index;
        if (known == null || known.property != property) {
            known = new Index<>(property);
            index = known;
        }
        return known.find(this, wanted, size);
    }

    /**
     * Property of a value -> the first slot with it; made once and extended with the row. Guarded by the row's lock. A
     * table of slots alone, because there is one for each conversation that is kept: 10 bytes for a message.
     */
    private static final class Index<T> {
        private static final int LEAST = 16;

        private final Function<? super T, ?> property;
        /** One more than the slot, 0 for free; by hash, then onwards from there. At most half of it is taken. */
        private int[] table = new int[LEAST];

        private int upTo;
        private int taken;

        Index(Function<? super T, ?> property) {
            this.property = property;
        }

        int find(Row<T> row, Object wanted, int size) {
            for (; upTo < size; upTo++) {
                add(row, upTo);
            }
            int place = table[placeOf(row, wanted)] - 1;
            return place < size ? place : -1;
        }

        private void add(Row<T> row, int slot) {
            int place = placeOf(row, property.apply(row.value(slot)));
            if (table[place] != 0) {
                return;
            }
            table[place] = slot + 1;
            taken++;
            if (taken > table.length / 2) {
                int[] old = table;
                table = new int[old.length * 2];
                for (int entry : old) {
                    if (entry != 0) {
                        table[placeOf(row, property.apply(row.value(entry - 1)))] = entry;
                    }
                }
            }
        }

        /** Where in the table this property is, or would be. */
        private int placeOf(Row<T> row, Object wanted) {
            int hash = wanted.hashCode();
            int place = (hash ^ hash >>> 16) & (table.length - 1);
            while (table[place] != 0
                    && !property.apply(row.value(table[place] - 1)).equals(wanted)) {
                place = (place + 1) & (table.length - 1);
            }
            return place;
        }
    }
}
