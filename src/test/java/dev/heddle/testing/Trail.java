package dev.heddle.testing;

import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Codecs;
import java.util.ArrayList;
import java.util.List;

/** A key on which nodes leave their marks: what was applied, in order. */
public final class Trail {
    /** The marks so far. */
    public static final Key<List<String>> TRAIL =
            Key.reduced("trail", Codecs.list(Codecs.TEXT), List.of(), Trail::joined);

    private Trail() {}

    /** Leaves these marks. */
    public static Update trail(String... marks) {
        return Update.of(TRAIL, List.of(marks));
    }

    private static List<String> joined(List<String> left, List<String> right) {
        List<String> joined = new ArrayList<>(left);
        joined.addAll(right);
        return List.copyOf(joined);
    }
}
