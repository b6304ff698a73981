package dev.heddle.graph;

import static dev.heddle.testing.Threads.marks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.graph.Scenarios.Scenario;
import dev.heddle.graph.Scenarios.World;
import dev.heddle.graph.checkpoint.SavedCheckpoint;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.types.Durability;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.Streaming;
import dev.heddle.graph.types.Update;
import dev.heddle.testing.Threads;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of graph comes to the same end, whatever happens on the way and whenever things are stored. */
final class ScenariosTest {
    @RegisterExtension
    final Threads threads = new Threads();

    static Stream<Arguments> all() {
        return Scenarios.all().stream().flatMap(scenario -> Stream.of(Durability.values())
                .map(durability -> Arguments.of(scenario, durability)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void straightThrough(Scenario scenario, Durability durability) {
        CompiledGraph graph = threads.keep(scenario.graph(new World()));
        RunConfig thread = RunConfig.thread("t").with(durability);

        RunResult end = Scenarios.finish(graph, thread, graph.invoke(Update.NONE, thread));

        assertThat(marks(end)).isEqualTo(scenario.marks());
        assertThat(graph.state("t").values()).isEqualTo(end.state().tree());
        assertThat(graph.state("t").next()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("all")
    void fromEachOfItsCheckpoints(Scenario scenario, Durability durability) {
        CompiledGraph graph = threads.keep(scenario.graph(new World()));
        RunConfig thread = RunConfig.thread("t").with(durability);
        RunResult first = Scenarios.finish(graph, thread, graph.invoke(Update.NONE, thread));

        for (SavedCheckpoint checkpoint : threads.line("t")) {
            RunConfig at = RunConfig.at(checkpoint.ref()).with(durability);
            RunResult end = Scenarios.finish(graph, thread, graph.invoke(Input.CONTINUE, at));

            assertThat(end.state().tree())
                    .as("from step %d", checkpoint.metadata().step())
                    .isEqualTo(first.state().tree());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void withEveryTaskFailingOnce(Scenario scenario, Durability durability) {
        CompiledGraph graph = threads.keep(scenario.graph(new FailingOnce()));
        RunConfig thread = RunConfig.thread("t").with(durability);

        RunResult end = null;
        Input input = Update.NONE;
        while (!(end instanceof RunResult.Completed)) {
            try {
                end = graph.invoke(input, thread);
                input = Scenarios.next(end);
            } catch (GraphException.NodeFailed e) {
                input = Input.CONTINUE;
            }
        }

        assertThat(marks(end)).isEqualTo(scenario.marks());
    }

    @ParameterizedTest
    @MethodSource("all")
    void drainedWhenATaskBegins(Scenario scenario, Durability durability) {
        stoppedAtEveryTask(scenario, durability, GraphStream::drain);
    }

    @ParameterizedTest
    @MethodSource("all")
    void drainedAtOnceWhenATaskBegins(Scenario scenario, Durability durability) {
        stoppedAtEveryTask(scenario, durability, GraphStream::drainNow);
    }

    /** Stops the run when its first task begins, then, on another thread, when its second one does, and so on. */
    private void stoppedAtEveryTask(Scenario scenario, Durability durability, Consumer<GraphStream> stop) {
        int task = 0;
        StoppingAt world;
        do {
            world = new StoppingAt(task, stop);
            CompiledGraph graph = threads.keep(scenario.graph(world));
            RunConfig thread = RunConfig.thread("t" + task).with(durability);

            RunResult end = world.run(graph, Update.NONE, thread);
            while (!(end instanceof RunResult.Completed)) {
                end = world.run(graph, Scenarios.next(end), thread);
            }
            assertThat(marks(end)).as("stopped at task %d", task).isEqualTo(scenario.marks());
            task++;
        } while (world.stopped());
        assertThat(task).isGreaterThan(2);
    }

    /** Each task fails the first time that it runs. */
    private static final class FailingOnce extends World {
        private final Set<String> failed = new HashSet<>();

        @Override
        synchronized void begins(NodeContext context) {
            if (failed.add(context.taskId())) {
                throw new IllegalStateException("the first time");
            }
        }
    }

    /** Stops the run when its task with a given number begins. */
    private static final class StoppingAt extends World {
        private final int task;
        private final Consumer<GraphStream> stop;
        private final AtomicInteger begun = new AtomicInteger();
        private volatile CompletableFuture<GraphStream> running = new CompletableFuture<>();

        StoppingAt(int task, Consumer<GraphStream> stop) {
            this.task = task;
            this.stop = stop;
        }

        boolean stopped() {
            return begun.get() > task;
        }

        RunResult run(CompiledGraph graph, Input input, RunConfig thread) {
            running = new CompletableFuture<>();
            try (GraphStream stream = graph.stream(input, thread, Streaming.NONE)) {
                running.complete(stream);
                return stream.result();
            }
        }

        @Override
        void begins(NodeContext context) throws Exception {
            if (begun.getAndIncrement() == task) {
                stop.accept(running.get(20, TimeUnit.SECONDS));
            }
        }
    }
}
