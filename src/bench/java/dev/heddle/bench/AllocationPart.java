package dev.heddle.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Bytes allocated per superstep, by all workers of the process together, after warm-up: with 4 and with 400 channels that
 * hold a value and are not touched, and on a thread of 10 and of 5,000 checkpoints. Argument: runs to measure.
 */
final class AllocationPart {
    private static final int STEPS = 1_000;
    private static final int SHORT = 100;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocationPart() {}

    public static void main(String... args) throws Exception {
        int runs = Integer.parseInt(args[0]);
        // Warm both before either is measured: what the compiler saves must be saved for both.
        Work few = HeddleWorks.loopBeside(STEPS, 4);
        Work many = HeddleWorks.loopBeside(STEPS, 400);
        for (int i = 0; i < runs; i++) {
            few.run();
            many.run();
        }
        print("channels4", few, runs, STEPS);
        print("channels400", many, runs, STEPS);
        // Runs make these threads longer, by little beside 5,000; each measured run has a thread of its own.
        Figures.print("heddle.alloc.thread10", onThread(10, runs));
        Figures.print("heddle.alloc.thread5000", onThread(5_000, runs));
    }

    private static void print(String name, Work work, int runs, int steps) throws Exception {
        double[] bytes = new double[runs];
        for (int i = 0; i < runs; i++) {
            bytes[i] = bytes(work) / (double) steps;
        }
        Figures.print("heddle.alloc." + name, Figures.median(bytes));
    }

    private static double onThread(int checkpoints, int runs) throws Exception {
        double[] bytes = new double[runs];
        for (int i = 0; i < runs; i++) {
            bytes[i] = bytes(HeddleWorks.loopBehind(SHORT, checkpoints)) / (double) SHORT;
        }
        return Figures.median(bytes);
    }

    private static long bytes(Work work) throws Exception {
        long before = THREADS.getTotalThreadAllocatedBytes();
        work.run();
        return THREADS.getTotalThreadAllocatedBytes() - before;
    }
}
