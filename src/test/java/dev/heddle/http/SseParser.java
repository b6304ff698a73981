package dev.heddle.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A reader of event streams, line by line after WHATWG HTML 9.2.6 "Interpreting an event stream"; it shares no code with
 * the writer. Comments are kept apart, because tests ask for them.
 */
final class SseParser {
    private final List<String> events = new ArrayList<>();
    private final List<String> comments = new ArrayList<>();

    private SseParser() {}

    /** The {@code data} of every event that was dispatched. */
    List<String> events() {
        return events;
    }

    /** The text of every comment, as it stands behind the colon. */
    List<String> comments() {
        return comments;
    }

    static SseParser parse(byte[] stream) {
        SseParser parser = new SseParser();
        StringBuilder data = new StringBuilder();
        for (String line : lines(new String(stream, StandardCharsets.UTF_8))) {
            int colon = line.indexOf(':');
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    parser.events.add(data.substring(0, data.length() - 1));
                }
                data.setLength(0);
            } else if (colon == 0) {
                parser.comments.add(line.substring(1));
            } else {
                String field = colon < 0 ? line : line.substring(0, colon);
                String value = colon < 0 ? "" : line.substring(colon + 1);
                if (field.equals("data")) {
                    data.append(value.startsWith(" ") ? value.substring(1) : value)
                            .append('\n');
                }
            }
        }
        return parser;
    }

    /** Lines end by CR LF, LF or CR; what follows the last end is no line. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n') {
                if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                    i++;
                }
                lines.add(line.toString());
                line.setLength(0);
            } else {
                line.append(c);
            }
        }
        return lines;
    }
}
