package dev.heddle.bench;

import static dev.heddle.graph.state.StateGraph.END;
import static dev.heddle.graph.state.StateGraph.START;

import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.Destination;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.SharedList;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The works of the benchmark with Heddle, by classes of the engine alone. */
final class HeddleWorks {
    private static final Key<Integer> N = Key.lastValue("n", Codecs.INT);
    private static final Key<List<String>> BALLAST = Key.lastValue("ballast", Codecs.list(Codecs.TEXT));
    private static final Key<Integer> ITEM = Key.lastValue("item", Codecs.INT);
    private static final Key<List<Integer>> DONE =
            Key.reduced("done", Codecs.list(Codecs.INT), List.of(), SharedList::joined);
    private static final Key<Integer> TOTAL = Key.lastValue("total", Codecs.INT);

    private HeddleWorks() {}

    /** Work a: one node that counts to {@code steps}, no checkpointer. */
    static Work loop(int steps, List<String> ballast) {
        CompiledGraph graph = counting(steps, N, BALLAST);
        Update input = Update.of(N, 0).and(BALLAST, ballast);
        RunConfig config = RunConfig.DEFAULT.withRecursionLimit(steps + 10);
        return () -> Work.expect(steps, graph.invoke(input, config).state().get(N));
    }

    /** Work b: the same with the in-memory checkpointer; each checkpoint is stored before the next superstep begins. */
    static Work storedLoop(int steps, List<String> ballast) {
        InMemoryCheckpointer saver = new InMemoryCheckpointer();
        CompiledGraph graph = stored(counting(steps, N, BALLAST), saver);
        Update input = Update.of(N, 0).and(BALLAST, ballast);
        RunConfig config = RunConfig.thread("loop").withRecursionLimit(steps + 10);
        return () -> {
            Work.expect(steps, graph.invoke(input, config).state().get(N));
            saver.deleteThread("loop");
        };
    }

    /** Work d: a router sends 100 numbers to a worker node; a last node counts the results. */
    static Work fan() {
        List<Destination> sends = IntStream.range(0, 100)
                .<Destination>mapToObj(item -> Send.to("worker", ITEM, item))
                .toList();
        CompiledGraph graph = StateGraph.of(DONE, TOTAL)
                .node("router", (state, context) -> Update.NONE)
                .node("worker", (state, context) -> Update.of(DONE, List.of(state.get(ITEM))))
                .node(
                        "join",
                        (state, context) -> Update.of(TOTAL, state.get(DONE).size()))
                .edge(START, "router")
                .route("router", state -> sends)
                .edge("worker", "join")
                .edge("join", END)
                .compile("fan");
        Update input = Update.of(TOTAL, 0);
        return () ->
                Work.expect(100, graph.invoke(input, RunConfig.DEFAULT).state().get(TOTAL));
    }

    /** Counts to {@code steps} while so many other keys hold a text each and are not touched. */
    static Work loopBeside(int steps, int channels) {
        Update input = Update.of(N, 0);
        List<Key<?>> keys = new ArrayList<>(List.of(N));
        for (int i = 0; i < channels; i++) {
            Key<String> key = Key.lastValue("key" + i, Codecs.TEXT);
            keys.add(key);
            input = input.and(key, "untouched");
        }
        InMemoryCheckpointer saver = new InMemoryCheckpointer();
        CompiledGraph graph = stored(counting(steps, keys.toArray(Key<?>[]::new)), saver);
        Update begin = input;
        RunConfig config = RunConfig.thread("beside").withRecursionLimit(steps + 10);
        return () -> {
            Work.expect(steps, graph.invoke(begin, config).state().get(N));
            saver.deleteThread("beside");
        };
    }

    /** Counts to {@code steps} on a thread that has about so many checkpoints already; each run makes it longer. */
    static Work loopBehind(int steps, int checkpoints) {
        CompiledGraph graph = counting(steps, N);
        CompiledGraph stored = stored(graph, new InMemoryCheckpointer());
        RunConfig config = RunConfig.thread("behind").withRecursionLimit(Math.max(steps, checkpoints) + 10);
        stored.invoke(Update.of(N, steps - checkpoints), config);
        return () -> Work.expect(
                steps, stored.invoke(Update.of(N, 0), config).state().get(N));
    }

    private static CompiledGraph counting(int steps, Key<?>... keys) {
        return StateGraph.of(keys)
                .node("n", (state, context) -> Update.of(N, state.get(N) + 1))
                .edge(START, "n")
                .branch("n", state -> state.get(N) >= steps ? END : "n")
                .compile("loop");
    }

    static CompiledGraph stored(CompiledGraph graph, InMemoryCheckpointer saver) {
        return graph.with(saver, new InMemoryStore(Clock.systemUTC()));
    }
}
