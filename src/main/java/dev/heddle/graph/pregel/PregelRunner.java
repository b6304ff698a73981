package dev.heddle.graph.pregel;

import dev.heddle.graph.types.GraphException;
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
     * Runs all tasks and returns when all have ended.
     *
     * @param maxConcurrency most tasks at once
     * @param step for the error
     * @param body runs one task; keeps what it throws in the task
     * @throws GraphException.Cancelled if the calling worker was interrupted; all tasks were interrupted and have ended
     */
    static void run(List<Task> tasks, int maxConcurrency, long step, Consumer<Task> body) {
        if (tasks.size() == 1) {
            body.accept(tasks.getFirst());
        } else if (maxConcurrency == 1) {
            tasks.forEach(body);
        } else {
            parallel(tasks, maxConcurrency, body);
        }
        if (Thread.interrupted()) {
            Thread.currentThread().interrupt();
            throw new GraphException.Cancelled(step);
        }
    }

    private static void parallel(List<Task> tasks, int maxConcurrency, Consumer<Task> body) {
        Semaphore places = new Semaphore(maxConcurrency);
        List<Thread> workers = new ArrayList<>();
        for (Task task : tasks.subList(1, tasks.size())) {
            workers.add(Thread.ofVirtual().name("task-" + task.node.name()).start(() -> {
                places.acquireUninterruptibly();
                try {
                    body.accept(task);
                } finally {
                    places.release();
                }
            }));
        }
        places.acquireUninterruptibly();
        try {
            body.accept(tasks.getFirst());
        } finally {
            places.release();
        }
        boolean interrupted = false;
        for (Thread worker : workers) {
            while (true) {
                try {
                    worker.join();
                    break;
                } catch (InterruptedException e) {
                    // Tell everybody, then go on waiting: no task may outlive its superstep.
                    interrupted = true;
                    workers.forEach(Thread::interrupt);
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
