package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.END;
import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.channel.Channel;
import dev.heddle.graph.channel.DeltaChannel;
import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.ChannelKind;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.State;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.GuardedCheckpointer;
import dev.heddle.tree.Codec;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** §2: what each kind of channel makes of what is written to it. */
final class ChannelsTest {
    private static final Codec<List<String>> TEXTS = Codecs.list(Codecs.TEXT);

    @Nested
    final class LastValue {
        private final Channel<Integer> channel = Channel.create("n", Codecs.INT, new ChannelKind.LastValue<>());

        @Test
        void keepsOneValueUntilItIsWrittenAgain() {
            assertThat(channel.empty()).isTrue();
            assertThat(channel.update(List.of(1))).isTrue();
            assertThat(channel.get()).contains(1);
            channel.update(List.of(2));
            assertThat(channel.get()).contains(2);
            assertThat(channel.forgetful()).isFalse();
        }

        @Test
        void refusesTwoWritesInOneSuperstepEvenEqualOnes() {
            assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                    .isThrownBy(() -> channel.update(List.of(1, 1)))
                    .withMessage("Channel 'n': too many writes in one superstep, expected at most 1, got 2. Use "
                            + "Key.reduced to combine them.");
        }

        @Test
        void unwrittenItPersistsOverSuperstepsAndRuns() {
            Key<Integer> n = Key.lastValue("n", Codecs.INT);
            CompiledGraph graph =
                    two(n, (state, context) -> Update.of(n, 7), reads(n)).with(checkpointer, store);

            assertThat(run(graph).get(TRAIL)).containsExactly("7");
            assertThat(graph.invoke(trail("again"), THREAD).state().get(n)).isEqualTo(7);
        }

        @Test
        void anOverwriteIsRefusedForThereIsNothingToCombine() {
            Key<Integer> n = Key.lastValue("n", Codecs.INT);
            CompiledGraph graph = two(n, (state, context) -> Update.overwrite(n, 7), reads(n));

            assertThatExceptionOfType(GraphException.NodeFailed.class)
                    .isThrownBy(() -> graph.invoke(Update.NONE, RunConfig.DEFAULT))
                    .havingCause()
                    .withMessageContaining("Channel 'n': overwrite, expected a key that combines writes by a reducer")
                    .withMessageContaining("Use Update.of");
        }
    }

    @Nested
    final class LastValueAfterFinish {
        private final Channel<Integer> channel =
                Channel.create("n", Codecs.INT, new ChannelKind.LastValueAfterFinish<>());

        @Test
        void keepsTheLastOfManyReadableOnlyAfterFinish() {
            channel.update(List.of(1, 2));
            assertThat(channel.get()).isEmpty();
            assertThat(channel.finish()).isTrue();
            assertThat(channel.get()).contains(2);
            assertThat(channel.finish()).isFalse();
        }

        @Test
        void isConsumedOnlyAfterFinish() {
            channel.update(List.of(1));
            assertThat(channel.consume()).isFalse();
            channel.finish();
            assertThat(channel.consume()).isTrue();
            assertThat(channel.empty()).isTrue();
            assertThat(channel.finish()).isFalse();
        }

        @Test
        void aNewWriteHidesItAgain() {
            channel.update(List.of(1));
            channel.finish();
            channel.update(List.of(2));
            assertThat(channel.empty()).isTrue();
        }

        @Test
        void itsCheckpointIsTheValueAndWhetherItIsFinished() {
            channel.update(List.of(1));
            assertThat(channel.checkpoint()).isEqualTo(Tree.of(List.of(Tree.of(1), Tree.of(false))));
            channel.finish();
            assertThat(channel.checkpoint()).isEqualTo(Tree.of(List.of(Tree.of(1), Tree.of(true))));
            assertThat(restored(new ChannelKind.LastValueAfterFinish<>(), channel)
                            .get())
                    .contains(1);
        }

        @Test
        void asAKeyItIsSeenOnlyByWhoRunsWhenAllElseIsDone() {
            Key<Integer> n = Key.of("n", Codecs.INT, new ChannelKind.LastValueAfterFinish<>());
            CompiledGraph graph = StateGraph.of(TRAIL, n)
                    .node("a", (state, context) -> Update.of(n, 7))
                    .node("b", reads(n))
                    .node("z", reads(n), NodeOptions.NONE.defer())
                    .edge(START, "a")
                    .edge("a", "b")
                    .edge("b", "z")
                    .compile("after finish");

            assertThat(run(graph).get(TRAIL)).containsExactly("-", "7");
        }
    }

    @Nested
    final class AnyValue {
        private final Channel<Integer> channel = Channel.create("n", Codecs.INT, new ChannelKind.AnyValue<>());

        @Test
        void keepsTheLastOfManyWithoutConflict() {
            channel.update(List.of(1, 2));
            assertThat(channel.get()).contains(2);
        }

        @Test
        void aSuperstepWithoutAWriteEmptiesIt() {
            Key<Integer> n = Key.of("n", Codecs.INT, new ChannelKind.AnyValue<>());
            CompiledGraph graph = StateGraph.of(TRAIL, n)
                    .node("a", (state, context) -> Update.of(n, 1))
                    .node("b", (state, context) -> Update.of(n, 2))
                    .node("c", reads(n))
                    .node("d", reads(n))
                    .edge(START, "a")
                    .edge(START, "b")
                    .edge("a", "c")
                    .edge("c", "d")
                    .compile("any");

            assertThat(run(graph).get(TRAIL)).containsExactly("2", "-");
        }
    }

    @Nested
    final class Ephemeral {
        @Test
        void guardedItRefusesTwoWrites() {
            Channel<Integer> channel = Channel.create("n", Codecs.INT, new ChannelKind.Ephemeral<>(true));

            assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                    .isThrownBy(() -> channel.update(List.of(1, 2)))
                    .withMessageContaining("Channel 'n': too many writes in one superstep, expected at most 1, got 2");
        }

        @Test
        void unguardedTheLastWriteWins() {
            Channel<Integer> channel = Channel.create("n", Codecs.INT, new ChannelKind.Ephemeral<>(false));
            channel.update(List.of(1, 2));
            assertThat(channel.get()).contains(2);
        }

        @Test
        void aSuperstepWithoutAWriteEmptiesItOnce() {
            Channel<Integer> channel = Channel.create("n", Codecs.INT, new ChannelKind.Ephemeral<>(true));
            channel.update(List.of(1));
            assertThat(channel.forgetful()).isTrue();
            assertThat(channel.pass()).isTrue();
            assertThat(channel.empty()).isTrue();
            assertThat(channel.pass()).isFalse();
        }
    }

    @Nested
    final class Untracked {
        private final Key<Integer> n = Key.of("n", Codecs.INT, new ChannelKind.Untracked<>(true));

        @Test
        void livesInMemoryForTheRunAndNeverInACheckpoint() {
            CompiledGraph graph =
                    two(n, (state, context) -> Update.of(n, 7), reads(n)).with(checkpointer, store);

            assertThat(run(graph).get(TRAIL)).containsExactly("7");
            assertThat(graph.invoke(trail("next run"), THREAD).state().find(n)).contains(7);
            assertThat(storage.history("t", "", HistoryQuery.newest(100)))
                    .isNotEmpty()
                    .allSatisfy(saved -> assertThat(saved.values()).doesNotContainKey("n"));
            assertThat(graph.state("t").values().fields()).containsOnlyKeys("trail");
        }

        @Test
        void isNotInPendingWrites() {
            CompiledGraph graph = StateGraph.of(TRAIL, n)
                    .node("a", (state, context) -> Update.of(n, 7).and(TRAIL, List.of("a")))
                    .node(
                            "b",
                            (state, context) ->
                                    trail(context.interrupt(Tree.of("?")).toString()))
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("pending")
                    .with(checkpointer, store);

            run(graph);

            assertThat(storage.latest("t", "").orElseThrow().writes())
                    .extracting(PendingWrite::channel)
                    .contains("trail", "__interrupt__")
                    .doesNotContain("n");
        }

        @Test
        void itsNameIsRemovedFromTheArgumentsOfSendsWhenTheseAreStored() {
            Key<String> item = Key.lastValue("item", Codecs.TEXT);
            Tree argument = Tree.fields("n", Tree.of(7), "item", Tree.of("i"), "deep", Tree.fields("n", Tree.of(8)));
            CompiledGraph graph = StateGraph.of(TRAIL, n)
                    .node("a", (state, context) -> Update.NONE)
                    .node(
                            "w",
                            (state, context) ->
                                    trail(state.find(n).map(String::valueOf).orElse("-") + state.get(item)))
                    .edge(START, "a")
                    .route("a", state -> List.of(new Send("w", argument)))
                    .compile("send", CompileOptions.DEFAULT.interruptBefore("w"))
                    .with(checkpointer, store);

            run(graph);
            SavedCheckpoint stored = storage.latest("t", "").orElseThrow();
            State resumed = graph.invoke(Input.CONTINUE, THREAD).state();

            assertThat(stored.values().get("__pregel_tasks"))
                    .isEqualTo(Tree.of(List.of(Tree.fields(
                            "node",
                            Tree.of("w"),
                            "argument",
                            Tree.fields("item", Tree.of("i"), "deep", Tree.fields("n", Tree.of(8)))))));
            assertThat(resumed.get(TRAIL)).containsExactly("-i");
        }

        @Test
        void withinARunTheArgumentOfASendIsWhole() {
            CompiledGraph graph = StateGraph.of(TRAIL, n)
                    .node("a", (state, context) -> Send.to("w", n, 7))
                    .node("w", reads(n))
                    .edge(START, "a")
                    .compile("send")
                    .with(checkpointer, store);

            assertThat(run(graph).get(TRAIL)).containsExactly("7");
        }

        @Test
        void guardedItRefusesTwoWritesUnguardedTheLastWins() {
            assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                    .isThrownBy(() -> Channel.create("n", Codecs.INT, new ChannelKind.Untracked<>(true))
                            .update(List.of(1, 2)))
                    .withMessageContaining("expected at most 1, got 2");

            Channel<Integer> unguarded = Channel.create("n", Codecs.INT, new ChannelKind.Untracked<>(false));
            unguarded.update(List.of(1, 2));
            assertThat(unguarded.get()).contains(2);
        }
    }

    @Nested
    final class Topic {
        @Test
        void joinsTheListsThatWereWrittenOneLevelDeep() {
            Channel<List<String>> topic = topic(false, false);
            topic.update(List.of(List.of("a", "b"), List.of("c")));
            assertThat(topic.get()).contains(List.of("a", "b", "c"));
        }

        @Test
        void notAccumulatingItBeginsAnewWithEachSuperstep() {
            Channel<List<String>> topic = topic(false, false);
            topic.update(List.of(List.of("a")));
            topic.update(List.of(List.of("b")));
            assertThat(topic.get()).contains(List.of("b"));
            assertThat(topic.pass()).isTrue();
            assertThat(topic.empty()).isTrue();
        }

        @Test
        void accumulatingItKeepsWhatIsThere() {
            Channel<List<String>> topic = topic(true, false);
            topic.update(List.of(List.of("a")));
            topic.update(List.of(List.of("b", "a")));
            assertThat(topic.get()).contains(List.of("a", "b", "a"));
            assertThat(topic.forgetful()).isFalse();
        }

        @Test
        void anEmptyListIsAnEmptyChannel() {
            Channel<List<String>> topic = topic(false, false);
            topic.update(List.of(List.of("a")));
            topic.update(List.of(List.of()));
            assertThat(topic.empty()).isTrue();
        }

        @Test
        void distinctItDropsWhatIsThereAlready() {
            Channel<List<String>> topic = topic(true, true);
            topic.update(List.of(List.of("a", "b", "a")));
            assertThat(topic.update(List.of(List.of("b")))).isFalse();
            topic.update(List.of(List.of("c", "a")));
            assertThat(topic.get()).contains(List.of("a", "b", "c"));
        }

        @Test
        void asAKeyItIsReadInTheSuperstepThatFollows() {
            Key<List<String>> topic = Key.of("topic", TEXTS, new ChannelKind.Topic<>(false, false));
            Node read = (state, context) ->
                    trail(state.find(topic).orElse(List.of("-")).toArray(String[]::new));
            CompiledGraph graph = two(topic, (state, context) -> Update.of(topic, List.of("x", "y")), read, read);

            assertThat(run(graph).get(TRAIL)).containsExactly("x", "y", "-");
        }

        private static Channel<List<String>> topic(boolean accumulating, boolean distinct) {
            return Channel.create("topic", TEXTS, new ChannelKind.Topic<>(accumulating, distinct));
        }
    }

    @Nested
    final class Reduced {
        @Test
        void beginsWithItsZeroAndFoldsFromTheLeftInTheOrderOfTheWrites() {
            Channel<String> channel = Channel.create(
                    "s", Codecs.TEXT, new ChannelKind.Reduced<>("0", (left, right) -> "(" + left + right + ")"));

            assertThat(channel.get()).contains("0");
            channel.update(List.of("a", "b"));
            assertThat(channel.get()).contains("((0a)b)");
        }

        @Test
        void withoutAZeroTheFirstWriteIsKeptAsItIs() {
            Channel<Integer> channel =
                    Channel.create("n", Codecs.INT, new ChannelKind.Reduced<>(null, (a, b) -> a - b));

            assertThat(channel.empty()).isTrue();
            channel.update(List.of(10, 3, 2));
            assertThat(channel.get()).contains(5);
        }

        @Test
        void anOverwriteIsAllThatCountsOfItsSuperstep() {
            Channel<Integer> channel = sum();
            channel.update(List.of(1));
            channel.update(List.of(10, new Channel.Overwrite(5), 100));
            assertThat(channel.get()).contains(5);
        }

        @Test
        void twoOverwritesInOneSuperstepAreRefused() {
            Channel<Integer> channel = sum();

            assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                    .isThrownBy(() -> channel.update(List.of(new Channel.Overwrite(1), new Channel.Overwrite(1))))
                    .withMessageContaining("Channel 'n': too many overwrites in one superstep, expected at most 1");
        }

        @Test
        void anOverwriteAsTheFirstWriteWithoutAZeroIsItsValue() {
            Channel<Integer> channel = Channel.create("n", Codecs.INT, new ChannelKind.Reduced<>(null, Integer::sum));
            channel.update(List.of(new Channel.Overwrite(5)));
            assertThat(channel.get()).contains(5);
        }

        @Test
        void parallelNodesOverwriteAndTheOthersWritesVanish() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", (state, context) -> trail("a"))
                    .node("b", (state, context) -> Update.overwrite(TRAIL, List.of("b")))
                    .node("c", (state, context) -> trail("c"))
                    .edge(START, "a")
                    .edge(START, "b")
                    .edge(START, "c")
                    .compile("overwrite");

            assertThat(graph.invoke(trail("in"), RunConfig.DEFAULT).state().get(TRAIL))
                    .containsExactly("b");
        }

        @Test
        void bothMapFormsOverwriteByName() {
            Tree one = Tree.of(List.of(Tree.of("new")));
            for (Tree form : List.of(
                    Tree.fields("__overwrite__", one), Tree.fields("type", Tree.of("__overwrite__"), "value", one))) {
                CompiledGraph graph = StateGraph.of(TRAIL)
                        .node("a", (state, context) -> Update.of(Tree.fields("trail", form)))
                        .edge(START, "a")
                        .compile("forms");

                assertThat(graph.invoke(trail("in"), RunConfig.DEFAULT).state().get(TRAIL))
                        .containsExactly("new");
            }
        }

        @Test
        void aMapWithMoreThanTheOverwriteIsAnOrdinaryValue() {
            Key<Tree> any = Key.reduced("any", Codecs.TREE, Tree.NULL, (left, right) -> right);
            Tree value = Tree.fields("__overwrite__", Tree.of(1), "more", Tree.of(2));
            CompiledGraph graph = StateGraph.of(any)
                    .node("a", (state, context) -> Update.of(Tree.fields("any", value)))
                    .edge(START, "a")
                    .compile("more");

            assertThat(run(graph).get(any)).isEqualTo(value);
        }

        @Test
        void inputOverwritesToo() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", (state, context) -> trail("a"))
                    .edge(START, "a")
                    .compile("input")
                    .with(checkpointer, store);
            graph.invoke(trail("one"), THREAD);

            assertThat(graph.invoke(Update.overwrite(TRAIL, List.of("two")), THREAD)
                            .state()
                            .get(TRAIL))
                    .containsExactly("two", "a");
        }

        @Test
        void anOverwriteSurvivesInPendingWrites() {
            CompiledGraph graph = StateGraph.of(TRAIL)
                    .node("a", (state, context) -> Update.overwrite(TRAIL, List.of("a")))
                    .node("b", (state, context) -> {
                        context.interrupt(Tree.of("?"));
                        return trail("b");
                    })
                    .edge(START, "a")
                    .edge(START, "b")
                    .compile("pending")
                    .with(checkpointer, store);
            graph.invoke(trail("in"), THREAD);

            assertThat(graph.invoke(Command.resume(Tree.of("!")), THREAD)
                            .state()
                            .get(TRAIL))
                    .containsExactly("a");
        }

        private static Channel<Integer> sum() {
            return Channel.create("n", Codecs.INT, new ChannelKind.Reduced<>(0, Integer::sum));
        }
    }

    @Nested
    final class NamedBarrier {
        private final Channel<Tree> barrier = barrier(false);

        @Test
        void holdsNullOnceAllItsNamesWereSeenInWhateverOrder() {
            assertThat(barrier.update(List.of(Tree.of("b")))).isTrue();
            assertThat(barrier.empty()).isTrue();
            barrier.update(List.of(Tree.of("a")));
            assertThat(barrier.get()).contains(Tree.NULL);
        }

        @Test
        void aNameThatWasSeenChangesNothing() {
            barrier.update(List.of(Tree.of("a")));
            assertThat(barrier.update(List.of(Tree.of("a"), Tree.of("a")))).isFalse();
            assertThat(barrier.empty()).isTrue();
        }

        @Test
        void aForeignNameIsRefused() {
            assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                    .isThrownBy(() -> barrier.update(List.of(Tree.of("c"))))
                    .withMessageContaining("Channel 'ab': foreign name, expected one of [a, b]");
        }

        @Test
        void isConsumedOnlyWhenCompleteAndIsEmptyThen() {
            barrier.update(List.of(Tree.of("a")));
            assertThat(barrier.consume()).isFalse();
            barrier.update(List.of(Tree.of("b")));
            assertThat(barrier.consume()).isTrue();
            assertThat(barrier.empty()).isTrue();
            barrier.update(List.of(Tree.of("b")));
            assertThat(barrier.empty()).isTrue();
        }

        @Test
        void aCheckpointHoldsTheNamesSeen() {
            barrier.update(List.of(Tree.of("b")));
            Channel<Tree> again = barrier(false);
            again.restore(stored(barrier));
            again.update(List.of(Tree.of("a")));
            assertThat(again.empty()).isFalse();
        }

        @Test
        void afterFinishItWaitsForTheEndToo() {
            Channel<Tree> deferred = barrier(true);
            deferred.update(List.of(Tree.of("a")));
            assertThat(deferred.finish()).isFalse();
            deferred.update(List.of(Tree.of("b")));
            assertThat(deferred.empty()).isTrue();
            assertThat(deferred.consume()).isFalse();
            assertThat(deferred.finish()).isTrue();
            assertThat(deferred.get()).contains(Tree.NULL);
            assertThat(deferred.consume()).isTrue();
            assertThat(deferred.empty()).isTrue();
        }

        private static Channel<Tree> barrier(boolean afterFinish) {
            return Channel.create("ab", Codecs.TREE, new ChannelKind.NamedBarrier(Set.of("a", "b"), afterFinish));
        }
    }

    @Nested
    final class Delta {
        private final Key<List<String>> log = delta(3);

        @Test
        void itsReducerTakesAllWritesOfASuperstepAtOnce() {
            List<Integer> sizes = new ArrayList<>();
            Channel<List<String>> channel = Channel.create(
                    "log",
                    TEXTS,
                    new ChannelKind.Delta<>(
                            List.of(),
                            (left, writes) -> {
                                sizes.add(writes.size());
                                return joined(left, writes);
                            },
                            1_000));
            channel.update(List.of(List.of("a"), List.of("b"), List.of("c")));

            assertThat(channel.get()).contains(List.of("a", "b", "c"));
            assertThat(sizes).containsExactly(3);
        }

        @Test
        void isRestoredFromABaseAndTheWritesSince() {
            DeltaChannel<List<String>> channel = (DeltaChannel<List<String>>) Channel.create("log", TEXTS, log.kind());
            channel.restore(
                    TEXTS.encode(List.of("a")), List.of(TEXTS.encode(List.of("b")), TEXTS.encode(List.of("c"))));
            assertThat(channel.get()).contains(List.of("a", "b", "c"));
            channel.restore(null, List.of());
            assertThat(channel.get()).contains(List.of());
        }

        @Test
        void anOverwriteIsAllThatCountsOfItsSuperstepAndTwoAreRefused() {
            Channel<List<String>> channel = Channel.create("log", TEXTS, log.kind());
            channel.update(List.of(List.of("a"), new Channel.Overwrite(List.of("o")), List.of("b")));
            assertThat(channel.get()).contains(List.of("o"));
            Object overwrite = new Channel.Overwrite(List.of());
            assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                    .isThrownBy(() -> channel.update(List.of(overwrite, overwrite)))
                    .withMessageContaining("too many overwrites");
        }

        @Test
        void checkpointsHoldWhatWasWrittenAndTheValueNowAndThen() {
            CompiledGraph graph = loop(5).with(checkpointer, store);

            graph.invoke(Update.of(log, List.of("in")), THREAD);

            assertThat(graph.state("t").values().get("log"))
                    .isEqualTo(TEXTS.encode(List.of("in", "0", "1", "2", "3", "4")));
            // Oldest first: input, start (the input is written), then the five of the loop.
            assertThat(storage.history("t", "", HistoryQuery.newest(100)).reversed().stream()
                            .map(saved -> saved.values().containsKey("log")
                                    ? "whole"
                                    : saved.deltas().containsKey("log")
                                            ? "delta "
                                                    + saved.deltas()
                                                            .get("log")
                                                            .writes()
                                                            .size()
                                            : "-")
                            .toList())
                    .containsExactly("-", "delta 1", "delta 2", "whole", "delta 1", "delta 2", "whole");
        }

        @Test
        void everyCheckpointOfTheChainGivesItsOwnValue() {
            CompiledGraph graph = loop(5).with(checkpointer, store);
            graph.invoke(Update.of(log, List.of("in")), THREAD);

            assertThat(graph.history("t", HistoryQuery.newest(100)).reversed().stream()
                            .map(snapshot ->
                                    TEXTS.decode(snapshot.values().get("log")).size())
                            .toList())
                    .containsExactly(0, 1, 2, 3, 4, 5, 6);
        }

        @Test
        void aRunThatGoesOnAddsToTheChain() {
            CompiledGraph graph = loop(2).with(checkpointer, store);
            graph.invoke(Update.of(log, List.of("one")), THREAD);

            assertThat(graph.invoke(Update.of(log, List.of("two")), THREAD)
                            .state()
                            .get(log))
                    .containsExactly("one", "0", "1", "two");
        }

        @Test
        void anOverwriteIsStoredWhole() {
            CompiledGraph graph = StateGraph.of(log)
                    .node("a", (state, context) -> Update.overwrite(log, List.of("o")))
                    .edge(START, "a")
                    .compile("overwrite")
                    .with(checkpointer, store);

            graph.invoke(Update.of(log, List.of("in")), THREAD);

            assertThat(storage.latest("t", "").orElseThrow().values().get("log"))
                    .isEqualTo(TEXTS.encode(List.of("o")));
        }

        @Test
        void aSnapshotMustBeTakenAtLeastEverySuperstep() {
            assertThatExceptionOfType(GraphException.InvalidGraph.class)
                    .isThrownBy(() -> delta(0))
                    .withMessageContaining("bad snapshotEvery, expected at least 1, got 0");
        }

        /** Writes a number a superstep until there are so many. */
        private CompiledGraph loop(int times) {
            return StateGraph.of(log)
                    .node("a", (state, context) -> {
                        int written = (int) state.get(log).stream()
                                .filter(item -> item.length() == 1)
                                .count();
                        return written < times ? Update.of(log, List.of("" + written)) : Update.NONE;
                    })
                    .edge(START, "a")
                    .branch(
                            "a",
                            state -> state.get(log).stream()
                                                    .filter(item -> item.length() == 1)
                                                    .count()
                                            < times
                                    ? "a"
                                    : END)
                    .compile("loop");
        }

        private static Key<List<String>> delta(int snapshotEvery) {
            return Key.of("log", TEXTS, new ChannelKind.Delta<>(List.of(), ChannelsTest::joined, snapshotEvery));
        }
    }

    private final InMemoryCheckpointer storage = new InMemoryCheckpointer();
    private final GuardedCheckpointer checkpointer = new GuardedCheckpointer(storage);
    private final InMemoryStore store = new InMemoryStore(Clock.systemUTC());
    private static final RunConfig THREAD = RunConfig.thread("t");

    private static List<String> joined(List<String> left, List<List<String>> writes) {
        List<String> joined = new ArrayList<>(left);
        writes.forEach(joined::addAll);
        return List.copyOf(joined);
    }

    private static Channel<Integer> restored(ChannelKind<Integer> kind, Channel<Integer> channel) {
        Channel<Integer> again = Channel.create("n", Codecs.INT, kind);
        again.restore(stored(channel));
        return again;
    }

    private static Tree stored(Channel<?> channel) {
        return Objects.requireNonNull(channel.checkpoint());
    }

    private static <T> Node reads(Key<T> key) {
        return (state, context) -> trail(state.find(key).map(String::valueOf).orElse("-"));
    }

    /** One node after the other, over a key and the trail. */
    private static CompiledGraph two(Key<?> key, Node... nodes) {
        StateGraph graph = StateGraph.of(TRAIL, key);
        String last = START;
        for (int i = 0; i < nodes.length; i++) {
            graph.node("n" + i, nodes[i]).edge(last, "n" + i);
            last = "n" + i;
        }
        return graph.compile("chain");
    }

    private static State run(CompiledGraph graph) {
        return graph.invoke(Update.NONE, THREAD).state();
    }
}
