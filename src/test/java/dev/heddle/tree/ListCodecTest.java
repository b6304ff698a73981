package dev.heddle.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a list costs that grows, is kept, and is read again. */
class ListCodecTest {
    private int encoded;
    private int decoded;

    private final Codec<String> counting = Codecs.codec(
            Codecs.TEXT.schema(),
            value -> {
                encoded++;
                return Codecs.TEXT.encode(value);
            },
            tree -> {
                decoded++;
                return Codecs.TEXT.decode(tree);
            });
    private final Codec<List<String>> codec = Codecs.list(counting);

    private Tree.Items encode(List<String> list) {
        return (Tree.Items) codec.encode(list);
    }

    @Nested
    class AListThatGrows {
        @Test
        void encodesEachElementOnce() {
            SharedList<String> list = SharedList.copyOf(List.of("a", "b"));
            assertThat(encode(list)).isEqualTo(Tree.of(List.of(Tree.of("a"), Tree.of("b"))));
            for (int i = 0; i < 100; i++) {
                list = list.append(List.of("m" + i));
                assertThat(encode(list).items()).hasSize(i + 3);
            }
            assertThat(encoded).isEqualTo(102);
        }

        @Test
        void givesTreesThatAreKnownToBeginWithTheEarlierOnes() {
            SharedList<String> list = SharedList.copyOf(List.of("a", "b"));
            Tree.Items earlier = encode(list);
            Tree.Items later = encode(list.append(List.of("c")));

            assertThat(later.beginsWith(earlier)).isTrue();
            assertThat(earlier.beginsWith(later)).isFalse();
            assertThat(earlier.items()).hasSize(2);
        }

        @Test
        void comesBackWithoutDecoding() {
            List<String> list = SharedList.copyOf(List.of("a")).append(List.of("b"));
            List<String> back = codec.decode(encode(list));

            assertThat(back).isEqualTo(list);
            assertThat(((SharedList<String>) back).beginsWith(list)).isTrue();
            assertThat(decoded).isZero();
        }

        @Test
        void goesThroughStorageTurnByTurnAtTheCostOfATurn() {
            Tree.Items stored = encode(List.of());
            for (int turn = 0; turn < 200; turn++) {
                List<String> messages = codec.decode(stored);
                Tree.Items before = stored;
                stored = encode(
                        SharedList.joined(SharedList.joined(messages, List.of("q" + turn)), List.of("a" + turn)));
                assertThat(stored.beginsWith(before)).isTrue();
            }
            assertThat(codec.decode(stored)).hasSize(400).endsWith("q199", "a199");
            assertThat(encoded).isEqualTo(400);
            assertThat(decoded).isZero();
        }
    }

    @Nested
    class AListReadFromStorage {
        private final Tree.Items stored = Tree.of(List.of(Tree.of("a"), Tree.of("b")));

        @Test
        void decodesEachElementOnceAndDoesNotEncodeItAgain() {
            List<String> read = codec.decode(stored);
            Tree.Items written = encode(SharedList.joined(read, List.of("c")));

            assertThat(written.items()).containsExactly(Tree.of("a"), Tree.of("b"), Tree.of("c"));
            assertThat(codec.decode(written)).containsExactly("a", "b", "c");
            assertThat(decoded).isEqualTo(2);
            assertThat(encoded).isEqualTo(1);
        }

        @Test
        void decodesOnlyWhatTreesWereAppendedSince() {
            Tree.Items shared = encode(codec.decode(stored));
            Tree.Items longer = shared.append(List.of(Tree.of("c")));

            assertThat(codec.decode(longer)).containsExactly("a", "b", "c");
            assertThat(codec.decode(shared)).containsExactly("a", "b");
            assertThat(decoded).isEqualTo(3);
        }

        @Test
        void refusesABadElementAtOnceAndEachTime() {
            Tree.Items bad = Tree.of(List.<Tree>of(Tree.of("a"))).append(List.of(Tree.of(1)));

            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(CodecException.class)
                        .isThrownBy(() -> codec.decode(bad))
                        .satisfies(e -> assertThat(e.got()).isEqualTo("number"));
            }
        }
    }

    @Nested
    class ForksOfAList {
        @Test
        void areEncodedEachWithItsOwnElements() {
            SharedList<String> base = SharedList.copyOf(List.of("a"));
            SharedList<String> left = base.append(List.of("l"));
            SharedList<String> right = base.append(List.of("r"));

            assertThat(encode(left).items()).containsExactly(Tree.of("a"), Tree.of("l"));
            assertThat(encode(right).items()).containsExactly(Tree.of("a"), Tree.of("r"));
            assertThat(encode(base).items()).containsExactly(Tree.of("a"));
        }

        @Test
        void ofTreesAndOfValuesDoNotMeet() {
            Tree.Items base = encode(SharedList.copyOf(List.of("a")));
            Tree.Items byTree = base.append(List.of(Tree.of("t")));
            SharedList<String> byValue = ((SharedList<String>) codec.decode(base)).append(List.of("v"));
            Tree.Items byTreeLater = base.append(List.of(Tree.of("u")));

            assertThat(codec.decode(byTree)).containsExactly("a", "t");
            assertThat(encode(byValue).items()).containsExactly(Tree.of("a"), Tree.of("v"));
            assertThat(codec.decode(byTreeLater)).containsExactly("a", "u");
        }
    }

    @Test
    void twoCodecsOfOneListKeepApart() {
        SharedList<String> list = SharedList.copyOf(List.of("a"));
        Codec<String> shouting = Codecs.codec(
                Codecs.TEXT.schema(), value -> Tree.of(value + "!"), tree -> Codecs.TEXT.decode(tree) + "?");
        Tree.Items plain = encode(list);

        assertThat(Codecs.list(shouting).encode(list)).isEqualTo(Tree.of(List.of(Tree.of("a!"))));
        assertThat(Codecs.list(shouting).decode(plain)).containsExactly("a?");
        assertThat(codec.decode(plain)).containsExactly("a");
    }

    @Test
    void nestedListsWorkToo() {
        Codec<List<List<String>>> nested = Codecs.list(codec);
        List<List<String>> value = List.of(List.of("a"), SharedList.copyOf(List.of("b", "c")));

        assertThat(nested.decode(nested.encode(value))).isEqualTo(value);
    }

    @Test
    void everyHistoryGivesTheSameAsPlainLists() {
        Random random = new Random(11);
        List<String> value = SharedList.copyOf(List.of());
        Tree.Items tree = Tree.of(List.of());
        List<Tree> expected = List.of();
        for (int i = 0; i < 1_000; i++) {
            switch (random.nextInt(4)) {
                case 0 -> value = SharedList.joined(value, List.of("v" + random.nextInt(3)));
                case 1 -> {
                    tree = encode(value);
                    expected = value.stream().map(Codecs.TEXT::encode).toList();
                }
                case 2 -> value = codec.decode(tree);
                default -> tree = tree.append(List.of(Tree.of("t" + random.nextInt(3))));
            }
            assertThat(codec.decode(encode(value))).isEqualTo(value);
            assertThat(tree.items().subList(0, expected.size())).isEqualTo(expected);
            assertThat(encode(codec.decode(tree))).isEqualTo(tree);
        }
        assertThat(value).isNotEmpty();
    }
}
