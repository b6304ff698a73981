package dev.heddle.testing;

import dev.heddle.tree.Tree;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A number for everything that is in a record, a collection or a tree, however deep: another one when it was changed. */
final class Fingerprint {
    private static final long PRIME = 0x9E37_79B9_7F4A_7C15L;

    private long state = 1;

    private Fingerprint() {}

    static long of(Object object) {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.add(object);
        return fingerprint.state;
    }

    private void add(@Nullable Object object) {
        switch (object) {
            case null -> mix(1);
            case Tree.Null n -> mix(2);
            case Tree.Text text -> mix(3, text.value());
            case Tree.Int number -> mix(4, number.value());
            case Tree.Bytes bytes -> mix(5, Arrays.hashCode(bytes.value()));
            case Tree.Items items -> each(6, items.items());
            case Tree.Fields fields -> add(fields.fields());
            case Map<?, ?> map -> {
                mix(7, map.size());
                map.forEach((key, value) -> {
                    add(key);
                    add(value);
                });
            }
            case Iterable<?> many -> each(8, many);
            case Optional<?> optional -> add(optional.orElse(null));
            case Record parts -> {
                mix(9, parts.getClass());
                for (RecordComponent component : parts.getClass().getRecordComponents()) {
                    add(read(parts, component));
                }
            }
            case String text -> mix(10, text);
            // Only what cannot change.
            case Number number -> mix(11, number);
            case Enum<?> constant -> mix(12, constant.name());
            case Comparable<?> value -> mix(13, value);
            default -> throw new IllegalArgumentException("what is in a " + object.getClass() + "?");
        }
    }

    private void each(int kind, Iterable<?> many) {
        mix(kind);
        int size = 0;
        for (Object one : many) {
            add(one);
            size++;
        }
        mix(size);
    }

    private void mix(int kind, Object value) {
        mix(kind);
        mix(value.hashCode());
    }

    private void mix(int value) {
        state = (state ^ value) * PRIME;
        state ^= state >>> 32;
    }

    private static @Nullable Object read(Record parts, RecordComponent component) {
        try {
            return component.getAccessor().invoke(parts);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
