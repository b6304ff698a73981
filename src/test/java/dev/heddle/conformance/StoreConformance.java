package dev.heddle.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.graph.types.Store;
import dev.heddle.tree.Tree;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Store} does. */
public abstract class StoreConformance {
    private static final Instant MORNING = Instant.parse("2026-11-02T08:00:00.123Z");
    private static final List<String> NOTES = List.of("ann", "notes");

    private Instant now = MORNING;
    private Store store;

    /** An empty store with this clock. */
    protected abstract Store open(InstantSource clock);

    @BeforeEach
    final void opensAnEmptyStore() {
        now = MORNING;
        store = open(() -> now);
    }

    @Test
    void findsNothingUnderAnUnknownKey() {
        assertThat(store.get(NOTES, "nothing")).isEmpty();
    }

    @Test
    void readsWhatItHasWritten() {
        Tree.Fields value = Tree.fields("n", Trees.everyKind(), "empty", Tree.EMPTY);

        store.put(NOTES, "k", value);

        assertThat(store.get(NOTES, "k")).contains(new Store.Item(NOTES, "k", value, MORNING, MORNING));
    }

    @Test
    void replacesAnItemWholeAndRemembersWhenItWasMade() {
        store.put(NOTES, "k", Tree.fields("old", Tree.of(1)));
        now = MORNING.plusSeconds(60);

        store.put(NOTES, "k", Tree.fields("new", Tree.of(2)));

        assertThat(store.get(NOTES, "k"))
                .contains(new Store.Item(NOTES, "k", Tree.fields("new", Tree.of(2)), MORNING, MORNING.plusSeconds(60)));
    }

    @Test
    void forgetsADeletedItemAndLeavesItsNeighbours() {
        store.put(NOTES, "k", Tree.EMPTY);
        store.put(NOTES, "kk", Tree.EMPTY);

        store.delete(NOTES, "k");
        store.delete(NOTES, "never there");

        assertThat(store.get(NOTES, "k")).isEmpty();
        assertThat(store.get(NOTES, "kk")).isPresent();
    }

    @Test
    void searchesByWholeLabels() {
        store.put(List.of("u", "1"), "a", Tree.EMPTY);
        store.put(List.of("u", "10"), "b", Tree.EMPTY);
        store.put(List.of("u", "1", "deep"), "c", Tree.EMPTY);
        store.put(List.of("v", "1"), "d", Tree.EMPTY);

        assertThat(store.search(List.of("u", "1"), 10))
                .extracting(Store.Item::key)
                .containsExactly("a", "c");
        assertThat(store.search(List.of("u"), 10)).extracting(Store.Item::key).containsExactly("a", "c", "b");
        assertThat(store.search(List.of(), 10)).hasSize(4);
        assertThat(store.search(List.of("w"), 10)).isEmpty();
    }

    @Test
    void searchesInOrderOfNamespaceThenKeyAndStopsAtTheLimit() {
        store.put(List.of("a", "b"), "c", Tree.EMPTY);
        store.put(List.of("a"), "z", Tree.EMPTY);
        store.put(List.of("a-b"), "d", Tree.EMPTY);
        store.put(List.of("a"), "é", Tree.EMPTY);
        store.put(List.of("a"), " ", Tree.EMPTY);
        store.put(List.of("a"), "B", Tree.EMPTY);

        assertThat(store.search(List.of(), 10))
                .extracting(item -> String.join("/", item.namespace()) + ":" + item.key())
                .containsExactly("a: ", "a:B", "a:z", "a:é", "a/b:c", "a-b:d");
        assertThat(store.search(List.of(), 2)).extracting(Store.Item::key).containsExactly(" ", "B");
    }

    @Test
    void neverMistakesOneNameForAnother() {
        List<List<String>> namespaces = List.of(
                List.of("a"),
                List.of("a", "b"),
                List.of("a#b"),
                List.of("a$b"),
                List.of("a%23b"),
                List.of("a|b"),
                List.of("a:b"),
                List.of("a "),
                List.of("a\nb"),
                List.of("ä€😀"));
        List<String> keys = List.of("", "k", "k#", "#k", "%23k", "b#k", "k.k", "😀", "\u0001", "$");
        for (List<String> namespace : namespaces) {
            for (String key : keys) {
                store.put(namespace, key, Tree.fields("at", Tree.of(namespace + key)));
            }
        }

        for (List<String> namespace : namespaces) {
            for (String key : keys) {
                assertThat(store.get(namespace, key)).hasValueSatisfying(item -> {
                    assertThat(item.namespace()).isEqualTo(namespace);
                    assertThat(item.key()).isEqualTo(key);
                    assertThat(item.value()).isEqualTo(Tree.fields("at", Tree.of(namespace + key)));
                });
            }
        }
        assertThat(store.search(List.of(), 1000)).hasSize(namespaces.size() * keys.size());
    }

    @Test
    void keepsAndFindsManyLargeItems() {
        byte[] page = new byte[100_000];
        for (int i = 0; i < 25; i++) {
            new SplittableRandom(i).nextBytes(page);
            store.put(NOTES, "k%02d".formatted(i), Tree.fields("page", new Tree.Bytes(page)));
        }

        List<Store.Item> found = store.search(NOTES, 20);

        assertThat(found).hasSize(20).isSortedAccordingTo((left, right) -> left.key()
                .compareTo(right.key()));
        new SplittableRandom(19).nextBytes(page);
        assertThat(found.getLast().value()).isEqualTo(Tree.fields("page", new Tree.Bytes(page)));
    }

    @Test
    void refusesBadNamespacesAndLimits() {
        assertThatThrownBy(() -> store.put(List.of(), "k", Tree.EMPTY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected at least 1 label");
        assertThatThrownBy(() -> store.get(List.of("a.b"), "k"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without dots");
        assertThatThrownBy(() -> store.delete(List.of("a", ""), "k"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not empty");
        assertThatThrownBy(() -> store.search(List.of("a"), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected at least 1");
    }
}
