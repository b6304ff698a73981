package dev.heddle.graph.pregel;

import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.MessageView;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.NodeOptions;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Store;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.TaskFuture;
import dev.heddle.tree.Codec;
import dev.heddle.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one attempt of a task is told of its surroundings, and what it does through them. */
public final class TaskContext implements NodeContext {
    private final TaskRun runner;
    private final String node;
    private final Supplier<String> id;
    private final Supplier<Asking> asking;
    private final int attempt;
    private final @Nullable Instant firstAttemptAt;
    private final long step;
    private @Nullable Calls calls;
    private @Nullable Calls callsBefore;
    private int subgraphs;
    private volatile boolean expired;
    private volatile @Nullable Runnable onSign;
    private volatile @Nullable Runnable onHeartbeat;

    TaskContext(
            TaskRun runner,
            String node,
            Supplier<String> id,
            Supplier<Asking> asking,
            int attempt,
            @Nullable Instant firstAttemptAt) {
        this.runner = runner;
        this.node = node;
        this.id = id;
        this.asking = asking;
        this.attempt = attempt;
        this.firstAttemptAt = firstAttemptAt;
        this.step = runner.lineage().step();
    }

    /**
     * The engine's own context in one that may be wrapped around it.
     *
     * @throws GraphException.BadInput if there is none
     */
    public static TaskContext of(NodeContext context) {
        NodeContext inner = context;
        while (!(inner instanceof TaskContext)) {
            NodeContext next = inner.delegate();
            if (next == inner) {
                throw new GraphException.BadInput("Node '" + context.node()
                        + "': a context of its own, expected the engine's or one that names it by delegate(), got another. "
                        + "Hand on what the node was given.");
            }
            inner = next;
        }
        return (TaskContext) inner;
    }

    TaskRun runner() {
        return runner;
    }

    @Override
    public RunConfig config() {
        return runner.run().config();
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public long step() {
        return step;
    }

    @Override
    public String taskId() {
        return id.get();
    }

    @Override
    public long remainingSteps() {
        return runner.stop() - step;
    }

    @Override
    public boolean isLastStep() {
        return remainingSteps() == 1;
    }

    @Override
    public Execution execution() {
        Instant first = firstAttemptAt;
        return new Execution(
                runner.lineage().checkpointId(),
                runner.lineage().namespaceOf(node, taskId()),
                attempt,
                first == null ? runner.run().services().clock().instant() : first);
    }

    @Override
    public Optional<Duration> timeLeft() {
        return Optional.ofNullable(config().deadline())
                .map(deadline ->
                        Duration.between(runner.run().services().clock().instant(), deadline));
    }

    @Override
    public Store store() {
        return runner.run().services().store();
    }

    @Override
    public boolean drainRequested() {
        return runner.control().draining();
    }

    @Override
    public void emit(Tree data) {
        sign();
        if (!expired() && runner.events().wants(StreamMode.CUSTOM)) {
            runner.events().send(new StreamEvent.Custom(runner.events().namespace(), node, data));
        }
    }

    @Override
    public void emit(MessageView message) {
        sign();
        if (!expired()) {
            runner.events().message(node, taskId(), step, message);
        }
    }

    @Override
    public void heartbeat() {
        sign();
        Runnable heard = onHeartbeat;
        if (heard != null) {
            heard.run();
        }
    }

    @Override
    public Tree interrupt(Tree question) {
        sign();
        refuseWhenExpired();
        return asking.get().ask(question);
    }

    @Override
    public <R> TaskFuture<R> call(String name, Codec<R> result, Work<R> work) {
        return call(name, NodeOptions.NONE, Tree.NULL, result, work);
    }

    /**
     * Like {@link #call(String, Codec, Work)}.
     *
     * @param options how it is run: retry and timeout count
     * @param input what it works on, shown in events
     */
    public <R> TaskFuture<R> call(String name, NodeOptions options, Tree input, Codec<R> result, Work<R> work) {
        sign();
        refuseWhenExpired();
        return calls().start(name, options, input, result, work);
    }

    private synchronized Calls calls() {
        Calls made = calls;
        if (made == null) {
            made = new Calls(runner, taskId(), config().maxConcurrency(), callsBefore);
            calls = made;
        }
        return made;
    }

    /** Takes over from the attempt before what its calls have finished. */
    synchronized void follow(TaskContext before) {
        Calls made = before.madeCalls();
        callsBefore = made == null ? before.callsBefore : made;
    }

    /** The calls that were made; null for none. */
    synchronized @Nullable Calls madeCalls() {
        return calls;
    }

    /** The namespace of the next subgraph that this task runs: its own, with a number from the second on. */
    synchronized String nextSubgraph() {
        refuseWhenExpired();
        String own = runner.lineage().namespaceOf(node, taskId());
        int number = subgraphs++;
        return number == 0 ? own : own + Reserved.NAMESPACE_SEPARATOR + number;
    }

    /** An attempt that was left behind must take no answer from the one that follows, and begin nothing. */
    private void refuseWhenExpired() {
        if (expired()) {
            throw new GraphException.Cancelled(step);
        }
    }

    /** Whether the attempt, or one whose subgraph it runs in, was left behind. */
    boolean expired() {
        return expired || runner.abandoned();
    }

    /** The attempt is over: what it still says is not heard. */
    void expire() {
        expired = true;
    }

    /** Tells of signs of life from now on: of any, and of heartbeats. */
    void listen(Runnable sign, Runnable heartbeat) {
        onSign = sign;
        onHeartbeat = heartbeat;
    }

    private void sign() {
        Runnable heard = onSign;
        if (heard != null) {
            heard.run();
        }
    }
}
