package dev.heddle.differential;

import dev.heddle.tree.Tree;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The first place in which a record differs.
 *
 * @param path where, for example {@code 1.events[4].[2].n}; step first
 * @param expected what the reference did
 * @param got what the engine did
 */
record Difference(String path, String expected, String got) {
    private static final int MOST = 600;
    private static final Tree ABSENT = Tree.of("(absent)");

    static Optional<Difference> between(Tree expected, Tree got) {
        return find("", expected, got);
    }

    private static Optional<Difference> find(String path, Tree expected, Tree got) {
        if (expected.equals(got)) {
            return Optional.empty();
        }
        if (expected instanceof Tree.Items(List<Tree> these) && got instanceof Tree.Items(List<Tree> those)) {
            for (int i = 0; i < Math.max(these.size(), those.size()); i++) {
                Tree one = i < these.size() ? these.get(i) : ABSENT;
                Tree other = i < those.size() ? those.get(i) : ABSENT;
                if (!one.equals(other)) {
                    // An event or a task is easier to read as a whole.
                    return one instanceof Tree.Items && other instanceof Tree.Items
                            ? Optional.of(new Difference(path + "[" + i + "]", show(one), show(other)))
                            : find(path + "[" + i + "]", one, other);
                }
            }
        }
        if (expected instanceof Tree.Fields(Map<String, Tree> these)
                && got instanceof Tree.Fields(Map<String, Tree> those)) {
            Set<String> names = new LinkedHashSet<>(these.keySet()); // in the order in which things happen
            names.addAll(those.keySet());
            for (String name : names) {
                Optional<Difference> found =
                        find(path + "." + name, these.getOrDefault(name, ABSENT), those.getOrDefault(name, ABSENT));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.of(new Difference(path, show(expected), show(got)));
    }

    private static String show(Tree tree) {
        String text = Json.show(tree);
        return text.length() <= MOST ? text : text.substring(0, MOST) + "…";
    }

    @Override
    public String toString() {
        return "at " + path + "\n    reference " + expected + "\n    engine    " + got;
    }
}
