package dev.heddle.tree;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A neutral value: null, boolean, number, text, bytes, list or map, nested at will.
 *
 * <p>It is what a {@link Codec} writes and reads, what checkpoints hold, and what travels where two rooms share no Java
 * type. Every tree is immutable and safe to share between workers. Two trees are equal when their contents are; the
 * order of {@link Fields} is kept but does not count.
 *
 * <p>Numbers are exact. {@link #of(BigDecimal)} gives {@link Int} for whole numbers of scale 0 that fit a {@code long}
 * and {@link Dec} otherwise, so that one number has one form whichever way it came.
 */
public sealed interface Tree {

    /** The null value. */
    Null NULL = new Null();

    /** The map without entries. */
    Fields EMPTY = new Fields(Map.of());

    /** Null. Use {@link Tree#NULL}. */
    record Null() implements Tree {}

    /** True or false. */
    record Bool(boolean value) implements Tree {}

    /** A number; read it by {@link #decimal()} when both forms will do. */
    sealed interface Num extends Tree {
        /** This number, exactly. */
        BigDecimal decimal();
    }

    /** A whole number that fits a {@code long}. */
    record Int(long value) implements Num {
        @Override
        public BigDecimal decimal() {
            return BigDecimal.valueOf(value);
        }
    }

    /** Any other number. Equality counts the scale: 1.0 and 1.00 differ. */
    record Dec(BigDecimal decimal) implements Num {}

    /** Text, possibly empty. */
    record Text(String value) implements Tree {}

    /** Bytes; copied on the way in and out. */
    record Bytes(byte[] value) implements Tree {
        public Bytes {
            value = value.clone();
        }

        @Override
        public byte[] value() {
            return value.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes that && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "Bytes[" + HexFormat.of().formatHex(value) + "]";
        }
    }

    /** A list. One that grew from another shares its elements with it ({@link SharedList}). */
    record Items(List<Tree> items) implements Tree {
        public Items {
            items = items instanceof SharedList<Tree> ? items : List.copyOf(items);
        }

        /** This list with {@code more} behind it; costs what is added. */
        public Items append(List<? extends Tree> more) {
            return new Items(SharedList.ofTrees(items).append(more));
        }

        /**
         * Whether this list is known, without comparing elements, to begin with all of another: it grew from it. False
         * means that nothing is known.
         */
        public boolean beginsWith(Items other) {
            return other.items.isEmpty()
                    || (items instanceof SharedList<Tree> shared && shared.beginsWith(other.items));
        }
    }

    /** A map with text keys, in the order in which it was made. */
    record Fields(Map<String, Tree> fields) implements Tree {
        public Fields {
            fields = FieldMap.copyOf(fields);
        }

        /** The value under {@code name}, or {@link Tree#NULL} when there is none. */
        public Tree get(String name) {
            return fields.getOrDefault(name, NULL);
        }
    }

    /** The tree for a flag. */
    static Tree of(boolean value) {
        return new Bool(value);
    }

    /** The tree for a whole number. */
    static Tree of(long value) {
        return new Int(value);
    }

    /** The tree for an exact number: {@link Int} when it is whole, of scale 0 and fits a {@code long}. */
    static Tree of(BigDecimal value) {
        return value.scale() == 0 && value.unscaledValue().bitLength() < Long.SIZE
                ? new Int(value.longValueExact())
                : new Dec(value);
    }

    /** The tree for a text. */
    static Tree of(String value) {
        return new Text(value);
    }

    /** The tree for a list of trees. */
    static Items of(List<? extends Tree> items) {
        return new Items(
                items instanceof SharedList<? extends Tree> shared ? SharedList.copyOf(shared) : List.copyOf(items));
    }

    /** A map with one entry. */
    static Fields fields(String name, Tree value) {
        return new Fields(FieldMap.ofDistinct(new String[] {name}, new Tree[] {value}));
    }

    /**
     * A map with two entries, in this order.
     *
     * @throws IllegalArgumentException if a name comes twice
     */
    static Fields fields(String name1, Tree value1, String name2, Tree value2) {
        return distinct(new String[] {name1, name2}, new Tree[] {value1, value2});
    }

    /**
     * A map with three entries, in this order.
     *
     * @throws IllegalArgumentException if a name comes twice
     */
    static Fields fields(String name1, Tree value1, String name2, Tree value2, String name3, Tree value3) {
        return distinct(new String[] {name1, name2, name3}, new Tree[] {value1, value2, value3});
    }

    private static Fields distinct(String[] names, Tree[] values) {
        return new Fields(FieldMap.ofDistinct(names, values));
    }

    /**
     * What kind of value this is, in one word, for error messages: it never shows the value. (Static, because an
     * interface with default methods is initialised together with its records, and {@link #NULL} is one of them.)
     */
    static String kind(Tree tree) {
        return switch (tree) {
            case Null n -> "null";
            case Bool b -> "boolean";
            case Num n -> "number";
            case Text t -> "text";
            case Bytes b -> "bytes";
            case Items i -> "list";
            case Fields f -> "map";
        };
    }
}
