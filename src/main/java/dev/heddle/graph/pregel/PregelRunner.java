package dev.heddle.graph.pregel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tasks of a superstep in parallel: the first on the calling worker, each other on a virtual thread of its own.
 * A task that fails does not disturb its siblings; they finish and what they wrote is kept.
 */
final class PregelRunner {
    private PregelRunner() {}

    /**
     * Runs all tasks and returns when all have ended; once the run is broken off, those that have not begun do not begin.
     *
     * @param maxConcurrency most tasks at once
     * @param timeout how long all of them may take together; null for no limit
     * @param body runs one task; keeps what it throws in the task
     * @return whether all ended in time; those that did not were interrupted and are {@code Unfinished}
     */
    static boolean run(
            List<Task> tasks, int maxConcurrency, @Nullable Duration timeout, Control control, Consumer<Task> body) {
        if (timeout == null && (tasks.size() == 1 || maxConcurrency == 1)) {
            for (Task task : tasks) {
                begin(task, control, body);
            }
            return true;
        }
        Semaphore places = new Semaphore(maxConcurrency);
        boolean helps = timeout == null;
        if (helps) {
            // Taken before the others begin, so that the calling worker never queues.
            places.acquireUninterruptibly();
        }
        List<Thread> workers = new ArrayList<>(tasks.size());
        for (Task task : helps ? tasks.subList(1, tasks.size()) : tasks) {
            workers.add(Thread.ofVirtual().name("task-" + task.node.name()).start(() -> {
                places.acquireUninterruptibly();
                try {
                    begin(task, control, body);
                } finally {
                    places.release();
                }
            }));
        }
        if (timeout != null) {
            return inTime(tasks, workers, timeout);
        }
        try {
            begin(tasks.getFirst(), control, body);
        } finally {
            places.release();
            workers.forEach(PregelRunner::join);
        }
        return true;
    }

    private static void begin(Task task, Control control, Consumer<Task> body) {
        if (control.broken()) {
            task.end(new Task.Ending.Unfinished());
        } else if (task.ending == null) {
            control.covering(() -> body.accept(task));
        }
    }

    /** Waits for so long, then leaves behind who has not ended. */
    private static boolean inTime(List<Task> tasks, List<Thread> workers, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        boolean interrupted = false;
        boolean inTime = true;
        for (int i = 0; i < workers.size(); i++) {
            Thread worker = workers.get(i);
            while (true) {
                try {
                    inTime &= worker.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
                    break;
                } catch (InterruptedException e) {
                    // The run is given up: who gives it up interrupts the tasks themselves.
                    interrupted = true;
                }
            }
        }
        for (int i = 0; i < workers.size(); i++) {
            if (tasks.get(i).end(new Task.Ending.Unfinished())) {
                workers.get(i).interrupt();
            } else {
                join(workers.get(i));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return inTime;
    }

    /** Waits whatever happens: no task may outlive its superstep. Who gives the run up interrupts the tasks themselves. */
    private static void join(Thread worker) {
        boolean interrupted = false;
        while (true) {
            try {
                worker.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
