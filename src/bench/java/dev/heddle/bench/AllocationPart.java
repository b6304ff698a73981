package dev.heddle.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Bytes allocated per superstep, by all workers of the process together, after warm-up: with 4 and with 400 channels that
 * hold a value and are not touched, and on a thread of 10 and of 5,000 checkpoints. What a run costs as such is left out:
 * it is the difference between a run and one of twice the length. Argument: runs to measure.
 */
final class AllocationPart {
    private static final int STEPS = 1_000;
    /** Short, so that a thread of 10 checkpoints does not become a long one meanwhile. */
    private static final int SHORT = 100;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocationPart() {}

    public static void main(String... args) throws Exception {
        int runs = Integer.parseInt(args[0]);
        channels(4, runs);
        channels(400, runs);
        thread(10, runs);
        thread(5_000, runs);
    }

    private static void channels(int channels, int runs) throws Exception {
        Work once = HeddleWorks.loopBeside(STEPS, channels);
        Work twice = HeddleWorks.loopBeside(2 * STEPS, channels);
        double[] bytes = new double[runs];
        // What the compiler saves must be saved when it is measured: the second half counts.
        for (int i = 0; i < 2 * runs; i++) {
            bytes[i % runs] = (bytes(twice) - bytes(once)) / (double) STEPS;
        }
        Figures.print("heddle.alloc.channels" + channels, Figures.median(bytes));
    }

    private static void thread(int checkpoints, int runs) throws Exception {
        double[] bytes = new double[runs];
        for (int i = 0; i < 2 * runs; i++) {
            // A run makes its thread longer, so each measurement has a thread of its own.
            long once = bytes(HeddleWorks.loopBehind(SHORT, checkpoints));
            long twice = bytes(HeddleWorks.loopBehind(2 * SHORT, checkpoints));
            bytes[i % runs] = (twice - once) / (double) SHORT;
        }
        Figures.print("heddle.alloc.thread" + checkpoints, Figures.median(bytes));
    }

    private static long bytes(Work work) throws Exception {
        long before = THREADS.getTotalThreadAllocatedBytes();
        work.run();
        return THREADS.getTotalThreadAllocatedBytes() - before;
    }
}
