package dev.heddle.bench;

import java.util.List;

/**
 * The first 1,000 supersteps of a cold JVM, making the graph included, in microseconds per superstep. Argument: {@code
 * heddle} or {@code peer}.
 */
final class ColdPart {
    private static final int STEPS = 1_000;

    private ColdPart() {}

    public static void main(String... args) throws Exception {
        boolean heddle = args[0].equals("heddle");
        long began = System.nanoTime();
        Work work = heddle ? HeddleWorks.loop(STEPS, List.of()) : PeerWorks.loop(STEPS, List.of());
        work.run();
        Figures.print(args[0] + ".cold", (System.nanoTime() - began) / 1_000.0 / STEPS);
    }
}
