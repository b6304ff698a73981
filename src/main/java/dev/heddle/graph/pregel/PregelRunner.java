package dev.heddle.graph.pregel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tasks of a superstep in parallel: the first on the calling worker, others on virtual threads.
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
                if (!control.broken()) {
                    Thread.interrupted(); // an interrupt that a node has left behind is not for the next one
                }
            }
            return true;
        }
        if (timeout != null) {
            return inTime(tasks, maxConcurrency, timeout, control, body);
        }
        new Crew(tasks, maxConcurrency, control, body).work();
        return true;
    }

    /**
     * The workers of a superstep. The calling one is the first; whoever takes a task calls another worker before he runs
     * it, as long as there are tasks left and places free. So a task that waits holds up no other, and many short ones are
     * done by few workers.
     */
    private static final class Crew {
        private final List<Task> tasks;
        private final int most;
        private final Control control;
        private final Consumer<Task> body;
        private final AtomicInteger taken = new AtomicInteger();
        private final AtomicInteger workers = new AtomicInteger(1);
        private final AtomicBoolean coming = new AtomicBoolean();
        private final CountDownLatch open;

        Crew(List<Task> tasks, int most, Control control, Consumer<Task> body) {
            this.tasks = tasks;
            this.most = most;
            this.control = control;
            this.body = body;
            this.open = new CountDownLatch(tasks.size());
        }

        /** Returns when all tasks have ended, whatever happens: none may outlive its superstep. */
        void work() {
            work(taken.getAndIncrement());
            boolean interrupted = false;
            while (true) {
                try {
                    open.await();
                    break;
                } catch (InterruptedException e) {
                    // Who gives the run up interrupts the tasks themselves.
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private void help() {
            int task = taken.getAndIncrement();
            coming.set(false);
            work(task);
        }

        private void work(int first) {
            for (int task = first; task < tasks.size(); task = taken.getAndIncrement()) {
                if (taken.get() < tasks.size()) {
                    callAnother();
                }
                try {
                    begin(tasks.get(task), control, body);
                } finally {
                    open.countDown();
                }
                if (!control.broken()) {
                    // An interrupt that a node has left behind is not for the next one.
                    Thread.interrupted();
                }
            }
        }

        /** Unless one is on the way who will do so himself. */
        private void callAnother() {
            if (coming.compareAndSet(false, true)) {
                if (workers.getAndIncrement() < most) {
                    Thread.ofVirtual().name("tasks").start(this::help);
                }
            }
        }
    }

    private static void begin(Task task, Control control, Consumer<Task> body) {
        if (control.broken()) {
            task.end(new Task.Ending.Unfinished());
        } else if (task.ending == null) {
            body.accept(task);
        }
    }

    /** Each on a worker of its own; waits for so long, then leaves behind who has not ended. */
    private static boolean inTime(
            List<Task> tasks, int maxConcurrency, Duration timeout, Control control, Consumer<Task> body) {
        Semaphore places = new Semaphore(maxConcurrency);
        List<Thread> workers = new ArrayList<>(tasks.size());
        for (Task task : tasks) {
            workers.add(Thread.ofVirtual().name("task-" + task.node.name()).start(() -> {
                places.acquireUninterruptibly();
                try {
                    begin(task, control, body);
                } finally {
                    places.release();
                }
            }));
        }
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
