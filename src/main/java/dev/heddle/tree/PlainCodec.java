package dev.heddle.tree;

import java.math.BigDecimal;

/**
 * The codecs of single values. One class for all of them: every process loads it before its first result, and a class, or
 * a pair of lambdas, for each type would take a millisecond each.
 *
 * @param <T> the Java type that belongs to the {@link Type}
 */
record PlainCodec<T>(Type type, Tree.Fields schema) implements Codec<T> {
    enum Type {
        BOOLEAN("boolean", "boolean"),
        INT("integer", "integer of 32 bits"),
        LONG("integer", "integer"),
        DECIMAL("number", "number"),
        TEXT("string", "string"),
        TREE("", "any value");

        /** What JSON schema calls it; empty for anything. */
        private final String json;

        private final String expected;

        Type(String json, String expected) {
            this.json = json;
            this.expected = expected;
        }
    }

    PlainCodec(Type type) {
        this(type, type.json.isEmpty() ? Tree.EMPTY : Tree.fields("type", Tree.of(type.json)));
    }

    @Override
    public Tree encode(T value) {
        return switch (type) {
            case BOOLEAN -> Tree.of((boolean) value);
            case INT -> Tree.of((long) (Integer) value);
            case LONG -> Tree.of((long) value);
            case DECIMAL -> Tree.of((BigDecimal) value);
            case TEXT -> Tree.of((String) value);
            case TREE -> (Tree) value;
        };
    }

    @Override
    @SuppressWarnings("unchecked") // the type of the constant that this codec is
    public T decode(Tree tree) {
        Object value =
                switch (type) {
                    case BOOLEAN -> tree instanceof Tree.Bool(boolean flag) ? flag : null;
                    case INT -> tree instanceof Tree.Int(long number) && (int) number == number ? (int) number : null;
                    case LONG -> tree instanceof Tree.Int(long number) ? number : null;
                    case DECIMAL -> tree instanceof Tree.Num number ? number.decimal() : null;
                    case TEXT -> tree instanceof Tree.Text(String text) ? text : null;
                    case TREE -> tree;
                };
        if (value == null) {
            throw Codecs.mismatch("Value", type.expected, tree);
        }
        return (T) value;
    }
}
