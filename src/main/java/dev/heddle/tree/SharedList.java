package dev.heddle.tree;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An immutable list that shares its elements with the lists it grew from: a conversation of 400 messages to which one is
 * added costs one message, in time and in memory, and so does keeping every version of it.
 *
 * <pre>{@code
 * SharedList<String> two = SharedList.copyOf(List.of("a", "b"));
 * SharedList<String> three = two.append(List.of("c"));   // writes "c" behind "b"; two stays [a, b]
 * SharedList<String> other = two.append(List.of("x"));   // that place is taken: copied, [a, b, x]
 * three.beginsWith(two);                                 // true, without comparing
 * }</pre>
 *
 * <p>Appending {@code k} elements costs O(k), amortised, to the longest list of its row (and again for the same elements,
 * by identity); to a shorter one with other elements it costs a copy of that list's references. {@link Codecs#list}
 * knows these lists: the list of trees and the typed list made from each other share their row, so encoding or decoding a
 * list that grew does so for what was added, and every other time costs nothing.
 *
 * <p>A list keeps its row alive, with all that was appended to it. Holds no nulls. Safe for concurrent use, appends to
 * one list included: none sees another's elements. Like the tail-sharing lists of VList and the slices of Go, except that
 * nothing can be overwritten.
 *
 * @param <E> the type of the elements, themselves immutable
 */
public final class SharedList<E> extends AbstractList<E> implements RandomAccess {
    private final Row<?> row;
    private final boolean trees;
    private final int size;

    private SharedList(Row<?> row, boolean trees, int size) {
        this.row = row;
        this.trees = trees;
        this.size = size;
    }

    /**
     * These elements; the list itself where it is a shared one.
     *
     * @throws NullPointerException if one of them is null
     */
    @SuppressWarnings("unchecked") // immutable, so a list of a subtype is a list of the type
    public static <E> SharedList<E> copyOf(List<? extends E> elements) {
        return elements instanceof SharedList<? extends E> shared
                ? (SharedList<E>) shared
                : new SharedList<>(Row.<E>ofValues(elements), false, elements.size());
    }

    /** A reducer: the left list and behind it the right one. Costs as much as the right one, see {@link #append}. */
    public static <E> List<E> joined(List<E> left, List<E> right) {
        return right.isEmpty() ? left : copyOf(left).append(right);
    }

    /**
     * This list with {@code more} behind it.
     *
     * @throws NullPointerException if one of them is null
     */
    public SharedList<E> append(List<? extends E> more) {
        if (more.isEmpty()) {
            return this;
        }
        // Fixed first: nobody may change it, nor can a list of this row be read, while the row is locked for writing.
        List<E> fixed = List.copyOf(more);
        Row<?> grown = trees ? row.appendTrees(size, fixed) : row.appendValues(size, fixed);
        return new SharedList<>(grown, trees, size + fixed.size());
    }

    /**
     * Whether this list is known, without comparing elements, to begin with all elements of another: it grew from it.
     * False means that nothing is known.
     */
    public boolean beginsWith(List<?> other) {
        return other.isEmpty()
                || (other instanceof SharedList<?> that && that.row == row && that.trees == trees && that.size <= size);
    }

    /**
     * The place of the first element with a property, for example the message with an id; -1 for none. The properties of
     * all elements are kept with the row, for the last function used: pass the same object each time.
     */
    @SuppressWarnings("unchecked") // a typed list's row holds its elements
    public int find(Function<? super E, ?> property, Object wanted) {
        if (!trees) {
            return ((Row<E>) row).find(property, wanted, size);
        }
        for (int i = 0; i < size; i++) {
            if (wanted.equals(property.apply(get(i)))) {
                return i;
            }
        }
        return -1;
    }

    @Override
    @SuppressWarnings("unchecked") // E is Tree where trees are shown, else the type of the row
    public E get(int index) {
        Objects.checkIndex(index, size);
        return (E) (trees ? row.tree(index) : row.value(index));
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return (other instanceof SharedList<?> that && that.row == row && that.trees == trees && that.size == size)
                || super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    /** These trees; the list itself where it is a shared one of trees. */
    static SharedList<Tree> ofTrees(List<Tree> trees) {
        return trees instanceof SharedList<Tree> shared && shared.trees
                ? shared
                : new SharedList<>(Row.<Tree>ofTrees(trees), true, trees.size());
    }

    /** The trees of a list; shared with it if it is a shared one of this codec. */
    static <T> List<Tree> encoded(List<T> list, Codec<T> codec) {
        if (list instanceof SharedList<T> shared && !shared.trees) {
            @SuppressWarnings("unchecked") // a typed list's row holds its elements
            Row<T> row = (Row<T>) shared.row;
            if (row.encode(codec, shared.size)) {
                return new SharedList<>(row, true, shared.size);
            }
        }
        return list.stream().map(codec::encode).toList();
    }

    /**
     * The values of a list of trees; shared with it if it is a shared one of this codec.
     *
     * @throws CodecException if a tree has another shape than the codec wants
     */
    static <T> List<T> decoded(List<Tree> list, Codec<T> codec) {
        if (list instanceof SharedList<Tree> shared && shared.trees) {
            @SuppressWarnings("unchecked") // checked by the codec: a row has one, and it is this one
            Row<T> row = (Row<T>) shared.row;
            if (row.decode(codec, shared.size)) {
                return new SharedList<>(row, false, shared.size);
            }
        }
        Row<T> row = Row.ofTrees(list);
        row.decode(codec, list.size());
        return new SharedList<>(row, false, list.size());
    }
}
