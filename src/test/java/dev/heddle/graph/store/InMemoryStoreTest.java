package dev.heddle.graph.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.conformance.StoreConformance;
import dev.heddle.conformance.Trees;
import dev.heddle.graph.types.NamespaceQuery;
import dev.heddle.graph.types.PutOptions;
import dev.heddle.graph.types.SearchQuery;
import dev.heddle.graph.types.Store;
import dev.heddle.testing.FakeClock;
import dev.heddle.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class InMemoryStoreTest extends StoreConformance {
    @Override
    protected Store open(InstantSource clock, StoreSettings settings) {
        return new InMemoryStore(clock, settings);
    }

    /** The sorted map jumps from namespace to namespace; this says the same in the plainest way. */
    @Test
    void listsAndFindsWhatAPlainScanWould() {
        SplittableRandom random = new SplittableRandom(15);
        InMemoryStore store = new InMemoryStore(() -> Instant.EPOCH);
        Set<Store.Item> all = new TreeSet<>(StoreRules.ORDER);
        for (int i = 0; i < 300; i++) {
            List<String> namespace = labels(random, 1 + random.nextInt(4));
            String key = Trees.text(random, 3);
            store.put(namespace, key, Tree.EMPTY);
            all.add(new Store.Item(namespace, key, Tree.EMPTY, Instant.EPOCH, Instant.EPOCH));
        }

        for (int i = 0; i < 300; i++) {
            List<String> prefix = labels(random, random.nextInt(3));
            List<String> suffix = labels(random, random.nextInt(2));
            int depth = 1 + random.nextInt(4);
            NamespaceQuery query = new NamespaceQuery(prefix, suffix, depth, 1000, 0);
            TreeSet<List<String>> expected = new TreeSet<>(StoreRules::compareNamespaces);
            all.stream()
                    .map(Store.Item::namespace)
                    .filter(namespace -> StoreRules.lists(query, namespace))
                    .forEach(namespace -> expected.add(StoreRules.cut(query, namespace)));

            assertThat(store.listNamespaces(query)).containsExactlyElementsOf(expected);
            assertThat(store.search(SearchQuery.in(prefix).limit(1000)))
                    .containsExactlyElementsOf(all.stream()
                            .filter(item -> StoreRules.isBelow(item.namespace(), prefix))
                            .toList());
        }
    }

    @Test
    void losesNoWriteOfManyWorkers() throws Exception {
        InMemoryStore store = new InMemoryStore(() -> Instant.EPOCH);
        List<Callable<Boolean>> workers = new ArrayList<>();
        for (int worker = 0; worker < 8; worker++) {
            String name = "w" + worker;
            workers.add(() -> {
                for (int i = 0; i < 200; i++) {
                    store.put(List.of(name), "k" + i, Tree.fields("i", Tree.of(i)));
                    store.put(List.of("shared"), "k" + i, Tree.fields("by", Tree.of(name)));
                    store.search(List.of("shared"), 5);
                }
                return true;
            });
        }

        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> done : executor.invokeAll(workers)) {
                assertThat(done.get()).isTrue();
            }
        }

        assertThat(store.search(List.of(), 10_000)).hasSize(8 * 200 + 200);
    }

    @Test
    void dropsWhatHasExpiredUnread() {
        FakeClock clock = FakeClock.at(Instant.EPOCH);
        InMemoryStore store = new InMemoryStore(clock);
        for (int i = 0; i < 50; i++) {
            store.put(List.of("brief"), "k" + i, Tree.EMPTY, PutOptions.DEFAULT.lasting(Duration.ofMinutes(1)));
        }
        clock.set(Instant.EPOCH.plusSeconds(61));

        for (int i = 0; i < 100; i++) {
            store.put(List.of("other"), "k", Tree.fields("i", Tree.of(i)));
        }

        assertThat(store.size()).isEqualTo(1);
    }

    private static List<String> labels(SplittableRandom random, int count) {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            labels.add(List.of("a", "a\0", "ab", "b", "*", "\uF000", "😀").get(random.nextInt(7)));
        }
        return labels;
    }
}
