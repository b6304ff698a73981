package dev.heddle.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SharedListTest {
    private static final SharedList<String> TWO = SharedList.copyOf(List.of("a", "b"));

    @Nested
    class Appending {
        @Test
        void leavesTheListItBeganWithAsItWas() {
            SharedList<String> base = SharedList.copyOf(List.of("a", "b"));
            SharedList<String> three = base.append(List.of("c"));
            SharedList<String> five = three.append(List.of("d", "e"));

            assertThat(base).containsExactly("a", "b");
            assertThat(three).containsExactly("a", "b", "c");
            assertThat(five).containsExactly("a", "b", "c", "d", "e");
        }

        @Test
        void twoAppendsToOneListDoNotSeeEachOther() {
            SharedList<String> base = SharedList.copyOf(List.of("a", "b"));
            SharedList<String> first = base.append(List.of("c", "d"));
            SharedList<String> second = base.append(List.of("x"));
            SharedList<String> third = second.append(List.of("y"));

            assertThat(first).containsExactly("a", "b", "c", "d");
            assertThat(second).containsExactly("a", "b", "x");
            assertThat(third).containsExactly("a", "b", "x", "y");
        }

        @Test
        void theSameElementsTwiceGiveOneRow() {
            SharedList<String> base = SharedList.copyOf(List.of("a", "b"));
            SharedList<String> once = base.append(List.of("c"));
            SharedList<String> longer = once.append(List.of("d"));
            SharedList<String> again = base.append(List.of("c", "d", "e"));

            assertThat(again).containsExactly("a", "b", "c", "d", "e");
            assertThat(again.beginsWith(longer)).isTrue();
            assertThat(base.append(List.of("c")).beginsWith(once)).isTrue();
        }

        @Test
        void partOfTheSameElementsIsNotEnough() {
            SharedList<String> base = SharedList.copyOf(List.of("a"));
            SharedList<String> once = base.append(List.of("b", "c"));
            SharedList<String> other = base.append(List.of("b", "x"));

            assertThat(once).containsExactly("a", "b", "c");
            assertThat(other).containsExactly("a", "b", "x");
            assertThat(other.beginsWith(once)).isFalse();
        }

        @Test
        void nothingGivesTheListItself() {
            assertThat(TWO.append(List.of())).isSameAs(TWO);
            assertThat(SharedList.joined(List.of("a"), List.of())).containsExactly("a");
        }

        @Test
        void aListMayBeAppendedToItself() {
            SharedList<String> base = SharedList.copyOf(List.of("a", "b"));

            assertThat(base.append(base).append(base)).containsExactly("a", "b", "a", "b", "a", "b");
        }

        @Test
        void nullsAreRefusedAndNothingIsAppended() {
            SharedList<String> base = SharedList.copyOf(List.of("a", "b"));

            assertThatNullPointerException().isThrownBy(() -> base.append(Collections.singletonList(null)));
            assertThatNullPointerException().isThrownBy(() -> SharedList.copyOf(Arrays.asList("a", null)));
            assertThat(base.append(List.of("c"))).containsExactly("a", "b", "c");
        }

        @Test
        void laterChangesOfWhatWasAppendedDoNotShow() {
            List<String> mutable = new ArrayList<>(List.of("c"));
            SharedList<String> three = TWO.append(mutable);
            mutable.set(0, "x");
            List<String> begun = new ArrayList<>(List.of("a"));
            SharedList<String> copy = SharedList.copyOf(begun);
            begun.set(0, "x");

            assertThat(three).containsExactly("a", "b", "c");
            assertThat(copy).containsExactly("a");
        }

        @Test
        void equalsAnOrdinaryListWhateverTheHistory() {
            Random random = new Random(7);
            List<SharedList<Integer>> shared = new ArrayList<>(List.of(SharedList.copyOf(List.<Integer>of())));
            List<List<Integer>> plain = new ArrayList<>(List.of(List.of()));
            for (int i = 0; i < 2_000; i++) {
                // Mostly the newest, as in a run; now and then an older one, as in a fork.
                int at = random.nextInt(4) > 0 ? shared.size() - 1 : random.nextInt(shared.size());
                List<Integer> more =
                        random.ints(random.nextInt(4), 0, 3).boxed().toList();
                shared.add(shared.get(at).append(more));
                List<Integer> expected = new ArrayList<>(plain.get(at));
                expected.addAll(more);
                plain.add(expected);
            }
            assertThat(shared).hasSize(2_001).isEqualTo(plain);
        }
    }

    @Nested
    class AsAList {
        @Test
        void cannotBeChanged() {
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> TWO.add("c"));
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> TWO.set(0, "c"));
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> TWO.remove(0));
        }

        @Test
        void knowsItsEndThoughItsRowGoesOn() {
            SharedList<String> base = SharedList.copyOf(List.of("a", "b"));
            SharedList<String> longer = base.append(List.of("c"));

            assertThat(longer).hasSize(3);
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> base.get(2));
            assertThat(base.contains("c")).isFalse();
            assertThat(base.stream()).containsExactly("a", "b");
            assertThat(base.hashCode()).isEqualTo(List.of("a", "b").hashCode());
        }

        @Test
        void equalsByContent() {
            SharedList<String> base = SharedList.copyOf(List.of("a"));

            assertThat(base.append(List.of("b"))).isEqualTo(List.of("a", "b")).isEqualTo(TWO);
            assertThat(List.of("a", "b")).isEqualTo(TWO);
            assertThat(base).isNotEqualTo(TWO);
        }
    }

    @Nested
    class Beginning {
        @Test
        void isKnownOfTheListsItGrewFrom() {
            SharedList<String> base = SharedList.copyOf(List.of("a", "b"));
            SharedList<String> longer = base;
            for (int i = 0; i < 100; i++) {
                longer = longer.append(List.of("m" + i));
            }
            assertThat(longer.beginsWith(base)).isTrue();
            assertThat(longer.beginsWith(longer)).isTrue();
            assertThat(base.beginsWith(longer)).isFalse();
            assertThat(base.beginsWith(List.of())).isTrue();
        }

        @Test
        void isNotKnownOfOthersThoughTheyAreEqual() {
            assertThat(TWO.beginsWith(SharedList.copyOf(List.of("a", "b")))).isFalse();
            assertThat(TWO.beginsWith(List.of("a"))).isFalse();
        }
    }

    @Nested
    class Finding {
        private static final Function<String, Integer> LENGTH = String::length;

        @Test
        void givesTheFirstPlaceWithinTheList() {
            SharedList<String> base = SharedList.copyOf(List.of("a", "bb"));
            SharedList<String> longer = base.append(List.of("cc", "ddd"));

            assertThat(longer.find(LENGTH, 3)).isEqualTo(3);
            assertThat(longer.find(LENGTH, 2)).isEqualTo(1);
            assertThat(base.find(LENGTH, 3)).isEqualTo(-1);
            assertThat(longer.append(List.of("eeee")).find(LENGTH, 4)).isEqualTo(4);
        }

        @Test
        void doesNotAskAllElementsEachTime() {
            AtomicInteger asked = new AtomicInteger();
            Function<String, String> self = text -> {
                asked.incrementAndGet();
                return text;
            };
            SharedList<String> list = SharedList.copyOf(List.of("0"));
            for (int i = 1; i < 50; i++) {
                assertThat(list.find(self, "none")).isEqualTo(-1);
                list = list.append(List.of("" + i));
            }
            // Again when the table grows or two properties share a place, but not with every search.
            assertThat(asked.get()).isBetween(49, 400);
        }

        @Test
        void findsEachOfManyAndNoOther() {
            SharedList<Integer> list = SharedList.copyOf(List.<Integer>of());
            Function<Integer, Object> property = number -> number * 7_919 % 1_009;
            for (int i = 0; i < 1_000; i++) {
                list = list.append(List.of(i));
            }
            for (int i = 0; i < 1_009; i++) {
                assertThat(list.find(property, i)).isEqualTo(first(property, i));
            }
        }

        private static int first(Function<Integer, Object> property, int wanted) {
            for (int i = 0; i < 1_000; i++) {
                if (property.apply(i).equals(wanted)) {
                    return i;
                }
            }
            return -1;
        }

        @Test
        void worksOnTreesToo() {
            Tree.Items items = new Tree.Items(List.of(Tree.of("a"))).append(List.of(Tree.of("bb")));

            assertThat(((SharedList<Tree>) items.items()).find(tree -> tree, Tree.of("bb")))
                    .isEqualTo(1);
            assertThat(((SharedList<Tree>) items.items()).find(tree -> tree, Tree.of("c")))
                    .isEqualTo(-1);
        }
    }

    @Nested
    class AtOnce {
        @Test
        void appendsOfManyWorkersToOneListDoNotMeet() throws Exception {
            int workers = 8;
            try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int round = 0; round < 200; round++) {
                    SharedList<Integer> base = SharedList.copyOf(List.of(-1, -2));
                    CyclicBarrier start = new CyclicBarrier(workers);
                    List<Future<SharedList<Integer>>> grown = new ArrayList<>();
                    for (int worker = 0; worker < workers; worker++) {
                        int mine = worker;
                        grown.add(pool.submit(() -> {
                            start.await();
                            SharedList<Integer> list = base;
                            for (int i = 0; i < 20; i++) {
                                list = list.append(List.of(mine));
                            }
                            return list;
                        }));
                    }
                    for (int worker = 0; worker < workers; worker++) {
                        SharedList<Integer> list = grown.get(worker).get();
                        assertThat(list.subList(0, 2)).isEqualTo(base);
                        assertThat(list.subList(2, 22)).isEqualTo(Collections.nCopies(20, worker));
                    }
                }
            }
        }

        @Test
        void encodingAndDecodingAtOnceGiveEqualLists() throws Exception {
            Codec<List<String>> codec = Codecs.list(Codecs.TEXT);
            try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int round = 0; round < 200; round++) {
                    SharedList<String> list = TWO.append(List.of("r" + round, "s"));
                    CyclicBarrier start = new CyclicBarrier(4);
                    List<Future<List<String>>> read = new ArrayList<>();
                    for (int worker = 0; worker < 4; worker++) {
                        read.add(pool.submit(() -> {
                            start.await();
                            return codec.decode(codec.encode(list));
                        }));
                    }
                    for (Future<List<String>> one : read) {
                        assertThat(one.get()).containsExactly("a", "b", "r" + round, "s");
                    }
                }
            }
        }
    }
}
