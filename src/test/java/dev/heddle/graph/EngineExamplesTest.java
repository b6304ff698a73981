package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.END;
import static dev.heddle.graph.state.StateGraph.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.graph.checkpoint.HistoryQuery;
import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.Entrypoint;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.state.TaskFunction;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.ChannelKind;
import dev.heddle.graph.types.CheckpointRef;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.Destination;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.Persistence;
import dev.heddle.graph.types.RetryPolicy;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.StateEdit;
import dev.heddle.graph.types.StateSnapshot;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.TaskFuture;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of docs/engine.md: what stands there between the marks of a name stands here, and runs. */
final class EngineExamplesTest {
    private final List<String> printed = new ArrayList<>();

    @Test
    void hello() {
        // example: hello
        Key<String> name = Key.lastValue("name", Codecs.TEXT);
        Key<String> greeting = Key.lastValue("greeting", Codecs.TEXT);

        CompiledGraph graph = StateGraph.of(name, greeting)
                .node("greet", (state, context) -> Update.of(greeting, "Hello, " + state.get(name)))
                .edge(START, "greet")
                .compile("hello");

        RunResult result = graph.invoke(Update.of(name, "Ada"), RunConfig.DEFAULT);
        print(result.state().get(greeting)); // Hello, Ada
        // end

        assertThat(printed).containsExactly("Hello, Ada");
    }

    @Test
    void loop() {
        // example: loop
        Key<Integer> count = Key.lastValue("count", Codecs.INT);

        CompiledGraph graph = StateGraph.of(count)
                .node("add", (state, context) -> Update.of(count, state.get(count) + 1))
                .edge(START, "add")
                .branch("add", state -> state.get(count) < 5 ? "add" : END)
                .compile("loop");

        print(graph.invoke(Update.of(count, 0), RunConfig.DEFAULT).state().get(count)); // 5
        // end

        assertThat(printed).containsExactly("5");
    }

    @Test
    void keys() {
        // example: keys
        Key<Integer> cost = Key.reduced("cost", Codecs.INT, 0, Integer::sum);
        Key<List<String>> notes = Key.of("notes", Codecs.list(Codecs.TEXT), new ChannelKind.Topic<>(true, false));

        CompiledGraph graph = StateGraph.of(cost, notes)
                .node("a", (state, context) -> Update.of(cost, 1).and(notes, List.of("from a")))
                .node("b", (state, context) -> Update.of(cost, 2).and(notes, List.of("from b")))
                .node("reset", (state, context) -> Update.overwrite(cost, 100))
                .edge(START, "a")
                .edge(START, "b") // a and b run in one superstep; their writes are combined in the order of names
                .join(List.of("a", "b"), "reset")
                .compile("keys");

        RunResult result = graph.invoke(Update.of(cost, 10), RunConfig.DEFAULT);
        print(result.state().get(notes)); // [from a, from b]
        print(result.state().get(cost)); // 100, and 13 before "reset"
        // end

        assertThat(printed).containsExactly("[from a, from b]", "100");
    }

    @Test
    void mapReduce() {
        // example: map-reduce
        Key<List<String>> words = Key.lastValue("words", Codecs.list(Codecs.TEXT));
        Key<String> word = Key.lastValue("word", Codecs.TEXT);
        Key<Integer> letters = Key.reduced("letters", Codecs.INT, 0, Integer::sum);

        CompiledGraph graph = StateGraph.of(words, letters)
                .node(
                        "count",
                        (state, context) -> Update.of(letters, state.get(word).length()))
                .route(START, state -> state.get(words).stream()
                        .map(each -> (Destination) Send.to("count", word, each))
                        .toList())
                .compile("map-reduce");

        RunResult result = graph.invoke(Update.of(words, List.of("one", "three", "five")), RunConfig.DEFAULT);
        print(result.state().get(letters)); // 12
        // end

        assertThat(printed).containsExactly("12");
    }

    @Test
    void join() {
        // example: join
        Key<List<String>> seen = Key.of("seen", Codecs.list(Codecs.TEXT), new ChannelKind.Topic<>(true, false));

        CompiledGraph graph = StateGraph.of(seen)
                .node("fast", (state, context) -> Update.of(seen, List.of("fast")))
                .node("slow", (state, context) -> Update.of(seen, List.of("slow")))
                .node("slower", (state, context) -> Update.of(seen, List.of("slower")))
                .node("end", (state, context) -> Update.of(seen, List.of("end")))
                .edge(START, "fast")
                .edge(START, "slow")
                .edge("slow", "slower")
                .join(List.of("fast", "slower"), "end") // once, when both have run
                .compile("join");

        print(graph.invoke(Update.NONE, RunConfig.DEFAULT).state().get(seen)); // [fast, slow, slower, end]
        // end

        assertThat(printed).containsExactly("[fast, slow, slower, end]");
    }

    @Test
    void interrupt() {
        // example: interrupt
        Key<String> order = Key.lastValue("order", Codecs.TEXT);
        Key<String> status = Key.lastValue("status", Codecs.TEXT);

        CompiledGraph graph = StateGraph.of(order, status)
                .node("approve", (state, context) -> {
                    // Does not return the first time; when it is answered, the node runs again from its beginning.
                    boolean yes = context.interrupt(Tree.of("Order " + state.get(order) + "?"), Codecs.BOOL);
                    return Update.of(status, yes ? "ordered" : "dropped");
                })
                .edge(START, "approve")
                .compile("interrupt")
                .with(new InMemoryCheckpointer(), new InMemoryStore(Clock.systemUTC()));

        RunConfig thread = RunConfig.thread("thread-1");
        if (graph.invoke(Update.of(order, "tea"), thread) instanceof RunResult.Interrupted waiting) {
            print(waiting.interrupts().getFirst().value()); // Order tea?
        }
        RunResult result = graph.invoke(Command.resume(Tree.of(true)), thread);
        print(result.state().get(status)); // ordered
        // end

        assertThat(printed).containsExactly("Text[value=Order tea?]", "ordered");
    }

    @Test
    void persistence() {
        // example: persistence
        Key<Integer> sum = Key.reduced("sum", Codecs.INT, 0, Integer::sum);
        CompiledGraph graph = StateGraph.of(sum)
                .node("double", (state, context) -> Update.of(sum, state.get(sum)))
                .edge(START, "double")
                .compile("persistence")
                .with(new InMemoryCheckpointer(), new InMemoryStore(Clock.systemUTC()));

        RunConfig thread = RunConfig.thread("thread-1");
        graph.invoke(Update.of(sum, 1), thread);
        graph.invoke(Update.of(sum, 1), thread);
        print(graph.state("thread-1").values()); // sum = 6: (1 doubled, plus 1) doubled

        // Every superstep has left a checkpoint; go back to the one before the last, edit it, and run another branch.
        StateSnapshot before = graph.history("thread-1", HistoryQuery.newest(2)).getLast();
        print(before.next()); // [double]
        CheckpointRef branch = graph.update(before.ref(), StateEdit.as(START, Update.of(sum, 10)));
        print(graph.invoke(Input.CONTINUE, RunConfig.at(branch)).state().get(sum)); // 26
        // end

        assertThat(printed).containsExactly("Fields[fields={sum=Int[value=6]}]", "[double]", "26");
    }

    @Test
    void subgraph() {
        // example: subgraph
        Key<String> question = Key.lastValue("question", Codecs.TEXT);
        Key<String> answer = Key.lastValue("answer", Codecs.TEXT);
        Key<Integer> asked = Key.reduced("asked", Codecs.INT, 0, Integer::sum);

        CompiledGraph expert = StateGraph.of(question, answer)
                .privateKeys(asked) // the graph that holds this one does not see it
                .node("think", (state, context) -> Update.of(asked, 1)
                        .and(answer, state.get(question) + " (asked " + (state.get(asked) + 1) + " times)"))
                .edge(START, "think")
                .compile("expert", CompileOptions.DEFAULT.persistence(Persistence.PER_THREAD));

        CompiledGraph graph = StateGraph.of(question, answer)
                .node("expert", expert)
                .edge(START, "expert")
                .compile("subgraph")
                .with(new InMemoryCheckpointer(), new InMemoryStore(Clock.systemUTC()));

        RunConfig thread = RunConfig.thread("thread-1");
        print(graph.invoke(Update.of(question, "why?"), thread).state().get(answer)); // why? (asked 1 times)
        print(graph.invoke(Update.of(question, "how?"), thread).state().get(answer)); // how? (asked 2 times)
        // end

        assertThat(printed).containsExactly("why? (asked 1 times)", "how? (asked 2 times)");
    }

    @Test
    void failures() {
        // example: failures
        Key<String> page = Key.lastValue("page", Codecs.TEXT);
        AtomicInteger calls = new AtomicInteger();

        NodeOptions careful = NodeOptions.NONE
                .retry(RetryPolicy.DEFAULT.on(IOException.class).delays(Duration.ofMillis(1), 2, Duration.ofSeconds(1)))
                .timeout(Duration.ofSeconds(20)) // for each attempt
                .onError((state, error, context) -> Command.to("give-up", Update.of(page, error.message())));

        CompiledGraph graph = StateGraph.of(page)
                .node(
                        "fetch",
                        (state, context) -> {
                            calls.incrementAndGet();
                            throw new IOException("no route");
                        },
                        careful)
                .node("use", (state, context) -> Update.of(page, "never comes here"))
                .node("give-up", (state, context) -> Update.of(page, "gave up: " + state.get(page)))
                .edge(START, "fetch")
                .edge("fetch", "use")
                .compile("failures");

        print(graph.invoke(Update.NONE, RunConfig.DEFAULT).state().get(page)); // gave up: IOException: no route
        print(calls); // 3
        // end

        assertThat(printed).containsExactly("gave up: IOException: no route", "3");
    }

    @Test
    void streaming() {
        // example: streaming
        Key<Integer> count = Key.lastValue("count", Codecs.INT);
        CompiledGraph graph = StateGraph.of(count)
                .node("add", (state, context) -> {
                    context.emit(Tree.of("adding"));
                    return Update.of(count, state.get(count) + 1);
                })
                .edge(START, "add")
                .compile("streaming");

        Set<StreamMode> modes = Set.of(StreamMode.UPDATES, StreamMode.CUSTOM, StreamMode.VALUES);
        try (GraphStream events = graph.stream(Update.of(count, 1), RunConfig.DEFAULT, modes)) {
            while (events.hasNext()) {
                switch (events.next()) {
                    case StreamEvent.Custom custom -> print("custom from " + custom.node());
                    case StreamEvent.NodeUpdate update -> print("update of " + update.node());
                    case StreamEvent.Values values -> print("values after step " + values.step());
                    default -> {}
                }
            }
            print(events.result().state().get(count)); // 2
        }
        // end

        assertThat(printed)
                .containsExactly("values after step 0", "custom from add", "update of add", "values after step 1", "2");
    }

    @Test
    void functional() {
        // example: functional
        TaskFunction<String, Integer> measure = TaskFunction.of(
                        "measure", Codecs.TEXT, Codecs.INT, (text, context) -> text.length())
                .retry(RetryPolicy.DEFAULT);

        Entrypoint<List<String>, Integer> total = Entrypoint.of(
                        "total", Codecs.list(Codecs.TEXT), Codecs.INT, (texts, previous, context) -> {
                            List<TaskFuture<Integer>> lengths = texts.stream()
                                    .map(text -> measure.call(context, text)) // side by side
                                    .toList();
                            int sum = previous.orElse(0);
                            for (TaskFuture<Integer> length : lengths) {
                                sum += length.await();
                            }
                            return sum;
                        })
                .with(new InMemoryCheckpointer(), new InMemoryStore(Clock.systemUTC()));

        RunConfig thread = RunConfig.thread("thread-1");
        print(total.invoke(List.of("one", "three"), thread).state().get(total.output())); // 8
        print(total.invoke(List.of("five"), thread).state().get(total.output())); // 12
        // end

        assertThat(printed).containsExactly("8", "12");
    }

    @Test
    void drain() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch drained = new CountDownLatch(1);
        // example: drain
        Key<Integer> count = Key.lastValue("count", Codecs.INT);
        CompiledGraph graph = StateGraph.of(count)
                .node("work", (state, context) -> {
                    begun.countDown();
                    drained.await();
                    return Update.of(count, state.get(count) + 1);
                })
                .edge(START, "work")
                .branch("work", state -> state.get(count) < 3 ? "work" : END)
                .compile("drain")
                .with(new InMemoryCheckpointer(), new InMemoryStore(Clock.systemUTC()));

        RunConfig thread = RunConfig.thread("thread-1");
        try (GraphStream run = graph.stream(Update.of(count, 0), thread, Set.of())) {
            begun.await();
            run.drain(); // this process is to end: stop after the superstep under way
            drained.countDown();
            if (run.result() instanceof RunResult.Drained stopped) {
                print(stopped.state().get(count)); // 1
            }
        }
        // Later, perhaps in another process:
        print(graph.invoke(Input.CONTINUE, thread).state().get(count)); // 3
        // end

        assertThat(printed).containsExactly("1", "3");
    }

    @Test
    void areWhatTheDocumentShows() throws IOException {
        Map<String, String> here = new LinkedHashMap<>();
        find(
                here,
                "(?m)^ +// example: (\\S+)\\n(.*?)^ +// end$",
                "src/test/java/dev/heddle/graph/EngineExamplesTest.java");
        Map<String, String> there = new LinkedHashMap<>();
        find(there, "(?m)^<!-- example: (\\S+) -->\\n```java\\n(.*?)^```$", "docs/engine.md");

        assertThat(here).hasSizeGreaterThanOrEqualTo(10);
        assertThat(there).containsExactlyEntriesOf(here);
    }

    private static void find(Map<String, String> blocks, String pattern, String file) throws IOException {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(Files.readString(Path.of(file)));
        while (matcher.find()) {
            blocks.put(matcher.group(1), matcher.group(2).stripIndent().strip());
        }
    }

    private void print(Object what) {
        printed.add(what.toString());
    }
}
