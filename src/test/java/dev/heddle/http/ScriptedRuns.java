package dev.heddle.http;

import dev.heddle.graph.types.StreamEvent;
import dev.heddle.run.ActiveRun;
import dev.heddle.run.RunRequest;
import dev.heddle.run.Runs;
import dev.heddle.tree.Tree;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs that say what the test wrote down, and remember what became of them. */
final class ScriptedRuns implements Runs {

    /** What happens next in a run. */
    @FunctionalInterface
    interface Step {
        /** The event to give; null for none. */
        @Nullable
        StreamEvent take();
    }

    private final List<Step> script;
    private final Tree.Fields values;
    final List<RunRequest> requests = new CopyOnWriteArrayList<>();
    final CountDownLatch ended = new CountDownLatch(1);
    final CountDownLatch closed = new CountDownLatch(1);

    private ScriptedRuns(Tree.Fields values, List<Step> script) {
        this.values = values;
        this.script = script;
    }

    static ScriptedRuns of(Step... script) {
        return new ScriptedRuns(Tree.EMPTY, Arrays.asList(script));
    }

    static ScriptedRuns endingWith(Tree.Fields values) {
        return new ScriptedRuns(values, List.of());
    }

    static Step event(StreamEvent event) {
        return () -> event;
    }

    static Step fail(RuntimeException problem) {
        return () -> {
            throw problem;
        };
    }

    static Step fail(Error problem) {
        return () -> {
            throw problem;
        };
    }

    /** Goes on when the latch is open. */
    static Step await(CountDownLatch latch) {
        return () -> {
            try {
                if (!latch.await(30, TimeUnit.SECONDS)) {
                    throw new AssertionError("the script waited in vain");
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return null;
        };
    }

    @Override
    public ActiveRun start(RunRequest request) {
        requests.add(request);
        Queue<Step> steps = new ArrayDeque<>(script);
        return new ActiveRun() {
            @Override
            public String runId() {
                return "run-1";
            }

            @Override
            public Optional<StreamEvent> next() {
                while (!steps.isEmpty()) {
                    StreamEvent event = steps.remove().take();
                    if (event != null) {
                        return Optional.of(event);
                    }
                }
                ended.countDown();
                return Optional.empty();
            }

            @Override
            public Tree.Fields values() {
                while (next().isPresent()) {
                    // to the end
                }
                return values;
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
    }
}
