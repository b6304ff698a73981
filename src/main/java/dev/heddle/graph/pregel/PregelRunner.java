package dev.heddle.graph.pregel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Runs the tasks of a superstep in parallel: the first on the calling worker, each other on a virtual thread of its own.
 * A task that fails does not disturb its siblings; they finish and what they wrote is kept.
 */
final class PregelRunner {
    private PregelRunner() {}

    /**
     * Runs all tasks and returns when all have ended; once the run is given up, those that have not begun do not begin.
     *
     * @param maxConcurrency most tasks at once
     * @param body runs one task; keeps what it throws in the task
     */
    static void run(List<Task> tasks, int maxConcurrency, Cancellation cancellation, Consumer<Task> body) {
        if (tasks.size() == 1 || maxConcurrency == 1) {
            tasks.forEach(task -> begin(task, cancellation, body));
            return;
        }
        Semaphore places = new Semaphore(maxConcurrency);
        // Taken before the others begin, so that the calling worker never queues.
        places.acquireUninterruptibly();
        List<Thread> workers = new ArrayList<>();
        for (Task task : tasks.subList(1, tasks.size())) {
            workers.add(Thread.ofVirtual().name("task-" + task.node.name()).start(() -> {
                places.acquireUninterruptibly();
                try {
                    begin(task, cancellation, body);
                } finally {
                    places.release();
                }
            }));
        }
        try {
            begin(tasks.getFirst(), cancellation, body);
        } finally {
            places.release();
            workers.forEach(PregelRunner::join);
        }
    }

    private static void begin(Task task, Cancellation cancellation, Consumer<Task> body) {
        if (!cancellation.requested()) {
            cancellation.covering(() -> body.accept(task));
        }
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
