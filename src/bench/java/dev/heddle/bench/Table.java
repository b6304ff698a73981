package dev.heddle.bench;

import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The table: absolute figures, ratios, what is asked for, and whether it is met. */
final class Table {
    private final Map<String, Double> figures;
    private final Map<String, Processes.First> firsts;
    private final StringBuilder text = new StringBuilder();

    Table(Map<String, Double> figures, Map<String, Processes.First> firsts) {
        this.figures = figures;
        this.firsts = firsts;
    }

    /** As Markdown. */
    String text() {
        row("work", "Heddle", "Python", "langgraph4j", "of Python", "of langgraph4j", "floor", "aim");
        row("---", "---", "---", "---", "---", "---", "---", "---");
        time("a: loop, per superstep", "µs", "heddleLoop", "a.small", "peerLoop", 30, 80, true);
        time("b: loop, stored, per superstep", "µs", "heddleStoredLoop", "b.small", "peerStoredLoop", 30, 60, false);
        time("d: router, 100 sends, join", "µs", "heddleFan", "d", "peerFan", 40, 80, false);
        growth("a with 80 KB / without", "heddle.a", "python.a", "peer.a", "large", "small", 1.2, 1.05);
        growth("b with 80 KB / without", "heddle.b", "python.b", "peer.b", "large", "small", 1.2, 1.05);
        bytes();
        growth("e: turn 200 / turn 2", "heddle.e", "python.e", "peer.e", "turn200", "turn2", 1.5, 1.1);
        cold("first 1,000 supersteps of a cold JVM, each: plain java", "");
        cold("first 1,000 supersteps of a cold JVM, each: archive of classes", ".archive");
        first("first result, archive of classes: wall", "heddle", "peer", true, 120, 70);
        first("first result, archive of classes: memory", "heddle", "peer", false, 60, 45);
        first("first result, plain java: wall", "heddle.plain", "peer.plain", true, 120, 70);
        first("first result, plain java: memory", "heddle.plain", "peer.plain", false, 60, 45);
        growth("allocated: 400 / 4 untouched channels", "heddle.alloc", "", "", "channels400", "channels4", 1.1, 1.02);
        growth("allocated: thread of 5,000 / 10", "heddle.alloc", "", "", "thread5000", "thread10", 1.1, 1.02);
        return text.toString();
    }

    private void time(
            String work, String unit, String ours, String python, String peer, int floor, int aim, boolean beatsPeer) {
        double heddle = figure(ours);
        double slow = figure("python." + python);
        double other = figure(peer);
        boolean floorMet = heddle <= slow / floor && (!beatsPeer || heddle < other);
        row(
                work,
                number(heddle) + " " + unit,
                number(slow) + " " + unit,
                number(other) + " " + unit,
                ratio(heddle, slow),
                ratio(heddle, other),
                met("1/" + floor + (beatsPeer ? ", < langgraph4j" : ""), floorMet),
                met("1/" + aim, heddle <= slow / aim));
    }

    private void growth(
            String work, String ours, String python, String peer, String big, String small, double floor, double aim) {
        double heddle = figure(ours + "." + big) / figure(ours + "." + small);
        row(
                work,
                times(ours, big, small),
                times(python, big, small),
                times(peer, big, small),
                "",
                "",
                met("%.2fx".formatted(floor), heddle <= floor),
                met("%.2fx".formatted(aim), heddle <= aim));
    }

    private String times(String who, String big, String small) {
        double from = figure(who + "." + small);
        double to = figure(who + "." + big);
        return Double.isNaN(to / from) ? "" : "%.2fx (%s -> %s)".formatted(to / from, number(from), number(to));
    }

    private void bytes() {
        double heddle = figure("heddle.e.bytes") / 1e6;
        double python = figure("python.e.bytes") / 1e6;
        double peer = figure("peer.e.bytes") / 1e6;
        row(
                "e: 200 chat turns, bytes held",
                number(heddle) + " MB",
                number(python) + " MB (SQLite " + number(figure("python.e.sqlite") / 1e6) + ")",
                number(peer) + " MB",
                ratio(heddle, python),
                ratio(heddle, peer),
                met("1 MB", heddle <= 1),
                met("0.6 MB", heddle <= 0.6));
    }

    private void cold(String work, String how) {
        double heddle = figure("heddle.cold" + how);
        double python = figure("python.a.small");
        double peer = figure("peer.cold" + how);
        row(
                work,
                number(heddle) + " µs",
                number(python) + " µs",
                number(peer) + " µs",
                ratio(heddle, python),
                ratio(heddle, peer),
                met("Python", heddle <= python),
                met("80 µs", heddle <= 80));
    }

    private void first(String work, String ours, String theirs, boolean wall, double floor, double aim) {
        String unit = wall ? " ms" : " MB";
        double heddle = first(ours, wall);
        double python = first("python", wall);
        double peer = first(theirs, wall);
        row(
                work,
                number(heddle) + unit,
                number(python) + unit,
                number(peer) + unit,
                ratio(heddle, python),
                ratio(heddle, peer),
                met(number(floor) + unit, heddle <= floor),
                met(number(aim) + unit, heddle <= aim));
    }

    private double first(String who, boolean wall) {
        Processes.@Nullable First first = firsts.get(who);
        if (first == null) {
            return Double.NaN;
        }
        return wall ? first.millis() : first.megabytes();
    }

    private double figure(String name) {
        return figures.getOrDefault(name, Double.NaN);
    }

    private static String ratio(double ours, double theirs) {
        double ratio = ours / theirs;
        if (Double.isNaN(ratio)) {
            return "";
        }
        return ratio < 1 ? "1/%.1f".formatted(1 / ratio) : "%.2fx".formatted(ratio);
    }

    private static String met(String what, boolean met) {
        return what + (met ? ": met" : ": **not met**");
    }

    /** Three significant digits. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "?";
        }
        int digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    private void row(String... cells) {
        StringJoiner row = new StringJoiner(" | ", "| ", " |\n");
        for (String cell : cells) {
            row.add(cell);
        }
        text.append(row);
    }
}
