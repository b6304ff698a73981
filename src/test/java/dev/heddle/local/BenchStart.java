package dev.heddle.local;

import dev.heddle.local.gateway.FunctionStartException;
import dev.heddle.local.gateway.LocalGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The program of {@code make bench-start}: how long the function takes from process start to its first {@code /next},
 * and how much memory it then has. Arguments: number of starts (10), function ({@code jvm} or the path of a native
 * executable; {@code HEDDLE_FUNCTION}).
 */
public final class BenchStart {
    /** Nothing answers there: a start may wait for no network. */
    private static final String NOBODY = "http://127.0.0.1:9";

    private BenchStart() {}

    /** Prints two lines. */
    public static void main(String... args) throws Exception {
        int times = args.length > 0 ? Integer.parseInt(args[0]) : 10;
        String function = args.length > 1 ? args[1] : System.getenv().getOrDefault("HEDDLE_FUNCTION", "jvm");
        try {
            System.out.print(measure(times, RunSettings.command(function)));
        } catch (FunctionStartException e) {
            System.err.println("bench-start: " + e.getMessage());
            System.exit(1);
        }
    }

    static String measure(int times, List<String> command) throws Exception {
        LocalGateway.Options options = LocalGateway.Options.of(command)
                .withEnvironment(Map.of(
                        "OLLAMA_BASE_URL",
                        NOBODY,
                        "AWS_ENDPOINT_URL_DYNAMODB",
                        NOBODY,
                        "AWS_ACCESS_KEY_ID",
                        "local",
                        "AWS_SECRET_ACCESS_KEY",
                        "local"))
                .withLines(System.err::println);
        List<Long> millis = new ArrayList<>();
        List<Long> kilobytes = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            try (LocalGateway gateway = LocalGateway.start(options)) {
                Duration start = gateway.warmUp();
                millis.add(start.toMillis());
                kilobytes.addAll(residentKilobytes(gateway.processes().getFirst()));
            }
        }
        return "process start to first /next, " + times + " starts: " + spread(millis, 1, "ms") + "\n"
                + "resident memory then: " + spread(kilobytes, 1024, "MB") + "\n";
    }

    /** Minimum, median and maximum in the unit of {@code divisor}; {@code n/a} for no values. */
    static String spread(List<Long> values, long divisor, String unit) {
        if (values.isEmpty()) {
            return "n/a";
        }
        List<Long> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return "min %d %s, median %d %s, max %d %s"
                .formatted(
                        sorted.getFirst() / divisor,
                        unit,
                        sorted.get(sorted.size() / 2) / divisor,
                        unit,
                        sorted.getLast() / divisor,
                        unit);
    }

    /** {@code VmRSS} of a process; empty where there is no {@code /proc}. */
    private static List<Long> residentKilobytes(long pid) throws IOException {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
