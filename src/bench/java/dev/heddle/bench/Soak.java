package dev.heddle.bench;

import java.util.List;

/**
 * The program of {@code make soak}: 1,000,000 supersteps in one process, without a checkpointer and with one whose threads
 * are deleted when they end, and the live heap after a full collection at each tenth. Ends with exit code 1 if the heap has
 * grown from the second tenth to the last by more than a tenth and a megabyte. Argument: supersteps, 1,000,000.
 */
final class Soak {
    private static final int STEPS = 1_000;
    private static final int TENTHS = 10;

    private Soak() {}

    public static void main(String... args) throws Exception {
        int supersteps = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        boolean grown = grows("one run", longRun(supersteps / TENTHS));
        grown |= grows("no checkpointer", repeated(HeddleWorks.loop(STEPS, List.of()), supersteps / TENTHS / STEPS));
        grown |= grows(
                "in-memory checkpointer",
                repeated(HeddleWorks.storedLoop(STEPS, List.of()), supersteps / TENTHS / STEPS));
        if (grown) {
            System.exit(1);
        }
    }

    private static Work longRun(int steps) {
        return HeddleWorks.loop(steps, List.of());
    }

    private static Work repeated(Work work, int times) {
        return () -> {
            for (int i = 0; i < times; i++) {
                work.run();
            }
        };
    }

    private static boolean grows(String name, Work tenth) throws Exception {
        long[] live = new long[TENTHS];
        StringBuilder line = new StringBuilder(name + ": live heap in KB after each tenth:");
        for (int i = 0; i < TENTHS; i++) {
            tenth.run();
            live[i] = ChatPart.liveBytes();
            line.append(' ').append(live[i] / 1_024);
        }
        boolean grown = live[TENTHS - 1] > live[1] + live[1] / 10 + 1_048_576;
        System.out.println(line + (grown ? ": it grows" : ": it does not grow"));
        return grown;
    }
}
