package dev.heddle.local.gateway;

import dev.heddle.local.gateway.Invocation.Piece;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One execution environment: a function process, the Runtime API that it talks to, and the invocations it has. It lives
 * as long as its process; a dead one is replaced by another. Safe for concurrent use.
 *
 * <pre>
 * starting --first /next of the runtime and of each extension--> ready --process ends, deadline, kill--> dead
 * </pre>
 */
final class ExecutionEnvironment implements AutoCloseable {
    /** Lambda's limit for a start; there it is then repeated, here a line is printed. */
    static final Duration INIT_LIMIT = Duration.ofSeconds(10);

    private static final Duration EXIT_GRACE = Duration.ofSeconds(2);

    /** Who owns environments and gives them work. */
    interface Owner {
        /** No longer to be used; called once, before any of its clients hears of it. */
        void dead(ExecutionEnvironment environment);

        /** One of its places is free again. */
        void released(ExecutionEnvironment environment);

        /** It has ended without having begun this. */
        void notTaken(Invocation invocation);
    }

    private final LocalGateway.Options options;
    private final Owner owner;
    private final RuntimeApi api;
    private final FunctionProcess process;
    private final CompletableFuture<Duration> firstNext = new CompletableFuture<>();
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();

    private final Object lock = new Object();
    private final Deque<Invocation> waiting = new ArrayDeque<>();
    /** Handed out and not yet answered; the value says whether an answer is on its way. */
    private final Map<String, Taken> taken = new HashMap<>();
    /** Extension id -> whether it has asked for its first event. */
    private final Map<String, Boolean> extensions = new LinkedHashMap<>();

    private String initError = "";
    private boolean dead;
    private boolean killed;
    private boolean exited;

    private static final class Taken {
        final Invocation invocation;
        boolean answering;

        Taken(Invocation invocation) {
            this.invocation = invocation;
        }
    }

    private ExecutionEnvironment(LocalGateway.Options options, Owner owner) throws IOException {
        this.options = options;
        this.owner = owner;
        this.api = new RuntimeApi(this);
        try {
            this.process =
                    FunctionProcess.start(options.command(), LambdaVariables.of(options, api.port()), options.lines());
        } catch (IOException e) {
            api.close();
            throw e;
        }
    }

    /** Starts a process. @throws IOException if there is no such program */
    static ExecutionEnvironment start(LocalGateway.Options options, Owner owner) throws IOException {
        ExecutionEnvironment environment = new ExecutionEnvironment(options, owner);
        environment.api.listen();
        Thread.startVirtualThread(
                () -> environment.exited(environment.process.exit().join()));
        Thread.startVirtualThread(environment::warnOfSlowStart);
        return environment;
    }

    long pid() {
        return process.pid();
    }

    /** From process start to its first question for an event; empty before that. */
    Optional<Duration> firstNextAfter() {
        return firstNext.isCompletedExceptionally() ? Optional.empty() : Optional.ofNullable(firstNext.getNow(null));
    }

    /**
     * Waits until it can take invocations.
     *
     * @throws FunctionStartException if its process ended before
     * @throws TimeoutException if neither happens in time
     */
    void awaitReady(Duration patience) throws FunctionStartException, TimeoutException, InterruptedException {
        try {
            ready.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof FunctionStartException known ? known : new FunctionStartException("it ended");
        }
    }

    /** Gives it an invocation, for which its owner has kept a place. */
    void submit(Invocation invocation) {
        synchronized (lock) {
            if (!dead) {
                waiting.add(invocation);
                lock.notifyAll();
                return;
            }
        }
        owner.notTaken(invocation);
    }

    /** Whether it has taken this and not yet answered. */
    boolean holds(String requestId) {
        synchronized (lock) {
            return taken.containsKey(requestId);
        }
    }

    /** Whether it is out of use. */
    boolean isDead() {
        synchronized (lock) {
            return dead;
        }
    }

    /** Ends its process at once and waits for that. */
    void kill() {
        retireForKill();
        process.kill();
        process.exit().join();
    }

    /** Ends its process; like Lambda, with a warning only when an extension is registered. */
    @Override
    public void close() {
        retireForKill();
        boolean warned;
        synchronized (lock) {
            warned = !extensions.isEmpty();
        }
        if (warned) {
            process.terminate(EXIT_GRACE);
        } else {
            process.kill();
        }
        process.exit().join();
        try {
            process.awaitLines();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        api.close();
    }

    // what the Runtime API calls

    /** The runtime asks for an event. */
    void runtimePolls() {
        firstNext.complete(Duration.ofNanos(System.nanoTime() - process.startedNanos()));
        becomeReady();
    }

    /** The next invocation to hand out; waits for it; null when the process has ended. */
    @Nullable
    Invocation next() throws InterruptedException {
        synchronized (lock) {
            // a process that is being ended sees its question unanswered, as on Lambda, not its connection closed
            while (!exited && (waiting.isEmpty() || dead)) {
                lock.wait();
            }
            if (exited) {
                return null;
            }
            Invocation invocation = waiting.remove();
            taken.put(invocation.id(), new Taken(invocation));
            return invocation;
        }
    }

    /** It could not be handed out after all. */
    void putBack(Invocation invocation) {
        synchronized (lock) {
            if (taken.remove(invocation.id()) == null) {
                return;
            }
            if (!dead) {
                waiting.addFirst(invocation);
                lock.notifyAll();
                return;
            }
        }
        owner.notTaken(invocation);
    }

    /** Starts the function's time for an invocation. */
    Instant deadlineFor(Invocation invocation) {
        Duration timeout = options.timeout();
        Instant deadline = Instant.now().plus(timeout);
        Thread.startVirtualThread(() -> {
            try {
                if (!invocation.awaitEnd(timeout)) {
                    retire();
                    settle(invocation, new Piece.Failed(true, "function ran past its " + timeout));
                    kill();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return deadline;
    }

    /** The invocation that is to be answered now; empty when there is none of that id, or an answer is on its way. */
    Optional<Invocation> answer(String requestId) {
        synchronized (lock) {
            Taken found = taken.get(requestId);
            if (found == null || found.answering) {
                return Optional.empty();
            }
            found.answering = true;
            return Optional.of(found.invocation);
        }
    }

    /** The end of an invocation: frees its place, then tells its client. */
    void settle(Invocation invocation, Piece last) {
        synchronized (lock) {
            if (taken.remove(invocation.id()) == null) {
                return;
            }
        }
        owner.released(this);
        if (last instanceof Piece.Failed failed) {
            options.lines().accept("gateway: request " + invocation.id() + ": " + failed.why());
        }
        invocation.settle(last);
    }

    /** An answer broke off: because the process died, which then is dealt with first, or by its own fault. */
    void brokeOff(Invocation invocation) {
        String how = "";
        if (process.awaitExit(Duration.ofSeconds(1))) {
            retire();
            how = ", process ended with exit code " + process.exit().join();
        }
        settle(invocation, new Piece.Failed(false, "reply broke off" + how));
    }

    /** The function could not start, by its own account. */
    void initFailed(String errorType, String message) {
        synchronized (lock) {
            initError =
                    (errorType.isEmpty() ? "Runtime.Unknown" : errorType) + (message.isEmpty() ? "" : ": " + message);
        }
    }

    /** Lets an extension in; empty once the start is over. */
    boolean register(String extensionId) {
        synchronized (lock) {
            if (ready.isDone()) {
                return false;
            }
            extensions.put(extensionId, false);
            return true;
        }
    }

    /** An extension asks for its next event; waits for the end of the process, because there are no events for it. */
    boolean extensionPolls(String extensionId) throws InterruptedException {
        synchronized (lock) {
            if (extensions.replace(extensionId, true) == null) {
                return false;
            }
        }
        becomeReady();
        synchronized (lock) {
            while (!exited) {
                lock.wait();
            }
        }
        return true;
    }

    private void becomeReady() {
        synchronized (lock) {
            if (firstNext.isDone() && !extensions.containsValue(false)) {
                ready.complete(true);
            }
        }
    }

    /** Takes it out of use; no more is handed to it. */
    private void retire() {
        synchronized (lock) {
            if (dead) {
                return;
            }
            dead = true;
        }
        owner.dead(this);
    }

    private void retireForKill() {
        synchronized (lock) {
            killed = true;
        }
        retire();
    }

    private void exited(int code) {
        retire();
        boolean unexpected;
        synchronized (lock) {
            exited = true;
            unexpected = !killed;
            lock.notifyAll();
        }
        try {
            process.awaitLines();
            // answers that had arrived before the end still count: let their connections be read to the end
            api.awaitConnections(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String how = "exit code " + code;
        if (ready.completeExceptionally(startFailure(how))) {
            firstNext.completeExceptionally(new FunctionStartException(how));
        } else if (unexpected) {
            options.lines().accept("gateway: function process " + pid() + " ended with " + how);
        }
        api.close();
        List<Invocation> lost;
        List<Invocation> untouched;
        synchronized (lock) {
            lost = taken.values().stream().map(t -> t.invocation).toList();
            untouched = List.copyOf(waiting);
            waiting.clear();
        }
        lost.forEach(invocation -> settle(invocation, new Piece.Failed(false, "process ended with " + how)));
        untouched.forEach(owner::notTaken);
    }

    private FunctionStartException startFailure(String how) {
        synchronized (lock) {
            return initError.isEmpty()
                    ? new FunctionStartException(
                            how + (process.lastErrorLine().isEmpty() ? "" : ", last line: " + process.lastErrorLine()))
                    : new FunctionStartException("function cannot start, init error " + initError, true);
        }
    }

    private void warnOfSlowStart() {
        try {
            ready.get(INIT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            String who = firstNext.isDone() ? "an extension of the function" : "the function";
            options.lines()
                    .accept("gateway: " + who + " has not asked for an event, expected within " + INIT_LIMIT.toSeconds()
                            + " s; Lambda would start it again");
        } catch (ExecutionException e) {
            // told to whoever waits for it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
