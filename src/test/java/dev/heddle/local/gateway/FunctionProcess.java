package dev.heddle.local.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The operating system's process of a function: starts it with Lambda's environment and nothing of the developer's but
 * the path and the locale, passes its lines on, ends it with all its children. Safe for concurrent use.
 */
final class FunctionProcess {
    private static final List<String> INHERITED = List.of("PATH", "LANG", "LC_ALL", "TMPDIR");

    private final Process process;
    private final long startedNanos;
    private final Thread out;
    private final Thread err;
    private volatile String lastErrorLine = "";

    private FunctionProcess(Process process, long startedNanos, Consumer<String> lines) {
        this.process = process;
        this.startedNanos = startedNanos;
        this.out = reading(() -> pump(process.getInputStream(), lines));
        this.err = reading(() -> pump(process.getErrorStream(), line -> {
            if (!line.isBlank()) {
                lastErrorLine = line.strip();
            }
            lines.accept(line);
        }));
    }

    /** On a platform thread: reading a pipe holds the carrier of a virtual one, and two pipes would hold two. */
    private static Thread reading(Runnable pump) {
        return Thread.ofPlatform().daemon().name("function-lines").start(pump);
    }

    /** Starts the command. @throws IOException if there is no such program */
    static FunctionProcess start(List<String> command, Map<String, String> environment, Consumer<String> lines)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(environment);
        long started = System.nanoTime();
        Process process = builder.start();
        process.getOutputStream().close();
        return new FunctionProcess(process, started, lines);
    }

    long pid() {
        return process.pid();
    }

    /** {@link System#nanoTime} just before the start. */
    long startedNanos() {
        return startedNanos;
    }

    /** Its exit code, when it has ended. */
    CompletableFuture<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Waits for its exit; false when it has not come. */
    boolean awaitExit(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What it said last on standard error; complete once it has ended and {@link #awaitLines} has returned. */
    String lastErrorLine() {
        return lastErrorLine;
    }

    /** Waits until all its lines were passed on; not for ever, because a child may hold the pipes open. */
    void awaitLines() throws InterruptedException {
        out.join(Duration.ofSeconds(1));
        err.join(Duration.ofSeconds(1));
    }

    /** Asks it to end, and ends it when it has not within {@code grace}. */
    void terminate(Duration grace) {
        List<ProcessHandle> children = process.descendants().toList();
        // by its handle, because Process.destroy would close the pipes and lose its last words
        process.toHandle().destroy();
        if (!awaitExit(grace)) {
            process.toHandle().destroyForcibly();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** Ends it at once with all its children, as Lambda ends a sandbox. */
    void kill() {
        List<ProcessHandle> children = process.descendants().toList();
        process.toHandle().destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private static void pump(InputStream stream, Consumer<String> lines) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line; (line = reader.readLine()) != null; ) {
                lines.accept(line);
            }
        } catch (IOException ended) {
            // the process is gone
        }
    }
}
