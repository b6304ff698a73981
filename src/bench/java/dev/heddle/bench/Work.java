package dev.heddle.bench;

import java.util.List;
import java.util.stream.IntStream;

/** One of the works, ready to be done again and again. Says by an exception when the result is wrong. */
@FunctionalInterface
interface Work {
    /** An untouched list of 80 KB: 1,000 texts of 80 characters. */
    List<String> BALLAST =
            IntStream.range(0, 1_000).mapToObj("%080d"::formatted).toList();

    /** Characters of a message in the conversation of work e. */
    int MESSAGE_LENGTH = 200;

    /** Does it once. */
    void run() throws Exception;

    /** A message text that shares its memory with no other. */
    static String message(String author, int turn) {
        String head = author + turn;
        return head + "x".repeat(MESSAGE_LENGTH - head.length());
    }

    /** A wrong result makes every figure worthless. */
    static void expect(Object expected, Object got) {
        if (!expected.equals(got)) {
            throw new IllegalStateException("Benchmark: wrong result, expected " + expected + ", got " + got
                    + ". Do not trust the figures of this run.");
        }
    }
}
