package dev.heddle.tree;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The codecs of everyday types, and the parts to build a codec for a record. */
public final class Codecs {
    private Codecs() {}

    /** A {@code boolean}. */
    public static final Codec<Boolean> BOOL = new PlainCodec<>(PlainCodec.Type.BOOLEAN);

    /** An {@code int}. */
    public static final Codec<Integer> INT = new PlainCodec<>(PlainCodec.Type.INT);

    /** A {@code long}. */
    public static final Codec<Long> LONG = new PlainCodec<>(PlainCodec.Type.LONG);

    /** An exact decimal number of any size. */
    public static final Codec<BigDecimal> DECIMAL = new PlainCodec<>(PlainCodec.Type.DECIMAL);

    /** A text. */
    public static final Codec<String> TEXT = new PlainCodec<>(PlainCodec.Type.TEXT);

    /** Any tree, as it is. */
    public static final Codec<Tree> TREE = new PlainCodec<>(PlainCodec.Type.TREE);

    /**
     * A list of what {@code element} knows. Its lists are {@link SharedList}s: one that grew from another costs what was
     * added, also to encode and decode again. For that, {@code element} must be the same object each time.
     */
    public static <T> Codec<List<T>> list(Codec<T> element) {
        return codec(
                Tree.fields("type", Tree.of("array"), "items", element.schema()),
                values -> new Tree.Items(SharedList.encoded(values, element)),
                tree -> SharedList.decoded(items(tree, "List"), element));
    }

    /** A map from text to what {@code value} knows; the order is kept. */
    public static <T> Codec<Map<String, T>> map(Codec<T> value) {
        return codec(
                Tree.fields("type", Tree.of("object"), "additionalProperties", value.schema()),
                map -> {
                    Map<String, Tree> fields = new LinkedHashMap<>();
                    map.forEach((name, element) -> fields.put(name, value.encode(element)));
                    return new Tree.Fields(fields);
                },
                tree -> {
                    Map<String, T> map = new LinkedHashMap<>();
                    fields(tree, "Map").fields().forEach((name, element) -> map.put(name, value.decode(element)));
                    return Collections.unmodifiableMap(map);
                });
    }

    /** A value that may be absent: {@link Tree#NULL} stands for the empty optional. */
    public static <T> Codec<Optional<T>> optional(Codec<T> value) {
        return codec(
                value.schema(),
                optional -> optional.map(value::encode).orElse(Tree.NULL),
                tree -> tree instanceof Tree.Null ? Optional.empty() : Optional.of(value.decode(tree)));
    }

    /** A codec made of its three parts. */
    public static <T> Codec<T> codec(Tree.Fields schema, Function<T, Tree> encode, Function<Tree, T> decode) {
        return new Codec<>() {
            @Override
            public Tree encode(T value) {
                return encode.apply(value);
            }

            @Override
            public T decode(Tree tree) {
                return decode.apply(tree);
            }

            @Override
            public Tree.Fields schema() {
                return schema;
            }
        };
    }

    /** The map that {@code tree} must be. {@code where} names it in the error. */
    public static Tree.Fields fields(Tree tree, String where) {
        if (tree instanceof Tree.Fields fields) {
            return fields;
        }
        throw mismatch(where, "map", tree);
    }

    /** The elements of the list that {@code tree} must be. {@code where} names it in the error. */
    public static List<Tree> items(Tree tree, String where) {
        if (tree instanceof Tree.Items list) {
            return list.items();
        }
        throw mismatch(where, "list", tree);
    }

    /** The text that {@code tree} must be. {@code where} names it in the error. */
    public static String text(Tree tree, String where) {
        if (tree instanceof Tree.Text text) {
            return text.value();
        }
        throw mismatch(where, "text", tree);
    }

    /** The whole number that {@code tree} must be. {@code where} names it in the error. */
    public static long integer(Tree tree, String where) {
        if (tree instanceof Tree.Int number) {
            return number.value();
        }
        throw mismatch(where, "whole number", tree);
    }

    static CodecException mismatch(String where, String expected, Tree got) {
        return new CodecException(where, expected, Tree.kind(got));
    }
}
