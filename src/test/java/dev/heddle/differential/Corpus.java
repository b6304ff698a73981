package dev.heddle.differential;

import dev.heddle.tree.Tree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/** Recorded cases, one JSON document per line. */
final class Corpus {
    private Corpus() {}

    /**
     * A case in which the engine did something else.
     *
     * @param spec the case
     */
    record Deviation(Tree.Fields spec, Difference difference) {
        @Override
        public String toString() {
            return "seed " + Json.show(spec.get("seed")) + " " + difference;
        }
    }

    /** The committed ones. */
    static List<String> committed() {
        List<String> lines = new ArrayList<>();
        try (InputStream file = Corpus.class.getResourceAsStream("/differential/corpus.jsonl.gz");
                InputStream plain = new GZIPInputStream(
                        Optional.ofNullable(file).orElseThrow(() -> new IllegalStateException("no corpus")))) {
            read(plain, lines::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    static void read(InputStream in, Consumer<String> line) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String text = reader.readLine(); text != null; text = reader.readLine()) {
            line.accept(text);
        }
    }

    /** Plays a recorded case; empty when the engine does the same. */
    static Optional<Deviation> replay(String line) {
        Tree.Fields recorded = Json.read(line);
        Tree.Fields spec = Json.fields(recorded.get("case"));
        Optional<Difference> difference;
        try {
            difference = Difference.between(recorded.get("record"), Player.play(spec, recorded.get("record")));
        } catch (RuntimeException | Error e) {
            StackTraceElement[] trace = e.getStackTrace();
            difference = Optional.of(
                    new Difference("(everywhere)", "a record", e + (trace.length == 0 ? "" : " at " + trace[0])));
        }
        return difference.map(found -> new Deviation(spec, found));
    }
}
