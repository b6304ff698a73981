package dev.heddle.graph;

import static dev.heddle.graph.state.StateGraph.END;
import static dev.heddle.graph.state.StateGraph.START;
import static dev.heddle.testing.Trail.TRAIL;
import static dev.heddle.testing.Trail.trail;

import dev.heddle.graph.state.CompileOptions;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.types.ChannelKind;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.Destination;
import dev.heddle.graph.types.ErrorHandler;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.Node;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.NodeResult;
import dev.heddle.graph.types.Persistence;
import dev.heddle.graph.types.RetryPolicy;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.Send;
import dev.heddle.graph.types.TaskFuture;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Graphs of every kind. Each comes to the same end however often it is broken off: what a node writes depends on its input
 * alone. Questions are answered by {@code "re "} and the question.
 */
final class Scenarios {
    private static final Key<String> ITEM = Key.lastValue("item", Codecs.TEXT);
    private static final Key<Integer> COUNT = Key.reduced("count", Codecs.INT, 0, Integer::sum);

    private Scenarios() {}

    /**
     * A graph.
     *
     * @param build makes it of nodes that the world watches
     * @param marks what it leaves in the end
     */
    record Scenario(String name, Function<World, StateGraph> build, CompileOptions options, List<String> marks) {
        /** The graph in a world. It does not wait between attempts. */
        CompiledGraph graph(World world) {
            return build.apply(world).compile(name, options).with(delay -> {});
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Watches all nodes of a scenario. This one does nothing. */
    static class World {
        /** A node or a call begins. */
        void begins(NodeContext context) throws Exception {}

        /** A node ends, however. */
        void ends(NodeContext context) {}

        final Node node(Node node) {
            return (state, context) -> {
                begins(context);
                try {
                    return node.run(state, context);
                } finally {
                    ends(context);
                }
            };
        }

        final <R> NodeContext.Work<R> work(NodeContext.Work<R> work) {
            return context -> {
                begins(context);
                return work.run(context);
            };
        }

        final ErrorHandler handler(ErrorHandler handler) {
            return (state, error, context) -> {
                begins(context);
                return handler.handle(state, error, context);
            };
        }

        final Node leaves(String mark) {
            return node((state, context) -> trail(mark));
        }
    }

    /** Answers and goes on until nothing is left to do. */
    static RunResult finish(CompiledGraph graph, RunConfig thread, RunResult result) {
        RunResult last = result;
        while (!(last instanceof RunResult.Completed)) {
            last = graph.invoke(next(last), thread);
        }
        return last;
    }

    /** What a thread needs to go on: the answers to its questions, if it has any. */
    static Input next(RunResult result) {
        if (!(result instanceof RunResult.Interrupted waits) || waits.interrupts().isEmpty()) {
            return Input.CONTINUE;
        }
        Map<String, Tree> answers = new LinkedHashMap<>();
        waits.interrupts().forEach(interrupt -> answers.putIfAbsent(interrupt.id(), answer(interrupt.value())));
        return answers.size() == 1
                ? Command.resume(answers.values().iterator().next())
                : Command.resume(answers);
    }

    private static Tree answer(Tree question) {
        return Tree.of("re " + Codecs.text(question, "question"));
    }

    private static String ask(NodeContext context, String question) {
        return context.interrupt(Tree.of(question), Codecs.TEXT);
    }

    static List<Scenario> all() {
        return List.of(
                of("loop", Scenarios::loop, "a0", "a1", "a2", "a3"),
                of("sends", Scenarios::sends, "plan", "w1", "w2", "w3", "collect 4"),
                of("join", Scenarios::join, "a", "b", "b2", "c"),
                of("deferred", Scenarios::deferred, "a", "b", "b2", "b3", "d"),
                of("branch", Scenarios::branch, "a", "x", "z", "e"),
                of("command", Scenarios::command, "a", "b", "c", "d1", "d2", "e"),
                of("command to the parent", Scenarios::commandToParent, "from x", "after", "target"),
                of("channels", Scenarios::channels, "topic [a, b] any b", "ephemeral c", "delta [a, b, c, d]"),
                of("subgraph", Scenarios::subgraph, "a", "a", "x", "y", "b"),
                of("subgraph beside", Scenarios::subgraphBeside, "x", "p", "q", "s", "t"),
                of("subgraph per thread", Scenarios::subgraphPerThread, "saw 2", "saw 4", "saw 6"),
                of("interrupt", Scenarios::interrupt, "a", "ask re ask?", "quick", "b"),
                of("interrupts", Scenarios::interrupts, "a re 1? re 2?", "b re b?", "c"),
                of("interrupts in subgraphs", Scenarios::subgraphsThatAsk, "x1", "y1 re 1?", "x2", "y2 re 2?", "end"),
                of("retry and handler", Scenarios::retryAndHandler, "flaky", "handled", "rescue"),
                of("calls", Scenarios::calls, "1", "2", "1+2", "re go?", "4", "end"),
                new Scenario(
                        "stops",
                        Scenarios::join,
                        CompileOptions.DEFAULT.interruptBefore("*").interruptAfter("b2"),
                        List.of("a", "b", "b2", "c")));
    }

    private static Scenario of(String name, Function<World, StateGraph> build, String... marks) {
        return new Scenario(name, build, CompileOptions.DEFAULT, List.of(marks));
    }

    private static StateGraph loop(World world) {
        return StateGraph.of(TRAIL)
                .node("a", world.node((state, context) -> trail("a" + state.get(TRAIL).size())))
                .edge(START, "a")
                .branch("a", state -> state.get(TRAIL).size() < 4 ? "a" : END);
    }

    private static StateGraph sends(World world) {
        return StateGraph.of(TRAIL)
                .node("plan", world.leaves("plan"))
                .node("w", world.node((state, context) -> trail("w" + state.get(ITEM))))
                .node(
                        "collect",
                        world.node((state, context) ->
                                trail("collect " + state.get(TRAIL).size())))
                .edge(START, "plan")
                .route(
                        "plan",
                        state -> List.of(Send.to("w", ITEM, "1"), Send.to("w", ITEM, "2"), Send.to("w", ITEM, "3")))
                .edge("w", "collect");
    }

    private static StateGraph join(World world) {
        return StateGraph.of(TRAIL)
                .node("a", world.leaves("a"))
                .node("b", world.leaves("b"))
                .node("b2", world.leaves("b2"))
                .node("c", world.leaves("c"))
                .edge(START, "a")
                .edge(START, "b")
                .edge("b", "b2")
                .join(List.of("a", "b2"), "c");
    }

    private static StateGraph deferred(World world) {
        return StateGraph.of(TRAIL)
                .node("a", world.leaves("a"))
                .node("b", world.leaves("b"))
                .node("b2", world.leaves("b2"))
                .node("b3", world.leaves("b3"))
                .node("d", world.leaves("d"), NodeOptions.NONE.defer())
                .edge(START, "a")
                .edge(START, "b")
                .edge("a", "d")
                .edge("b", "b2")
                .edge("b2", "b3");
    }

    private static StateGraph branch(World world) {
        return StateGraph.of(TRAIL)
                .node("a", world.leaves("a"))
                .node("x", world.leaves("x"))
                .node("y", world.leaves("y"))
                .node("z", world.leaves("z"))
                .node("e", world.leaves("e"))
                .edge(START, "a")
                .branch("a", state -> state.get(TRAIL).isEmpty() ? "none" : "some", Map.of("some", "x", "none", "y"))
                .branch("a", state -> "z")
                .edge("x", "e")
                .edge("y", "e")
                .edge("z", "e");
    }

    private static StateGraph command(World world) {
        return StateGraph.of(TRAIL)
                .node("a", world.node((state, context) -> Command.to("c", trail("a"))))
                .node("b", world.leaves("b"))
                .node(
                        "c",
                        world.node((state, context) -> NodeResult.of(
                                trail("c"), Send.to("d", ITEM, "1"), Command.to(Send.to("d", ITEM, "2")))))
                .node("d", world.node((state, context) -> trail("d" + state.get(ITEM))))
                .node("e", world.leaves("e"))
                .edge(START, "a")
                .edge("a", "b")
                .edge("d", "e");
    }

    private static StateGraph commandToParent(World world) {
        CompiledGraph inner = StateGraph.of(TRAIL)
                .node("w", world.leaves("lost"))
                .node(
                        "x",
                        world.node((state, context) -> Command.to("target", trail("from x"))
                                .inParent()))
                .node("y", world.leaves("never"))
                .edge(START, "w")
                .edge("w", "x")
                .edge("x", "y")
                .compile("inner");
        return StateGraph.of(TRAIL)
                .node("i", inner)
                .node("after", world.leaves("after"))
                .node("target", world.leaves("target"))
                .edge(START, "i")
                .edge("i", "after");
    }

    private static StateGraph channels(World world) {
        Key<List<String>> topic =
                Key.of("topic", Codecs.list(Codecs.TEXT), new ChannelKind.Topic<String>(true, false));
        Key<String> any = Key.of("any", Codecs.TEXT, new ChannelKind.AnyValue<>());
        Key<String> ephemeral = Key.ephemeral("ephemeral", Codecs.TEXT);
        Key<List<String>> delta = Key.of(
                "delta", Codecs.list(Codecs.TEXT), new ChannelKind.Delta<>(List.of(), Scenarios::flattened, 2));
        Function<String, Node> writes = name -> world.node((state, context) -> Update.of(topic, List.of(name))
                .and(any, name)
                .and(delta, List.of(name)));
        return StateGraph.of(TRAIL, topic, any, ephemeral, delta)
                .node("a", writes.apply("a"))
                .node("b", writes.apply("b"))
                .node(
                        "c",
                        world.node((state, context) -> trail("topic " + state.get(topic) + " any " + state.get(any))
                                .and(ephemeral, "c")
                                .and(delta, List.of("c"))))
                .node(
                        "d",
                        world.node((state, context) -> trail(
                                        "ephemeral " + state.find(ephemeral).orElse("none"))
                                .and(delta, List.of("d"))))
                .node("e", world.node((state, context) -> trail("delta " + state.get(delta))))
                .edge(START, "a")
                .edge(START, "b")
                .join(List.of("a", "b"), "c")
                .edge("c", "d")
                .edge("d", "e");
    }

    private static List<String> flattened(List<String> value, List<List<String>> writes) {
        List<String> all = new ArrayList<>(value);
        writes.forEach(all::addAll);
        return List.copyOf(all);
    }

    private static StateGraph subgraph(World world) {
        CompiledGraph inner = StateGraph.of(TRAIL)
                .node("x", world.leaves("x"))
                .node("y", world.leaves("y"))
                .edge(START, "x")
                .edge("x", "y")
                .compile("inner");
        return StateGraph.of(TRAIL)
                .node("a", world.leaves("a"))
                .node("i", inner)
                .node("b", world.leaves("b"))
                .edge(START, "a")
                .edge("a", "i")
                .edge("i", "b");
    }

    private static StateGraph subgraphBeside(World world) {
        CompiledGraph inner = StateGraph.of(TRAIL)
                .node("x", world.leaves("x"))
                .node("p", world.leaves("p"))
                .node("q", world.leaves("q"))
                .edge(START, "x")
                .edge("x", "p")
                .edge("x", "q")
                .compile("inner");
        return StateGraph.of(TRAIL)
                .node("i", world.node((state, context) ->
                        Update.of(TRAIL, inner.call(Update.NONE, context).get(TRAIL))))
                .node("s", world.leaves("s"))
                .node("t", world.leaves("t"))
                .edge(START, "i")
                .edge(START, "s")
                .join(List.of("i", "s"), "t");
    }

    private static StateGraph subgraphPerThread(World world) {
        Node counts = world.node((state, context) -> Update.of(COUNT, 1));
        CompiledGraph inner = StateGraph.of(COUNT)
                .node("x", counts)
                .node("y", counts)
                .edge(START, "x")
                .edge("x", "y")
                .compile("inner", CompileOptions.DEFAULT.persistence(Persistence.PER_THREAD));
        return StateGraph.of(TRAIL)
                .node(
                        "i",
                        world.node((state, context) ->
                                trail("saw " + inner.call(Update.NONE, context).get(COUNT))))
                .edge(START, "i")
                .branch("i", state -> state.get(TRAIL).size() < 3 ? "i" : END);
    }

    private static StateGraph interrupt(World world) {
        return StateGraph.of(TRAIL)
                .node("a", world.leaves("a"))
                .node("ask", world.node((state, context) -> trail("ask " + ask(context, "ask?"))))
                .node("quick", world.leaves("quick"))
                .node("b", world.leaves("b"))
                .edge(START, "a")
                .edge("a", "ask")
                .edge("a", "quick")
                .join(List.of("ask", "quick"), "b");
    }

    private static StateGraph interrupts(World world) {
        return StateGraph.of(TRAIL)
                .node(
                        "a",
                        world.node(
                                (state, context) -> trail("a " + ask(context, "1?") + " " + ask(context, "2?"))))
                .node("b", world.node((state, context) -> trail("b " + ask(context, "b?"))))
                .node("c", world.leaves("c"))
                .edge(START, "a")
                .edge(START, "b")
                .join(List.of("a", "b"), "c");
    }

    private static StateGraph subgraphsThatAsk(World world) {
        CompiledGraph inner = StateGraph.of(ITEM, TRAIL)
                .output(TRAIL)
                .node("x", world.node((state, context) -> trail("x" + state.get(ITEM))))
                .node(
                        "y",
                        world.node((state, context) ->
                                trail("y" + state.get(ITEM) + " " + ask(context, state.get(ITEM) + "?"))))
                .edge(START, "x")
                .edge("x", "y")
                .compile("inner");
        return StateGraph.of(TRAIL)
                .node("i", inner)
                .node("end", world.leaves("end"))
                .route(START, state -> List.of(Send.to("i", ITEM, "1"), Send.to("i", ITEM, "2")))
                .edge("i", "end");
    }

    private static StateGraph retryAndHandler(World world) {
        return StateGraph.of(TRAIL)
                .node(
                        "flaky",
                        world.node((state, context) -> {
                            if (context.execution().attempt() == 1) {
                                throw new IllegalStateException("the first time");
                            }
                            return trail("flaky");
                        }),
                        NodeOptions.NONE.retry(
                                RetryPolicy.DEFAULT.on(failure -> true).withoutJitter()))
                .node(
                        "risky",
                        world.node((state, context) -> {
                            throw new IllegalStateException("always");
                        }),
                        NodeOptions.NONE.onError(
                                world.handler((state, error, context) -> Command.to("rescue", trail("handled")))))
                .node("rescue", world.leaves("rescue"))
                .edge(START, "flaky")
                .edge(START, "risky");
    }

    private static StateGraph calls(World world) {
        return StateGraph.of(TRAIL)
                .node("n", world.node((state, context) -> {
                    TaskFuture<String> one = context.call("one", Codecs.TEXT, world.work(call -> "1"));
                    TaskFuture<String> two = context.call("two", Codecs.TEXT, world.work(call -> "2"));
                    String first = one.await();
                    String second = two.await();
                    String sum = context.call("sum", Codecs.TEXT, world.work(call -> first + "+" + second))
                            .await();
                    String answer = ask(context, "go?");
                    String last =
                            context.call("last", Codecs.TEXT, world.work(call -> "4")).await();
                    return trail(first, second, sum, answer, last);
                }))
                .node("end", world.leaves("end"))
                .edge(START, "n")
                .route("n", state -> List.of(Destination.to("end")));
    }
}
