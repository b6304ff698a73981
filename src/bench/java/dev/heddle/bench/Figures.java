package dev.heddle.bench;

import java.util.Arrays;

/** How a part of the benchmark tells its figures: one line {@code name<TAB>value} each, on standard output. */
final class Figures {
    private Figures() {}

    static void print(String name, double value) {
        System.out.println(name + "\t" + value);
    }

    /** Microseconds that a work takes. */
    static double micros(Work work) throws Exception {
        long began = System.nanoTime();
        work.run();
        return (System.nanoTime() - began) / 1_000.0;
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
