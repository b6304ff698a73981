package dev.heddle.bench;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The most memory that this process has had in RAM, as Linux tells it: {@code VmHWM: 12345 kB}. */
final class PeakMemory {
    private PeakMemory() {}

    /** Prints the line; reads it in a way that loads few classes. */
    static void print() {
        try (FileInputStream status = new FileInputStream("/proc/self/status")) {
            String text = new String(status.readAllBytes(), StandardCharsets.US_ASCII);
            int begin = text.indexOf("VmHWM:");
            if (begin >= 0) {
                System.out.println(text.substring(begin, text.indexOf('\n', begin)));
            }
        } catch (IOException e) {
            System.out.println("VmHWM: unknown");
        }
    }
}
