package dev.heddle.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs the parts of the benchmark that want a process of their own, and reads the figures that they print. */
final class Processes {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private Processes() {}

    /** The figures of a part written in Java, on the class path of this process. */
    static Map<String, Double> part(Class<?> main, List<String> options, String... arguments) throws Exception {
        return figures(java(options, System.getProperty("java.class.path"), main, arguments));
    }

    /** The figures that a command prints. */
    static Map<String, Double> figures(List<String> command) throws Exception {
        Map<String, Double> figures = new TreeMap<>();
        for (String line : run(command).lines()) {
            String[] fields = line.split("\t", -1);
            if (fields.length == 2) {
                figures.put(fields[0], Double.parseDouble(fields[1]));
            }
        }
        return figures;
    }

    /** The medians of several starts of a program that prints its result and its peak memory. */
    static First first(List<String> command, int starts) throws Exception {
        double[] millis = new double[starts];
        double[] megabytes = new double[starts];
        for (int i = 0; i < starts; i++) {
            Output output = run(command);
            Work.expect("result 42", output.lines().getFirst());
            millis[i] = output.firstLineNanos() / 1e6;
            megabytes[i] = output.lines().stream()
                            .filter(line -> line.startsWith("VmHWM:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElse(0)
                    * 1024
                    / 1e6;
        }
        return new First(Figures.median(millis), Figures.median(megabytes));
    }

    /**
     * A first result.
     *
     * @param millis from the start of the process to its first line
     * @param megabytes most memory in RAM, in units of 10^6 bytes
     */
    record First(double millis, double megabytes) {}

    static List<String> java(List<String> options, String classPath, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs a command for what it leaves behind. */
    static void quietly(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Work.expect(0, process.waitFor());
    }

    private record Output(List<String> lines, long firstLineNanos) {}

    private static Output run(List<String> command) throws IOException, InterruptedException {
        long began = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new ArrayList<>();
        long first = 0;
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (lines.isEmpty()) {
                    first = System.nanoTime() - began;
                }
                lines.add(line);
            }
        }
        if (process.waitFor() != 0 || lines.isEmpty()) {
            throw new IOException("Benchmark: a part failed, expected exit code 0 and some output, got "
                    + process.exitValue() + " and " + lines.size() + " lines. The command was: "
                    + String.join(" ", command));
        }
        return new Output(lines, first);
    }
}
