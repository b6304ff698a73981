package dev.heddle.graph.store;

import dev.heddle.graph.types.StoreException;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way into a value, to the texts that are embedded: see {@link dev.heddle.graph.types.PutOptions#indexing}.
 *
 * @param steps from the value inwards; none for the value itself
 */
record IndexPath(List<Step> steps) {
    /** A name, or an index in brackets; a name follows a dot unless it is the first step. */
    private static final Pattern STEP = Pattern.compile("\\G(\\.?)([^.\\[\\]{}*]+)|\\G\\[(\\*|-?\\d{1,9})]");

    private static final String WHOLE = "$";

    IndexPath {
        steps = List.copyOf(steps);
    }

    private sealed interface Step {}

    private record Field(String name) implements Step {}

    /** Negative counts from the end. */
    private record At(int index) implements Step {}

    private record Every() implements Step {}

    /**
     * Reads a path.
     *
     * @throws StoreException.InvalidItem if it is none
     */
    static IndexPath of(String path) {
        List<Step> steps = new ArrayList<>();
        if (path.equals(WHOLE)) {
            return new IndexPath(steps);
        }
        Matcher matcher = STEP.matcher(path);
        int end = 0;
        while (matcher.find()) {
            String name = matcher.group(2);
            if (name != null) {
                boolean dotIsRight = matcher.group(1).isEmpty() == steps.isEmpty();
                if (!dotIsRight || (steps.isEmpty() && name.equals(WHOLE))) {
                    throw bad();
                }
                steps.add(new Field(name));
            } else {
                String index = matcher.group(3);
                steps.add(index.equals("*") ? new Every() : new At(Integer.parseInt(index)));
            }
            end = matcher.end();
        }
        if (steps.isEmpty() || end < path.length()) {
            throw bad();
        }
        return new IndexPath(steps);
    }

    /** The texts at this path, in order. */
    List<String> textsIn(Tree value) {
        List<String> texts = new ArrayList<>();
        collect(value, 0, texts);
        return texts;
    }

    private void collect(Tree value, int depth, List<String> texts) {
        if (depth == steps.size()) {
            TreeText.of(value).filter(text -> !text.isBlank()).ifPresent(texts::add);
            return;
        }
        switch (steps.get(depth)) {
            case Field(String name) -> {
                if (value instanceof Tree.Fields(Map<String, Tree> fields) && fields.containsKey(name)) {
                    collect(fields.get(name), depth + 1, texts);
                }
            }
            case At(int index) -> {
                if (value instanceof Tree.Items(List<Tree> items)) {
                    int at = index < 0 ? items.size() + index : index;
                    if (at >= 0 && at < items.size()) {
                        collect(items.get(at), depth + 1, texts);
                    }
                }
            }
            case Every() -> {
                if (value instanceof Tree.Items(List<Tree> items)) {
                    items.forEach(item -> collect(item, depth + 1, texts));
                }
            }
        }
    }

    private static StoreException bad() {
        return new StoreException.InvalidItem("Store: bad index path, expected '$' or names and indexes such as "
                + "'a.b', 'list[*].a' or 'list[-1]', got another text. Correct the path.");
    }
}
