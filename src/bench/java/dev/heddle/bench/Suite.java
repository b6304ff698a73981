package dev.heddle.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The program of {@code make bench}: runs every work with Heddle and with its peers, one after the other on this machine,
 * and prints one table.
 *
 * <p>System properties: {@code bench.python} is an interpreter with the packages of {@code src/bench/python} (without it
 * the table has no Python), {@code bench.folder} a folder with {@code first.jar}, {@code bench.quick=true} makes a short
 * run whose figures mean little.
 */
final class Suite {
    private static final boolean QUICK = Boolean.getBoolean("bench.quick");
    private static final Path FOLDER = Path.of(System.getProperty("bench.folder", "target/bench"));
    private static final String PYTHON = System.getProperty("bench.python", "");
    /** JMH calls the work on a virtual thread. */
    private static final String VIRTUAL = "-Djmh.executor=VIRTUAL";
    /** JMH knows no other way yet. */
    private static final String UNSAFE = "--sun-misc-unsafe-memory-access=allow";
    /** What a short-lived process wants: no big heap, no second compiler. Both JVM libraries get the same. */
    private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m");

    private final Map<String, Double> figures = new TreeMap<>();
    private final Map<String, Processes.First> firsts = new TreeMap<>();

    private Suite() {}

    public static void main(String... args) throws Exception {
        Suite suite = new Suite();
        // Python stands between two halves, so that a change of the machine's mood does not favour one side alone.
        suite.steady(".*SuperstepBenchmark.heddle.*", VIRTUAL);
        suite.python();
        suite.steady(".*SuperstepBenchmark.peer.*");
        suite.part(BallastPart.class, QUICK ? "1" : "15", QUICK ? "3" : "101");
        suite.part(ChatPart.class, QUICK ? "3" : "60");
        suite.part(AllocationPart.class, QUICK ? "3" : "30");
        suite.cold();
        suite.first();
        System.out.println();
        suite.figures.forEach((name, value) -> System.out.printf("%s\t%s%n", name, Table.number(value)));
        System.out.println();
        System.out.print(new Table(suite.figures, suite.firsts).text());
    }

    private static void say(String what) {
        System.err.println("bench: " + what);
    }

    private void part(Class<?> main, String... arguments) throws Exception {
        say(main.getSimpleName());
        figures.putAll(Processes.part(main, List.of(), arguments));
    }

    /** The JMH part. Its figures are named after the method. */
    private void steady(String include, String... jvmArguments) throws Exception {
        say("steady state: " + include);
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(include)
                .jvmArgs(UNSAFE)
                .jvmArgsAppend(jvmArguments)
                .verbosity(VerboseMode.SILENT);
        if (QUICK) {
            options = options.warmupIterations(1)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(1)
                    .measurementTime(TimeValue.seconds(1));
        }
        for (RunResult result : new Runner(options.build()).run()) {
            // The median of the iterations: on a shared machine some are disturbed.
            figures.put(
                    result.getPrimaryResult().getLabel(),
                    result.getPrimaryResult().getStatistics().getPercentile(50));
        }
    }

    private void python() throws Exception {
        if (PYTHON.isEmpty()) {
            say("no Python, so no figures of it");
            return;
        }
        say("Python");
        List<String> command = new ArrayList<>(List.of(PYTHON, "src/bench/python/works.py"));
        if (QUICK) {
            command.add("quick");
        }
        Processes.figures(command).forEach((name, value) -> figures.put("python." + name, value));
    }

    private void cold() throws Exception {
        say("cold JVM");
        int starts = QUICK ? 1 : 9;
        figures.put("heddle.cold", cold(List.of(), jar("first.jar"), "heddle", starts));
        figures.put("peer.cold", cold(List.of(), peerPath(), "peer", starts));
        figures.put(
                "heddle.cold.archive",
                cold(
                        archive(List.of(), jar("first.jar"), ColdPart.class, "heddle"),
                        jar("first.jar"),
                        "heddle",
                        starts));
        figures.put(
                "peer.cold.archive",
                cold(archive(List.of(), peerPath(), ColdPart.class, "peer"), peerPath(), "peer", starts));
    }

    private static double cold(List<String> options, String classPath, String who, int starts) throws Exception {
        double[] micros = new double[starts];
        for (int i = 0; i < starts; i++) {
            micros[i] = Processes.figures(Processes.java(options, classPath, ColdPart.class, who))
                    .get(who + ".cold");
        }
        return Figures.median(micros);
    }

    private void first() throws Exception {
        say("first result of a fresh process");
        int starts = QUICK ? 2 : 15;
        firsts.put(
                "heddle.plain",
                Processes.first(Processes.java(List.of(), jar("first.jar"), HeddleFirst.class), starts));
        firsts.put("peer.plain", Processes.first(Processes.java(List.of(), peerPath(), PeerFirst.class), starts));
        firsts.put("heddle", archived(jar("first.jar"), HeddleFirst.class, starts));
        firsts.put("peer", archived(peerPath(), PeerFirst.class, starts));
        if (!PYTHON.isEmpty()) {
            firsts.put("python", Processes.first(List.of(PYTHON, "src/bench/python/first.py"), starts));
        }
    }

    private static Processes.First archived(String classPath, Class<?> main, int starts) throws Exception {
        List<String> options = new ArrayList<>(SMALL);
        options.addAll(archive(SMALL, classPath, main));
        return Processes.first(Processes.java(options, classPath, main), starts);
    }

    /** The option that uses a cache of loaded and linked classes, which a first run writes (JEP 483, 514). */
    private static List<String> archive(List<String> options, String classPath, Class<?> main, String... arguments)
            throws Exception {
        Path cache = FOLDER.resolve(String.join("-", main.getSimpleName(), String.join("-", arguments)) + ".aot");
        Files.deleteIfExists(cache);
        List<String> writing = new ArrayList<>(options);
        writing.add("-XX:AOTCacheOutput=" + cache);
        Processes.quietly(Processes.java(writing, classPath, main, arguments));
        return List.of("-XX:AOTCache=" + cache);
    }

    private static String jar(String name) {
        return FOLDER.resolve(name).toString();
    }

    private static String peerPath() {
        return jar("peer-first.jar")
                + System.getProperty("path.separator")
                + System.getProperty("bench.peer.classpath", "");
    }
}
