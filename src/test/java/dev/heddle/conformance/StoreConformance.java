package dev.heddle.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heddle.graph.store.StoreSettings;
import dev.heddle.graph.types.Embedding;
import dev.heddle.graph.types.Filter;
import dev.heddle.graph.types.NamespaceQuery;
import dev.heddle.graph.types.PutOptions;
import dev.heddle.graph.types.SearchQuery;
import dev.heddle.graph.types.Store;
import dev.heddle.graph.types.StoreException;
import dev.heddle.tree.Tree;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link Store} does: the rules of LangGraph's stores, and where we differ, those of {@link Store}. */
public abstract class StoreConformance {
    private static final Instant MORNING = Instant.parse("2026-11-02T08:00:00.123Z");
    private static final List<String> NOTES = List.of("ann", "notes");

    private Instant now = MORNING;
    private Store store;

    /** An empty store with this clock and these settings. */
    protected abstract Store open(InstantSource clock, StoreSettings settings);

    @BeforeEach
    final void opensAnEmptyStore() {
        now = MORNING;
        store = open(() -> now, StoreSettings.DEFAULT);
    }

    private void set(StoreSettings settings) {
        store = open(() -> now, settings);
    }

    private static Tree.Fields text(String text) {
        return Tree.fields("text", Tree.of(text));
    }

    private List<String> keys(SearchQuery query) {
        return store.search(query).stream().map(Store.Item::key).toList();
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

    @Nested
    class Names {
        @Test
        void refusesAnEmptyNamespaceAndLabelsThatAreEmptyOrHaveDots() {
            assertRefused(() -> store.put(List.of(), "k", Tree.EMPTY), "expected at least 1 label");
            assertRefused(() -> store.get(List.of(), "k"), "expected at least 1 label");
            assertRefused(() -> store.get(List.of("a.b"), "k"), "without dots");
            assertRefused(() -> store.delete(List.of("a", ""), "k"), "not empty");
            assertRefused(() -> store.search(SearchQuery.in("a", "")), "label 2");
            assertRefused(() -> store.listNamespaces(NamespaceQuery.in("a.b")), "without dots");
            assertRefused(() -> store.listNamespaces(NamespaceQuery.in().endingIn("")), "not empty");
        }

        @Test
        void keepsTheFirstLabelLanggraphToItself() {
            assertRefused(() -> store.put(List.of("langgraph", "a"), "k", Tree.EMPTY), "reserved");
            assertRefused(() -> store.get(List.of("langgraph"), "k"), "reserved");

            store.put(List.of("a", "langgraph"), "k", Tree.EMPTY);

            assertThat(store.get(List.of("a", "langgraph"), "k")).isPresent();
            assertThat(store.search(SearchQuery.in("langgraph"))).isEmpty();
        }

        @Test
        void findsNothingBelowAPrefixLongerThanAnyName() {
            store.put(NOTES, "k", Tree.EMPTY);
            String longer = "n".repeat(3000);

            assertThat(store.search(SearchQuery.in("ann", longer))).isEmpty();
            assertThat(store.listNamespaces(NamespaceQuery.in("ann", longer))).isEmpty();
        }

        private void assertRefused(ThrowingCallable call, String why) {
            assertThatThrownBy(call)
                    .isInstanceOf(StoreException.InvalidNamespace.class)
                    .hasMessageContaining(why);
        }
    }

    @Nested
    class Pages {
        @BeforeEach
        void writesTwentyFiveItems() {
            for (int i = 0; i < 25; i++) {
                store.put(NOTES, "k%02d".formatted(i), Tree.fields("i", Tree.of(i)));
            }
        }

        @Test
        void returnTenItemsUnlessToldOtherwise() {
            assertThat(keys(SearchQuery.in(NOTES)))
                    .hasSize(10)
                    .startsWith("k00")
                    .endsWith("k09");
        }

        @Test
        void followOneAnother() {
            assertThat(keys(SearchQuery.in("ann").limit(3).offset(10))).containsExactly("k10", "k11", "k12");
            assertThat(keys(SearchQuery.in("ann").limit(3).offset(24))).containsExactly("k24");
            assertThat(keys(SearchQuery.in("ann").limit(3).offset(25))).isEmpty();
            assertThat(keys(SearchQuery.in("ann").limit(Integer.MAX_VALUE).offset(23)))
                    .containsExactly("k23", "k24");
        }

        @Test
        void countOnlyWhatPassesTheFilter() {
            SearchQuery big = SearchQuery.in(NOTES).where("i", Filter.above(20)).limit(2);

            assertThat(keys(big)).containsExactly("k21", "k22");
            assertThat(keys(big.offset(2))).containsExactly("k23", "k24");
        }

        @Test
        void haveALimitAboveZeroAndNoNegativeOffset() {
            assertThatThrownBy(() -> store.search(NOTES, 0))
                    .isInstanceOf(StoreException.InvalidQuery.class)
                    .hasMessageContaining("expected at least 1");
            assertThatThrownBy(() -> SearchQuery.in(NOTES).offset(-1))
                    .isInstanceOf(StoreException.InvalidQuery.class)
                    .hasMessageContaining("expected at least 0");
        }
    }

    @Nested
    class Filters {
        private List<String> passing(String name, Filter filter) {
            return keys(SearchQuery.in(NOTES).where(name, filter));
        }

        @BeforeEach
        void writesValuesOfManyKinds() {
            Map<String, Tree> values = new LinkedHashMap<>();
            values.put("dec", Tree.of(new BigDecimal("2.50")));
            values.put("false", Tree.of(false));
            values.put("five", Tree.of(5));
            values.put("list", Tree.of(List.of(Tree.of(1), Tree.of("b"))));
            values.put("map", Tree.fields("lang", Tree.of("en"), "n", Tree.of(1)));
            values.put("null", Tree.NULL);
            values.put("one", Tree.of(1));
            values.put("text1", Tree.of("1"));
            values.put("texta", Tree.of("a"));
            values.forEach((key, value) -> store.put(NOTES, key, Tree.fields("v", value)));
            store.put(NOTES, "without", Tree.fields("other", Tree.of(1)));
        }

        @Test
        void compareForEqualityByValueAndKind() {
            assertThat(passing("v", Filter.equalTo(Tree.of(1)))).containsExactly("one");
            assertThat(passing("v", Filter.equalTo("1"))).containsExactly("text1");
            assertThat(passing("v", Filter.equalTo(Tree.of(false)))).containsExactly("false");
            assertThat(passing("v", Filter.equalTo(Tree.of(new BigDecimal("2.5")))))
                    .containsExactly("dec");
            assertThat(passing("v", Filter.equalTo(Tree.of(new BigDecimal("5.0")))))
                    .containsExactly("five");
            assertThat(passing(
                            "v",
                            Filter.equalTo(Tree.fields("n", Tree.of(new BigDecimal("1.0")), "lang", Tree.of("en")))))
                    .containsExactly("map");
            assertThat(passing("v", Filter.equalTo(Tree.fields("lang", Tree.of("en")))))
                    .isEmpty();
        }

        @Test
        void letNothingThroughWhereTheFieldIsAbsent() {
            assertThat(passing("v", Filter.equalTo(Tree.NULL))).containsExactly("null");
            assertThat(passing("v", Filter.notEqualTo(Tree.of(1)))).hasSize(8).doesNotContain("one", "without");
            assertThat(passing("nowhere", Filter.notEqualTo(Tree.of(1)))).isEmpty();
        }

        @Test
        void orderNumbersAmongNumbersAndTextsAmongTexts() {
            assertThat(passing("v", Filter.above(1))).containsExactly("dec", "five");
            assertThat(passing("v", Filter.atLeast(1))).containsExactly("dec", "five", "one");
            assertThat(passing("v", Filter.below(5))).containsExactly("dec", "one");
            assertThat(passing("v", Filter.atMost(5))).containsExactly("dec", "five", "one");
            assertThat(passing("v", new Filter.Ordered(Filter.Side.ABOVE, Tree.of("1"))))
                    .containsExactly("texta");
        }

        @Test
        void orderTextsByTheirCodePoints() {
            store.put(NOTES, "emoji", Tree.fields("v", Tree.of("😀")));
            store.put(NOTES, "private", Tree.fields("v", Tree.of("\uF000")));

            assertThat(passing("v", new Filter.Ordered(Filter.Side.ABOVE, Tree.of("\uF000"))))
                    .containsExactly("emoji");
        }

        @Test
        void mustAllHold() {
            store.put(NOTES, "both", Tree.fields("v", Tree.of(5), "kind", Tree.of("x")));

            SearchQuery query =
                    SearchQuery.in(NOTES).where("v", Filter.atLeast(5)).where("kind", Filter.equalTo("x"));

            assertThat(keys(query)).containsExactly("both");
        }

        @Test
        void lookIntoMapsAndLists() {
            assertThat(passing("v", Filter.where("lang", Filter.equalTo("en")))).containsExactly("map");
            assertThat(passing("v", Filter.where("lang", Filter.equalTo("de")))).isEmpty();
            assertThat(passing("v", Filter.any())).containsExactly("map");
            assertThat(passing("v", new Filter.Elements(List.of(Filter.atLeast(1), Filter.equalTo("b")))))
                    .containsExactly("list");
            assertThat(passing("v", new Filter.Elements(List.of(Filter.atLeast(1)))))
                    .isEmpty();
        }

        @Test
        void mayComeAsATree() {
            assertThat(read(Tree.fields("v", Tree.of(1)))).containsExactly("one");
            assertThat(read(Tree.fields("v", Tree.fields("$gt", Tree.of(1), "$lte", Tree.of(5)))))
                    .containsExactly("dec", "five");
            assertThat(read(Tree.fields("v", Tree.fields("$eq", Tree.of("a"))))).containsExactly("texta");
            assertThat(read(Tree.fields("v", Tree.fields("$gte", Tree.of(5))))).containsExactly("five");
            assertThat(read(Tree.fields("v", Tree.fields("$lt", Tree.of(2))))).containsExactly("one");
            assertThat(read(Tree.fields("v", Tree.fields("$ne", Tree.of(1)), "v2", Tree.of(1))))
                    .isEmpty();
            assertThat(read(Tree.fields("v", Tree.fields("lang", Tree.of("en")))))
                    .containsExactly("map");
            assertThat(read(Tree.fields("v", Tree.of(List.of(Tree.of(1), Tree.fields("$ne", Tree.of("c")))))))
                    .containsExactly("list");
            assertThat(read(Tree.EMPTY)).hasSize(10);
        }

        private List<String> read(Tree.Fields tree) {
            return keys(SearchQuery.in(NOTES).where(Filter.of(tree)));
        }
    }

    @Nested
    class TimeToLive {
        private static final Duration HOUR = Duration.ofHours(1);
        private static final PutOptions AN_HOUR = PutOptions.DEFAULT.lasting(HOUR);
        private static final Instant JUST_BEFORE = MORNING.plus(HOUR).minusMillis(1);
        private static final Instant AFTER = MORNING.plus(HOUR).plusSeconds(1);

        @Test
        void endsTheLifeOfAnItemForEveryReader() {
            store.put(NOTES, "mortal", Tree.EMPTY, AN_HOUR);
            store.put(NOTES, "other", Tree.EMPTY);
            store.put(List.of("brief"), "mortal", Tree.EMPTY, AN_HOUR);

            now = JUST_BEFORE;
            assertThat(store.get(NOTES, "mortal", false)).isPresent();
            assertThat(keys(SearchQuery.in().refresh(false))).containsExactly("mortal", "other", "mortal");
            assertThat(store.listNamespaces(NamespaceQuery.in())).containsExactly(NOTES, List.of("brief"));

            now = AFTER;
            assertThat(store.get(NOTES, "mortal")).isEmpty();
            assertThat(keys(SearchQuery.in())).containsExactly("other");
            assertThat(keys(SearchQuery.in().where(Filter.of(Tree.EMPTY)))).containsExactly("other");
            assertThat(store.listNamespaces(NamespaceQuery.in())).containsExactly(NOTES);
        }

        @Test
        void beginsAgainWithEachReadAndWrite() {
            store.put(NOTES, "got", Tree.EMPTY, AN_HOUR);
            store.put(NOTES, "found", Tree.EMPTY, AN_HOUR);
            store.put(NOTES, "put", Tree.EMPTY, AN_HOUR);
            store.put(NOTES, "unread", Tree.EMPTY, AN_HOUR);

            now = JUST_BEFORE;
            Store.Item got = store.get(NOTES, "got").orElseThrow();
            assertThat(keys(SearchQuery.in(NOTES).limit(1))).containsExactly("found");
            store.put(NOTES, "put", Tree.EMPTY, AN_HOUR);

            now = JUST_BEFORE.plus(HOUR).minusSeconds(1);
            assertThat(keys(SearchQuery.in(NOTES))).containsExactly("found", "got", "put");
            assertThat(store.get(NOTES, "got")).contains(got);

            now = now.plus(HOUR).plusSeconds(2);
            assertThat(keys(SearchQuery.in(NOTES))).isEmpty();
        }

        @Test
        void goesOnWhereAReadSaysSo() {
            store.put(NOTES, "k", Tree.EMPTY, AN_HOUR);

            now = JUST_BEFORE;
            assertThat(store.get(NOTES, "k", false)).isPresent();
            assertThat(keys(SearchQuery.in(NOTES).refresh(false))).containsExactly("k");

            now = AFTER;
            assertThat(store.get(NOTES, "k")).isEmpty();
        }

        @Test
        void goesOnWhereTheStoreSaysSo() {
            set(StoreSettings.DEFAULT.refreshOnRead(false));
            store.put(NOTES, "a", Tree.EMPTY, AN_HOUR);
            store.put(NOTES, "b", Tree.EMPTY, AN_HOUR);

            now = JUST_BEFORE;
            assertThat(store.get(NOTES, "a")).isPresent();
            assertThat(keys(SearchQuery.in(NOTES))).containsExactly("a", "b");
            assertThat(store.get(NOTES, "b", true)).isPresent();

            now = AFTER;
            assertThat(keys(SearchQuery.in(NOTES))).containsExactly("b");
        }

        @Test
        void isThatOfTheStoreUnlessTheItemNamesOne() {
            set(StoreSettings.DEFAULT.lasting(HOUR));
            store.put(NOTES, "usual", Tree.EMPTY);
            store.put(NOTES, "forever", Tree.EMPTY, PutOptions.DEFAULT.lasting(PutOptions.FOREVER));
            store.put(NOTES, "longer", Tree.EMPTY, PutOptions.DEFAULT.lasting(HOUR.multipliedBy(2)));

            now = AFTER;

            assertThat(keys(SearchQuery.in(NOTES).refresh(false))).containsExactly("forever", "longer");
        }

        @Test
        void isReplacedByAWriteWithoutOne() {
            store.put(NOTES, "k", Tree.EMPTY, AN_HOUR);
            store.put(NOTES, "k", Tree.EMPTY);

            now = AFTER;

            assertThat(store.get(NOTES, "k")).isPresent();
        }

        @Test
        void leavesNothingOfTheOldItemToANewOneOfItsName() {
            store.put(NOTES, "k", text("old"), AN_HOUR);

            now = AFTER;
            store.put(NOTES, "k", text("new"));

            assertThat(store.get(NOTES, "k")).contains(new Store.Item(NOTES, "k", text("new"), AFTER, AFTER));
        }

        @Test
        void mustBeAboveZeroAndNotTooLong() {
            for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(36_501))) {
                assertThatThrownBy(() -> PutOptions.DEFAULT.lasting(bad))
                        .isInstanceOf(StoreException.InvalidItem.class)
                        .hasMessageContaining("time to live");
            }
        }
    }

    @Nested
    class ByText {
        private final WordCount words = new WordCount("tea", "coffee", "milk");

        @BeforeEach
        void embedsTheFieldText() {
            set(StoreSettings.DEFAULT.withEmbedding(words).indexing("text"));
        }

        @Test
        void findsTheMostAlikeFirst() {
            store.put(NOTES, "a", text("coffee coffee"));
            store.put(NOTES, "b", text("tea"));
            store.put(NOTES, "c", text("tea coffee"));

            List<Store.Item> found = store.search(SearchQuery.in(NOTES).matching("tea tea tea"));

            assertThat(found).extracting(Store.Item::key).containsExactly("b", "c", "a");
            assertThat(found)
                    .extracting(item -> item.score().orElseThrow())
                    .satisfiesExactly(
                            b -> assertThat(b).isCloseTo(1, within(1e-6)),
                            c -> assertThat(c).isCloseTo(Math.sqrt(0.5), within(1e-6)),
                            a -> assertThat(a).isZero());
        }

        @Test
        void ranksAnItemByItsBestVector() {
            PutOptions each = PutOptions.DEFAULT.indexing("lines[*]");
            store.put(NOTES, "mixed", text("tea coffee milk"));
            store.put(NOTES, "lines", lines("coffee", "milk", "tea"), each);

            List<Store.Item> found = store.search(SearchQuery.in(NOTES).matching("tea"));

            assertThat(found).extracting(Store.Item::key).containsExactly("lines", "mixed");
            assertThat(found.getFirst().score().orElseThrow()).isCloseTo(1, within(1e-6));
        }

        @Test
        void putsItemsWithoutVectorsLastAndPagesOverBoth() {
            store.put(NOTES, "a", Tree.fields("untold", Tree.of("tea")));
            store.put(NOTES, "b", text("coffee"));
            store.put(NOTES, "c", text("tea"), PutOptions.DEFAULT.notIndexed());
            store.put(NOTES, "d", text("tea"));
            SearchQuery query = SearchQuery.in(NOTES).matching("tea");

            assertThat(keys(query)).containsExactly("d", "b", "a", "c");
            assertThat(store.search(query).getLast().score()).isEmpty();
            assertThat(keys(query.limit(2).offset(1))).containsExactly("b", "a");
            assertThat(keys(query.limit(2).offset(3))).containsExactly("c");
        }

        @Test
        void keepsToPrefixAndFilter() {
            store.put(List.of("ben"), "a", text("tea"));
            store.put(NOTES, "b", text("tea"));
            store.put(NOTES, "c", Tree.fields("text", Tree.of("coffee"), "kind", Tree.of("x")));

            assertThat(keys(SearchQuery.in(NOTES).matching("tea").where("kind", Filter.equalTo("x"))))
                    .containsExactly("c");
            assertThat(keys(SearchQuery.in("ann").matching("tea"))).containsExactly("b", "c");
        }

        @Test
        void keepsTheOrderOfKeysAmongEquals() {
            for (String key : List.of("c", "a", "b")) {
                store.put(NOTES, key, text("tea"));
            }

            assertThat(keys(SearchQuery.in(NOTES).matching("tea"))).containsExactly("a", "b", "c");
        }

        @Test
        void comparesWhatWasWrittenLast() {
            store.put(NOTES, "a", text("tea"));
            store.put(NOTES, "b", text("tea coffee"));
            store.put(NOTES, "a", text("coffee"));
            store.put(NOTES, "b", text("milk"), PutOptions.DEFAULT.notIndexed());

            assertThat(store.search(SearchQuery.in(NOTES).matching("tea")))
                    .extracting(item -> item.key() + " " + item.score())
                    .containsExactly("a OptionalDouble[0.0]", "b OptionalDouble.empty");
        }

        @Test
        void givesNoScoreWithoutAText() {
            store.put(NOTES, "a", text("tea"));

            assertThat(store.search(SearchQuery.in(NOTES)).getFirst().score()).isEmpty();
            assertThat(store.get(NOTES, "a").orElseThrow().score()).isEmpty();
        }

        @Test
        void letsTheItemLiveOn() {
            PutOptions hour = PutOptions.DEFAULT.lasting(Duration.ofHours(1));
            store.put(NOTES, "far", text("coffee"), hour);
            store.put(NOTES, "near", text("tea"), hour);

            now = MORNING.plusSeconds(1800);
            assertThat(keys(SearchQuery.in(NOTES).matching("tea").limit(1))).containsExactly("near");

            now = MORNING.plusSeconds(3602);
            assertThat(keys(SearchQuery.in(NOTES).matching("tea"))).containsExactly("near");
        }

        @Test
        void embedsEachDifferentTextOnceAndInOneCall() {
            store.put(
                    NOTES,
                    "a",
                    lines("tea", "milk", "tea", " ", ""),
                    PutOptions.DEFAULT.indexing("lines[*]", "lines[1]"));
            store.put(NOTES, "b", text(""));
            store.put(NOTES, "c", text("tea"), PutOptions.DEFAULT.notIndexed());

            assertThat(words.calls).containsExactly(List.of("tea", "milk"));
        }

        @Test
        void refusesAnEmbeddingThatBreaksItsPromise() {
            for (float[][] bad : List.of(new float[0][], new float[][] {{1, 2}}, new float[][] {{1, 2, Float.NaN}})) {
                set(StoreSettings.DEFAULT.withEmbedding(Embedding.of(3, texts -> bad)));

                assertThatThrownBy(() -> store.put(NOTES, "k", text("tea")))
                        .isInstanceOf(StoreException.BadEmbedding.class);
                assertThatThrownBy(() -> store.search(SearchQuery.in(NOTES).matching("tea")))
                        .isInstanceOf(StoreException.BadEmbedding.class);
                assertThat(store.get(NOTES, "k")).isEmpty();
            }
        }

        @Test
        void isRefusedWithoutAnEmbedding() {
            set(StoreSettings.DEFAULT);
            store.put(NOTES, "k", text("tea"), PutOptions.DEFAULT.indexing("text"));

            assertThatThrownBy(() -> store.search(SearchQuery.in(NOTES).matching("tea")))
                    .isInstanceOf(StoreException.NoEmbedding.class);
        }
    }

    @Nested
    class IndexPaths {
        private final WordCount words = new WordCount("tea");

        private List<String> embedded(Tree.Fields value, String... paths) {
            words.calls.clear();
            set(StoreSettings.DEFAULT.withEmbedding(words));
            store.put(NOTES, "k", value, PutOptions.DEFAULT.indexing(paths));
            return words.calls.stream().flatMap(List::stream).toList();
        }

        @Test
        void nameTheWholeValueUnlessToldOtherwise() {
            set(StoreSettings.DEFAULT.withEmbedding(words));

            store.put(NOTES, "k", Tree.fields("b", Tree.of("x\"y\n"), "a", Tree.of(List.of(Tree.of(1), Tree.NULL))));

            assertThat(words.calls).containsExactly(List.of("{\"a\": [1, null], \"b\": \"x\\\"y\\n\"}"));
        }

        @Test
        void leadThroughMapsAndLists() {
            Tree.Fields value = Tree.fields(
                    "a",
                    Tree.fields("b", Tree.of("deep"), "n", Tree.of(7)),
                    "list",
                    Tree.of(List.of(text("one"), text("two"), Tree.of("three"))),
                    "yes",
                    Tree.of(true));

            assertThat(embedded(value, "a.b")).containsExactly("deep");
            assertThat(embedded(value, "a.n", "yes")).containsExactly("7", "true");
            assertThat(embedded(value, "a")).containsExactly("{\"b\": \"deep\", \"n\": 7}");
            assertThat(embedded(value, "list[*].text")).containsExactly("one", "two");
            assertThat(embedded(value, "list[-1]")).containsExactly("three");
            assertThat(embedded(value, "list[0].text", "list[1].text")).containsExactly("one", "two");
            assertThat(embedded(value, "$", "a.b")).hasSize(2).contains("deep");
        }

        @Test
        void mayLeadNowhere() {
            Tree.Fields value =
                    Tree.fields("a", Tree.of("text"), "none", Tree.NULL, "list", Tree.of(List.of(Tree.of("x"))));

            assertThat(embedded(value, "b", "a.b", "a[0]", "a[*]", "none", "list[1]", "list[-2]", "list.x"))
                    .isEmpty();
        }

        @Test
        void mustBeWellFormed() {
            for (String bad :
                    List.of("", ".", "a.", ".a", "a..b", "a[", "a[x]", "a]", "a[*]b", "$.a", "$[0]", "{a,b}", "*")) {
                assertThatThrownBy(() -> store.put(NOTES, "k", Tree.EMPTY, PutOptions.DEFAULT.indexing(bad)))
                        .as("path '%s'", bad)
                        .isInstanceOf(StoreException.InvalidItem.class)
                        .hasMessageContaining("index path");
            }
        }
    }

    @Nested
    class Namespaces {
        private List<String> listed(NamespaceQuery query) {
            return store.listNamespaces(query).stream()
                    .map(labels -> String.join("/", labels))
                    .toList();
        }

        @BeforeEach
        void writesToMany() {
            for (String namespace : List.of(
                    "users/1/notes",
                    "users/1/facts",
                    "users/10/notes",
                    "users/2",
                    "users",
                    "teams/1/notes/old",
                    "a-b",
                    "a/b",
                    "a",
                    "notes",
                    "%/#/$")) {
                store.put(List.of(namespace.split("/")), "k1", Tree.EMPTY);
                store.put(List.of(namespace.split("/")), "k2", Tree.EMPTY);
            }
        }

        @Test
        void areListedSortedAndOnce() {
            assertThat(listed(NamespaceQuery.in()))
                    .containsExactly(
                            "%/#/$",
                            "a",
                            "a/b",
                            "a-b",
                            "notes",
                            "teams/1/notes/old",
                            "users",
                            "users/1/facts",
                            "users/1/notes",
                            "users/10/notes",
                            "users/2");
        }

        @Test
        void areListedByWholeLabelsOfAPrefix() {
            assertThat(listed(NamespaceQuery.in("users", "1"))).containsExactly("users/1/facts", "users/1/notes");
            assertThat(listed(NamespaceQuery.in("a"))).containsExactly("a", "a/b");
            assertThat(listed(NamespaceQuery.in("nobody"))).isEmpty();
        }

        @Test
        void areListedByASuffix() {
            assertThat(listed(NamespaceQuery.in().endingIn("notes")))
                    .containsExactly("notes", "users/1/notes", "users/10/notes");
            assertThat(listed(NamespaceQuery.in("users").endingIn("1", "notes")))
                    .containsExactly("users/1/notes");
        }

        @Test
        void areListedWithAStarForAnyOneLabel() {
            assertThat(listed(NamespaceQuery.in("*", "1")))
                    .containsExactly("teams/1/notes/old", "users/1/facts", "users/1/notes");
            assertThat(listed(NamespaceQuery.in("users", "*", "notes")))
                    .containsExactly("users/1/notes", "users/10/notes");
            assertThat(listed(NamespaceQuery.in().endingIn("notes", "*"))).containsExactly("teams/1/notes/old");
            assertThat(listed(NamespaceQuery.in("*", "*", "*", "*", "*"))).isEmpty();
        }

        @Test
        void areCutToADepthAndStillListedOnce() {
            assertThat(listed(NamespaceQuery.in().depth(1)))
                    .containsExactly("%", "a", "a-b", "notes", "teams", "users");
            assertThat(listed(NamespaceQuery.in("users").depth(2)))
                    .containsExactly("users", "users/1", "users/10", "users/2");
            assertThat(listed(NamespaceQuery.in().endingIn("notes").depth(2)))
                    .containsExactly("notes", "users/1", "users/10");
        }

        @Test
        void comeInPages() {
            assertThat(listed(NamespaceQuery.in().limit(2).offset(1))).containsExactly("a", "a/b");
            assertThat(listed(NamespaceQuery.in().depth(1).limit(2).offset(4))).containsExactly("teams", "users");
            assertThat(listed(NamespaceQuery.in().offset(11))).isEmpty();
        }

        @Test
        void areAtMostAHundredUnlessToldOtherwise() {
            for (int i = 0; i < 105; i++) {
                store.put(List.of("many", "n" + i), "k", Tree.EMPTY);
            }

            assertThat(listed(NamespaceQuery.in("many"))).hasSize(100);
            assertThat(listed(NamespaceQuery.in("many").limit(1000))).hasSize(105);
        }

        @Test
        void vanishWithTheirLastItem() {
            store.delete(List.of("a", "b"), "k1");
            assertThat(listed(NamespaceQuery.in("a"))).containsExactly("a", "a/b");

            store.delete(List.of("a", "b"), "k2");
            assertThat(listed(NamespaceQuery.in("a"))).containsExactly("a");
        }

        @Test
        void haveALimitAndADepthAboveZero() {
            NamespaceQuery all = NamespaceQuery.in();
            for (ThrowingCallable bad :
                    List.<ThrowingCallable>of(() -> all.limit(0), () -> all.depth(0), () -> all.offset(-1))) {
                assertThatThrownBy(bad).isInstanceOf(StoreException.InvalidQuery.class);
            }
        }
    }

    /** Embeds a text as how often it has each of these words; remembers what it was asked. */
    private static final class WordCount implements Embedding {
        private final List<String> words;
        private final List<List<String>> calls = new ArrayList<>();

        WordCount(String... words) {
            this.words = List.of(words);
        }

        @Override
        public int dimensions() {
            return words.size();
        }

        @Override
        public float[][] embed(List<String> texts) {
            calls.add(texts);
            return texts.stream().map(this::vector).toArray(float[][]::new);
        }

        private float[] vector(String text) {
            float[] vector = new float[words.size()];
            for (String word : text.split("\\W+", -1)) {
                int at = words.indexOf(word);
                if (at >= 0) {
                    vector[at]++;
                }
            }
            return vector;
        }
    }

    private static Tree.Fields lines(String... lines) {
        return Tree.fields("lines", Tree.of(Arrays.stream(lines).map(Tree::of).toList()));
    }
}
