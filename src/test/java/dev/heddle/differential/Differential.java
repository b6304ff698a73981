package dev.heddle.differential;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** Compares recorded cases from standard input as they come; differences go to standard output. */
final class Differential {
    private Differential() {}

    /** {@code python -m differential record 1 10000 | java … dev.heddle.differential.Differential} */
    public static void main(String[] arguments) throws IOException {
        AtomicInteger played = new AtomicInteger();
        AtomicInteger differing = new AtomicInteger();
        Corpus.read(System.in, line -> {
            Corpus.replay(line).ifPresent(deviation -> {
                differing.incrementAndGet();
                System.out.println(deviation);
            });
            if (played.incrementAndGet() % 500 == 0) {
                System.err.println(played + " cases, " + differing + " differ");
            }
        });
        System.out.println(played + " cases, " + differing + " differ");
        System.exit(differing.get() == 0 && played.get() > 0 ? 0 : 1);
    }
}
