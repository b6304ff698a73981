package dev.heddle.run;

import dev.heddle.graph.checkpoint.CheckpointException;
import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphCatalogue;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.Update;
import dev.heddle.llm.types.LlmException;
import dev.heddle.llm.types.Principal;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Runs graphs on threads, one run at a time on each. A run that loses its thread to another process ends with {@code
 * thread_conflict}: the storage refuses its next checkpoint.
 */
public final class RunService implements Runs {
    /** Supersteps of one run; a turn with a tool call takes six. */
    private static final int RECURSION_LIMIT = 100;
    /** What a run leaves of the process' time for its own end. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final GraphCatalogue graphs;
    private final RunRepository repository;
    private final Supplier<String> ids;
    private final int maxConcurrency;
    /** Threads with a run, and which: a run frees its thread only for itself. */
    private final ConcurrentMap<Busy, String> busy = new ConcurrentHashMap<>();

    private record Busy(String owner, String threadId) {}

    /**
     * A service.
     *
     * @param ids makes run ids
     * @param maxConcurrency most tasks of one run at once
     */
    public RunService(GraphCatalogue graphs, RunRepository repository, Supplier<String> ids, int maxConcurrency) {
        this.graphs = graphs;
        this.repository = repository;
        this.ids = ids;
        this.maxConcurrency = maxConcurrency;
    }

    @Override
    public ActiveRun start(RunRequest request) {
        CompiledGraph graph = graphs.find(request.graph())
                .orElseThrow(() -> new RunException(
                        "graph_not_found",
                        false,
                        "Graph: not found, expected one of " + graphs.names() + ", got another name. Use one of these.",
                        null));
        String runId = ids.get();
        RunConfig config = RunConfig.thread(request.threadId())
                .withRunId(runId)
                .withRecursionLimit(RECURSION_LIMIT)
                .withMaxConcurrency(maxConcurrency)
                .withDeadline(request.deadline().minus(MARGIN))
                .withConfigurable(Tree.fields(
                        Principal.SETTING, Tree.of(request.principal().id())));
        Busy place = new Busy(request.principal().id(), request.threadId());
        if (busy.putIfAbsent(place, runId) != null) {
            throw new RunException(
                    "thread_busy",
                    true,
                    "Thread: busy, expected no other run on it, got one that is still going. Wait for its end and send the "
                            + "request again.",
                    null);
        }
        try {
            CompiledGraph own =
                    graph.with(repository.checkpointer(request.principal()), repository.store(request.principal()));
            return new Streamed(runId, own.stream(Update.of(request.input()), config, request.modes()), place);
        } catch (RuntimeException e) {
            busy.remove(place, runId);
            throw translated(e);
        } catch (Error e) {
            busy.remove(place, runId);
            throw e;
        }
    }

    /** The run as its starter reads it. */
    private final class Streamed implements ActiveRun {
        private final String runId;
        private final GraphStream stream;
        private final Busy place;

        Streamed(String runId, GraphStream stream, Busy place) {
            this.runId = runId;
            this.stream = stream;
            this.place = place;
        }

        @Override
        public String runId() {
            return runId;
        }

        @Override
        public Optional<StreamEvent> next() {
            try {
                return stream.hasNext() ? Optional.of(stream.next()) : Optional.empty();
            } catch (RuntimeException e) {
                throw translated(e);
            }
        }

        @Override
        public Tree.Fields values() {
            try {
                return Codecs.fields(stream.result().state().tree(), "Run result");
            } catch (RuntimeException e) {
                throw translated(e);
            }
        }

        @Override
        public void close() {
            stream.close();
            busy.remove(place, runId);
        }
    }

    /** What went wrong, in words and with a code for clients. The innermost family that speaks to people decides. */
    private static RunException translated(RuntimeException thrown) {
        Throwable cause = thrown;
        while (cause instanceof GraphException.NodeFailed && cause.getCause() != null) {
            cause = cause.getCause(); // a subgraph's failure is that of its node
        }
        return switch (cause) {
            case LlmException e -> told(e.code(), e.retryable(), e, thrown);
            case CheckpointException e -> told(e.code(), e.retryable(), e, thrown);
            case GraphException e -> told(e.code(), e.retryable(), e, thrown);
            case null, default ->
                thrown instanceof GraphException.NodeFailed e
                        ? told(e.code(), e.retryable(), e, thrown)
                        : new RunException(
                                "internal_error",
                                false,
                                "Run: failed, expected an end, got "
                                        + thrown.getClass().getSimpleName() + ". Report it with the request id.",
                                thrown);
        };
    }

    private static RunException told(String code, boolean retryable, Throwable teller, RuntimeException thrown) {
        return new RunException(code, retryable, Objects.requireNonNullElse(teller.getMessage(), code), thrown);
    }
}
