package dev.heddle.graph.pregel;

import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.types.CheckpointMetadata.Source;
import dev.heddle.graph.types.Command;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Input;
import dev.heddle.graph.types.Interrupt;
import dev.heddle.graph.types.Persistence;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.RunResult;
import dev.heddle.graph.types.State;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Streaming;
import dev.heddle.graph.types.Update;
import dev.heddle.tree.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Drives one graph of a run, superstep by superstep, on the calling worker (a virtual thread, so that hand-overs to tasks
 * cost little). A subgraph has a loop of its own, on the worker of the task that runs it.
 *
 * <pre>
 *   load a checkpoint
 *   input?   apply it ---------------------------> checkpoint (input)
 *   command? apply it, keep its answers
 *   going back? -----------------------------------> checkpoint (fork)
 *   repeat   plan tasks -> none? done
 *            give those their writes that had finished before
 *            to stop before one, or to drain? stop
 *            run the others, in parallel
 *            one failed? keep what the others wrote, throw
 *            one asks?   keep what the others wrote, stop
 *            apply all writes, in a fixed order --> checkpoint (loop)
 *            to stop after one? stop
 * </pre>
 *
 * <p>Made for one run and not reusable. Source: LangGraph {@code libs/langgraph/langgraph/pregel/_loop.py}.
 */
public final class PregelLoop {
    private final PregelGraph graph;
    private final Run run;
    private final Values values;
    private final Lineage lineage;
    private final Events events;
    private final TaskEvents show;
    private final Snapshots snapshots;
    private final boolean nested;
    private final @Nullable TaskContext caller;

    private long stop;

    /** How a graph has ended. */
    private sealed interface Outcome {
        record Completed() implements Outcome {}

        record Interrupted(List<Interrupt> interrupts) implements Outcome {}

        record Drained() implements Outcome {}
    }

    private PregelLoop(
            PregelGraph graph,
            Run run,
            Lineage.Place place,
            @Nullable Checkpointer checkpointer,
            @Nullable TaskContext caller) {
        this.graph = graph;
        this.caller = caller;
        this.run = run;
        this.values = new Values(graph);
        this.lineage = new Lineage(values, run, place, checkpointer);
        this.events = new Events(run.outlet(), graph, place.namespace());
        this.show = new TaskEvents(values, lineage, events);
        this.snapshots = new Snapshots(values);
        this.nested = !place.namespace().isEmpty();
    }

    /**
     * Runs a graph to its end.
     *
     * @param sink takes the events that are wanted, one at a time
     * @param control ends the run from outside
     * @throws GraphException if it cannot start or go on; what was done before is kept
     */
    public static RunResult run(
            PregelGraph graph,
            Services services,
            Input input,
            RunConfig config,
            Streaming streaming,
            Consumer<StreamEvent> sink,
            Control control) {
        Run run = new Run(
                config,
                services,
                control,
                new Events.Outlet(streaming, sink, services.clock()),
                new Answers(),
                new Storage(config.durability()),
                new Run.Replay(),
                new Run.RisingIds(services.ids()));
        if (graph.settings().persistence() == Persistence.PER_THREAD) {
            throw new GraphException.BadInput("Graph '" + graph.name()
                    + "': keeps its state as a subgraph per thread, expected a graph that holds it, got a run of its own. "
                    + "Compile it without Persistence.PER_THREAD.");
        }
        Checkpointer checkpointer = services.checkpointer();
        PregelLoop loop = new PregelLoop(
                graph, run, Lineage.Place.ROOT, checkpointer == null ? null : checkpointer.forRun(), null);
        Outcome outcome = loop.covered(input);
        State state = Views.output(loop.values);
        if (outcome instanceof Outcome.Completed) {
            return new RunResult.Completed(state); // before the switch, which costs much when it is first met
        }
        return switch (outcome) {
            case Outcome.Completed _ -> new RunResult.Completed(state);
            case Outcome.Drained _ -> new RunResult.Drained(state);
            case Outcome.Interrupted(List<Interrupt> interrupts) -> new RunResult.Interrupted(state, interrupts);
        };
    }

    /**
     * Runs a graph inside a task, as its subgraph.
     *
     * @param own its own checkpointer; null to keep its state where the graph that holds it does
     * @param task the task
     * @return its output keys when it has ended; when it stops or is stopped, the task stops with it
     */
    public static State runNested(PregelGraph graph, @Nullable Checkpointer own, Update input, TaskContext task) {
        TaskRun parent = task.runner();
        Persistence persistence = graph.settings().persistence();
        String call = task.nextSubgraph();
        boolean perThread = persistence == Persistence.PER_THREAD;
        Checkpointer inherited = parent.lineage().checkpointer();
        Checkpointer checkpointer = persistence == Persistence.NONE ? null : own == null ? inherited : own;
        Lineage.Place place = new Lineage.Place(
                perThread ? withoutTasks(call) : call,
                perThread ? call : "",
                parent.lineage().parentsOfNested());
        PregelLoop loop = new PregelLoop(graph, parent.run(), place, checkpointer, task);
        if (perThread && !parent.run().replay().claim(place.namespace())) {
            throw new GraphException.BadInput(
                    "Graph '" + graph.name()
                            + "': runs twice at once, expected one call at a time because it keeps its state per thread, got "
                            + "another in the same superstep. Compile it with Persistence.INHERIT, or call it one after the other.");
        }
        Outcome outcome;
        try {
            outcome = parent.control().driving(() -> loop.driveAndKeep(input));
        } catch (Signal.ToParent e) {
            throw new Signal.FromSubgraph(e.command());
        } finally {
            if (perThread) {
                parent.run().replay().release(place.namespace());
            }
        }
        return switch (outcome) {
            case Outcome.Completed _ -> Views.output(loop.values);
            case Outcome.Drained _ -> throw new Signal.Drained();
            case Outcome.Interrupted(List<Interrupt> interrupts) -> throw new Signal.Interrupted(interrupts);
        };
    }

    /** A namespace by the names of nodes alone. */
    static String withoutTasks(String namespace) {
        List<String> names = new ArrayList<>();
        for (String part : namespace.split("\\|", -1)) {
            if (!part.chars().allMatch(c -> c >= '0' && c <= '9')) {
                names.add(part.substring(0, part.contains(":") ? part.indexOf(':') : part.length()));
            }
        }
        return String.join(Reserved.NAMESPACE_SEPARATOR, names);
    }

    /** Drives the root, on a worker that is interrupted when the run is given up. */
    private Outcome covered(Input input) {
        try {
            return run.control().driving(() -> driveAndKeep(input));
        } catch (Signal.ToParent e) {
            throw new GraphException.NoParentGraph("Run");
        } catch (RuntimeException e) {
            // What an interrupt breaks, in storage for example, is no failure of its own.
            throw run.control().cancelled() && !(e instanceof GraphException.Cancelled) ? cancelled(e) : e;
        }
    }

    private GraphException.Cancelled cancelled(RuntimeException cause) {
        GraphException.Cancelled cancelled = new GraphException.Cancelled(lineage.step());
        cancelled.addSuppressed(cause);
        return cancelled;
    }

    /** Whatever happens, what durability has held back is stored; and nothing is on its way when this returns. */
    private Outcome driveAndKeep(Input input) {
        Outcome outcome = null;
        try {
            outcome = drive(input);
            return outcome;
        } finally {
            // Giving the run up must not break off what it leaves behind.
            boolean interrupted = Thread.interrupted();
            try {
                if (!nested || !(outcome instanceof Outcome.Completed) || lineage.isPerThread()) {
                    lineage.exit();
                }
                if (!nested) {
                    run.storage().flush();
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private Outcome drive(Input input) {
        if (nested) {
            enter(input);
        } else {
            List<Interrupt> questions = begin(input);
            if (!questions.isEmpty()) {
                show.asked(questions);
                return new Outcome.Interrupted(questions);
            }
        }
        TaskRun runner = new TaskRun(run, values, lineage, events, show, stop, caller);
        while (true) {
            Outcome outcome = superstep(runner);
            if (outcome != null) {
                return outcome;
            }
        }
    }

    // ---- beginning

    /**
     * Begins a run at the root.
     *
     * @return what must be answered before it does; empty when it has begun
     */
    private List<Interrupt> begin(Input input) {
        RunConfig config = run.config();
        if (lineage.isStored() && config.threadId().isEmpty()) {
            throw new GraphException.BadInput(
                    "Run: no thread, expected a thread id because the graph has a checkpointer, got none. Use "
                            + "RunConfig.thread(…).");
        }
        if (!config.at().namespace().isEmpty()) {
            throw new GraphException.BadInput(
                    "Run: begins in a subgraph, expected the root's namespace, got another. Edit the subgraph's state by "
                            + "update(…), then run the root.");
        }
        String at = config.at().checkpointId();
        boolean answering = input instanceof Command command && command.resume() != null;
        boolean replaying = !at.isEmpty();
        if (at.isEmpty()) {
            lineage.loadLatest();
        } else if (answering && lineage.isHead(at)) {
            lineage.loadLatest();
            replaying = false;
        } else {
            lineage.load(at);
            if (lineage.isStored() && lineage.isNew()) {
                throw new GraphException.BadInput(
                        "Thread '" + config.threadId()
                                + "': no such checkpoint, expected one of its history, got another id. Take it from a snapshot.");
            }
        }
        limit();
        if (input instanceof Update update) {
            takeInput(update);
            return List.of();
        }
        return switch (input) {
            case Update update -> {
                takeInput(update);
                yield List.of();
            }
            case Input.Continue _ -> {
                if (lineage.isNew()) {
                    throw new GraphException.EmptyInput("Run");
                }
                yield goOnIfValid(null, replaying);
            }
            case Command command -> goOnIfValid(checked(command), replaying && !answering);
        };
    }

    /** Goes on when the graph's validators agree; else gives their questions. */
    private List<Interrupt> goOnIfValid(@Nullable Command command, boolean goingBack) {
        if (graph.settings().validators().isEmpty()) {
            goOn(command, goingBack);
            return List.of();
        }
        Validation validation = new Validation(
                graph,
                lineage,
                values,
                run.config().threadId(),
                run.services().clock().instant());
        return switch (validation.run(command == null ? null : command.resume())) {
            case Validation.Result.Asks(List<Interrupt> questions) -> questions;
            case Validation.Result.Passed(Tree answer) -> {
                goOn(
                        command == null
                                ? null
                                : new Command(command.graph(), command.update(), command.destinations(), answer),
                        goingBack);
                yield List.of();
            }
        };
    }

    private void limit() {
        stop = lineage.step() + run.config().recursionLimit() + 1;
    }

    /** Begins a run of a subgraph: where it stands, when it was broken off in the same call, else with its input. */
    private void enter(Input input) {
        if (lineage.isStored()) {
            // What an earlier call or attempt has left behind may still be on its way.
            run.storage().flush();
        }
        String before = lineage.isStored() ? run.replay().firstVisit(lineage.namespace()) : "";
        boolean perThread = lineage.isPerThread();
        if (before.isEmpty()) {
            lineage.loadLatest();
        } else if (perThread) {
            lineage.loadBefore(before);
        } else {
            lineage.beginAfresh();
        }
        limit();
        boolean same = perThread ? lineage.isOfThisCall() : !lineage.isNew();
        if (same && before.isEmpty()) {
            goOn(null, false);
        } else if (input instanceof Update update) {
            takeInput(update);
        }
    }

    /** Takes new input: what was still to be done is dropped, and counts as seen. */
    private void takeInput(Update input) {
        Tree.Fields fields = Writes.input(graph, input);
        lineage.applyCommands();
        PregelAlgorithm.applyInput(values, new Task.Write(PregelGraph.INPUT, fields), lineage);
        lineage.save(Source.INPUT);
    }

    private Command checked(Command command) {
        if (command.graph() == Command.Graph.PARENT) {
            throw new GraphException.NoParentGraph("Input");
        }
        if (command.resume() != null && !lineage.isStored()) {
            throw new GraphException.InvalidResume(
                    "Run: answer without a thread, expected a graph with a checkpointer, got none. Compile it and use "
                            + "with(checkpointer, …).");
        }
        boolean empty = command.resume() == null
                && command.destinations().isEmpty()
                && command.update().entries().isEmpty();
        if (lineage.isNew() || empty) {
            throw new GraphException.EmptyInput("Run");
        }
        return command;
    }

    /**
     * Goes on where the thread stands.
     *
     * @param goingBack whether from an older checkpoint: its tasks run again, whatever was stored of them
     */
    private void goOn(@Nullable Command command, boolean goingBack) {
        lineage.applyCommands();
        if (goingBack) {
            lineage.forgetNotes();
        }
        List<Task.Write> own = new ArrayList<>();
        if (command != null) {
            checkAnswer(command.resume());
            // Before anything of the command is stored: what is refused must leave the thread as it was.
            Writes.command(graph, "input", command, own);
            PregelAlgorithm.apply(values, own, List.of());
        }
        Tree answer = command == null ? null : command.resume();
        if (answer != null) {
            answer(answer);
        } else if (!nested && command == null) {
            // A command that steers is no second chance for an answer that nobody took.
            lineage.commandAnswers().ifPresent(kept -> run.answers().restore(kept, this::keepAnswer));
        }
        lineage.tellTaken(run.answers());
        if (!nested) {
            run.answers().isFor(lineage.questions());
        }
        boolean forks = goingBack && !lineage.isEdit();
        if (!own.isEmpty() && !forks) {
            lineage.keepCommand(own);
        }
        values.passStop();
        if (goingBack && !nested) {
            run.replay().goBack(lineage.replayBound());
        }
        if (forks) {
            lineage.save(Source.FORK);
        }
        if (events.wants(StreamMode.VALUES)) {
            events.send(
                    new StreamEvent.Values(events.namespace(), lineage.step(), values.tree(events.keys()), List.of()));
        }
    }

    private void checkAnswer(@Nullable Tree answer) {
        if (answer != null && !Answers.named(answer)) {
            long open = lineage.waiting();
            if (open > 1) {
                throw new GraphException.InvalidResume("Run: one answer for several questions, expected a map from "
                        + "interrupt ids to answers because " + open + " tasks wait, got an answer without an id. Use "
                        + "Command.resume(Map).");
            }
        }
    }

    private void answer(Tree answer) {
        String token = run.services().ids().next("");
        run.answers().give(answer, token, this::keepAnswer);
        keepAnswer(Answers.stored(answer, token));
    }

    private void keepAnswer(PendingWrite answer) {
        lineage.keep(Reserved.NULL_TASK, List.of(answer));
    }

    // ---- going on

    /** One superstep; null when more may follow. */
    private @Nullable Outcome superstep(TaskRun runner) {
        if (run.control().cancelled()) {
            throw new GraphException.Cancelled(lineage.step());
        }
        if (lineage.step() > stop) {
            throw new GraphException.RecursionLimit(run.config().recursionLimit());
        }
        List<Task> tasks = PregelAlgorithm.plan(values, lineage);
        boolean resumed = lineage.hasNotes() && finishFromStore(tasks);
        if (lineage.isStored() && events.wantsCheckpoints()) {
            events.send(
                    StreamMode.CHECKPOINTS,
                    lineage.step() - 1,
                    new StreamEvent.CheckpointSaved(events.namespace(), snapshots.now(lineage, tasks)));
        }
        if (tasks.isEmpty()) {
            return new Outcome.Completed();
        }
        RunConfig.Stops stops = stops();
        if (!stops.before().isEmpty() && stopsAt(stops.before(), tasks)) {
            return stopped(tasks);
        }
        checkDeadline();
        if (run.control().draining()) {
            return new Outcome.Drained();
        }
        execute(runner, tasks, resumed);
        if (runner.abandoned()) {
            throw new GraphException.Cancelled(lineage.step());
        }
        Outcome early = endings(tasks);
        if (early != null) {
            return early;
        }
        PregelAlgorithm.apply(values, List.of(), tasks);
        if (events.wants(StreamMode.VALUES) && wroteShown(tasks)) {
            events.send(
                    new StreamEvent.Values(events.namespace(), lineage.step(), values.tree(events.keys()), List.of()));
        }
        lineage.save(Source.LOOP);
        if (!nested) {
            run.answers().superstepPassed();
        }
        return !stops.after().isEmpty() && stopsAt(stops.after(), tasks) ? stopped(List.of()) : null;
    }

    /** Gives tasks the writes that they had stored before the run was broken off. */
    private boolean finishFromStore(List<Task> tasks) {
        boolean found = false;
        for (Task task : tasks) {
            task.notes = lineage.notes(task.id());
            if (!task.notes.writes().isEmpty()) {
                task.stored = task.end(new Task.Ending.Finished(Writes.fromStore(graph, task.notes.writes())));
                found = true;
            }
            run.answers().taken(task.notes.token());
        }
        return found;
    }

    private void checkDeadline() {
        Instant deadline = run.config().deadline();
        if (deadline != null && !run.services().clock().instant().isBefore(deadline)) {
            throw new GraphException.DeadlineExceeded(lineage.step());
        }
    }

    private RunConfig.Stops stops() {
        RunConfig.Stops own = run.config().stops();
        return own == null || nested ? graph.settings().stops() : own;
    }

    private boolean stopsAt(Set<String> nodes, List<Task> tasks) {
        return values.changedSinceStop()
                && tasks.stream()
                        .map(task -> task.node)
                        .anyMatch(
                                node -> nodes.contains(PregelGraph.ALL) ? node.visible() : nodes.contains(node.name()));
    }

    private void execute(TaskRun runner, List<Task> tasks, boolean resumed) {
        tasks.forEach(show::started);
        if (resumed) {
            tasks.stream().filter(task -> task.stored).forEach(task -> show.finished(task, task.writes(), true));
        }
        NodeMemory.recall(run.services().cache(), graph, tasks, show);
        List<Task> open = resumed || run.services().cache() != null
                ? tasks.stream().filter(task -> task.ending == null).toList()
                : tasks;
        if (open.isEmpty()) {
            return;
        }
        boolean alone = tasks.size() == 1;
        boolean inTime = PregelRunner.run(
                open,
                run.config().maxConcurrency(),
                graph.settings().stepTimeout(),
                run.control(),
                task -> runner.perform(task, alone));
        NodeMemory.remember(run.services().cache(), graph, open);
        if (run.control().cancelled()) {
            throw new GraphException.Cancelled(lineage.step());
        }
        if (!inTime) {
            throw new GraphException.StepTimedOut(
                    lineage.step(), Objects.requireNonNull(graph.settings().stepTimeout()));
        }
    }

    /** What the ends of the tasks mean for the graph; null when all have finished. */
    private @Nullable Outcome endings(List<Task> tasks) {
        List<Interrupt> interrupts = null;
        boolean drained = false;
        for (Task task : tasks) {
            if (task.trouble == null && task.ending instanceof Task.Ending.Finished) {
                continue;
            }
            switch (task.trouble) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable t -> throw new IllegalStateException(t);
            }
            switch (task.ending) {
                case Task.Ending.Failed(Throwable failure) -> throw failed(task, failure);
                case Task.Ending.Interrupted(List<Interrupt> asked) -> {
                    interrupts = interrupts == null ? new ArrayList<>() : interrupts;
                    interrupts.addAll(asked);
                }
                case Task.Ending.Unfinished _ -> drained = true;
                case Task.Ending.Finished _, Task.Ending.Escaped _ -> {}
                case null -> throw new IllegalStateException("Task '" + task.node.name() + "' has not ended");
            }
        }
        for (Task task : tasks) {
            if (task.ending instanceof Task.Ending.Escaped(Command command)) {
                throw new Signal.ToParent(command);
            }
        }
        if (drained) {
            return new Outcome.Drained();
        }
        return interrupts == null ? null : waiting(tasks, interrupts);
    }

    private RuntimeException failed(Task task, Throwable failure) {
        if (failure instanceof InterruptedException && run.control().cancelled()) {
            return new GraphException.Cancelled(lineage.step());
        }
        if (failure instanceof GraphException.Cancelled cancelled) {
            return cancelled;
        }
        return new GraphException.NodeFailed(task.node.name(), lineage.step(), failure);
    }

    /** Stops because tasks ask. The caller sees what their siblings wrote; storage does not apply it yet. */
    private Outcome waiting(List<Task> tasks, List<Interrupt> interrupts) {
        if (!nested) {
            showFinished(tasks);
            if (interrupts.isEmpty()) {
                showStop();
            }
        }
        return new Outcome.Interrupted(interrupts);
    }

    /** Stops because a node was named for it. */
    private Outcome stopped(List<Task> tasks) {
        if (!nested) {
            showFinished(tasks);
            showStop();
        }
        return new Outcome.Interrupted(List.of());
    }

    private void showStop() {
        if (events.wants(StreamMode.UPDATES)) {
            events.send(new StreamEvent.Interrupted(events.namespace(), List.of()));
        }
    }

    private void showFinished(List<Task> tasks) {
        lineage.exit(); // before what follows changes the values
        if (tasks.stream().allMatch(task -> task.writes().isEmpty())) {
            return;
        }
        try {
            PregelAlgorithm.apply(values, List.of(), tasks);
        } catch (GraphException.InvalidUpdate e) {
            return; // the run meets it again when it goes on, and then it counts
        }
        if (events.wants(StreamMode.VALUES) && wroteShown(tasks)) {
            events.send(
                    new StreamEvent.Values(events.namespace(), lineage.step(), values.tree(events.keys()), List.of()));
        }
    }

    /** Whether the superstep has written to and changed what is shown of the state. */
    private boolean wroteShown(List<Task> tasks) {
        return values.updated.intersects(events.keys())
                && tasks.stream().flatMap(task -> task.writes().stream()).anyMatch(write -> events.keys()
                        .get(write.channel()));
    }
}
