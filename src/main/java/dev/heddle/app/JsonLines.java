package dev.heddle.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.heddle.observe.Observer;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes each note as one line of JSON: {@code {"time":"…","event":"request","status":200,…}}. Lambda brings the lines to
 * CloudWatch.
 */
final class JsonLines implements Observer {
    private final JsonFactory json = new JsonFactory();
    private final Clock clock = Clock.systemUTC();
    private final PrintStream out;

    JsonLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void note(String event, Map<String, ?> facts) {
        // One println for each line, so that lines of parallel requests do not mix.
        out.println(line(event, facts));
    }

    private String line(String event, Map<String, ?> facts) {
        StringWriter line = new StringWriter();
        try (JsonGenerator writer = json.createGenerator(line)) {
            writer.writeStartObject();
            writer.writeStringField("time", clock.instant().toString());
            writer.writeStringField("event", event);
            for (Map.Entry<String, ?> fact : new TreeMap<>(facts).entrySet()) {
                writer.writeFieldName(fact.getKey());
                switch (fact.getValue()) {
                    case Number number -> writer.writeNumber(number.toString());
                    case Boolean flag -> writer.writeBoolean(flag);
                    case Object other -> writer.writeString(other.toString());
                }
            }
            writer.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter never fails
        }
        return line.toString();
    }
}
