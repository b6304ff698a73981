package dev.heddle.lambda;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Tells the events apart. Pure.
 *
 * <p>Nothing in {@code /next} says who asks, so the JSON must: a request of API Gateway (format 1.0) has {@code
 * httpMethod} and {@code path}, one of a function URL or HTTP API has {@code version} 2.0 and {@code
 * requestContext.http}, a schedule has {@code source} {@code aws.events} (rules) or {@code aws.scheduler}.
 */
final class Events {
    private Events() {}

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    /** What may be shown of a name that a sender gave itself. */
    private static final Pattern SHOWABLE = Pattern.compile("[A-Za-z0-9.:_-]{1,64}");

    /** What this invocation wants. Never throws: what cannot be read is {@link Event.Refused}. */
    static Event read(Invocation invocation) {
        JsonNode event;
        try {
            event = JSON.readTree(invocation.body());
        } catch (JsonProcessingException e) {
            JsonLocation where = e.getLocation();
            return malformed(
                    "a JSON object",
                    where == null
                            ? "JSON too deep or too long"
                            : "JSON broken in line " + where.getLineNr() + ", column " + where.getColumnNr());
        } catch (IOException e) {
            return malformed("a JSON object", "unreadable bytes");
        }
        if (!event.isObject()) {
            return malformed("a JSON object", event.getNodeType().name().toLowerCase(Locale.ROOT));
        }
        try {
            return read(event, invocation);
        } catch (MalformedEvent e) {
            return malformed(e.expected(), e.got());
        }
    }

    private static Event read(JsonNode event, Invocation invocation) throws MalformedEvent {
        JsonNode context = event.path("requestContext");
        if (event.path("version").asText().equals("2.0") && context.path("http").isObject()) {
            return new Event.Http(HttpEvent.fromFormat2(event, invocation));
        }
        if (event.path("httpMethod").isTextual() && !context.has("elb")) {
            return new Event.Http(HttpEvent.fromFormat1(event, invocation));
        }
        String source = source(event);
        if (source.equals("aws.events") || source.equals("aws.scheduler")) {
            return new Event.Schedule();
        }
        return new Event.Refused(new FunctionError(
                "unsupported_event",
                "Event: unsupported kind, expected an API Gateway or function URL request or a schedule, got %s. Remove that trigger from the function."
                        .formatted(SHOWABLE.matcher(source).matches() ? "source '" + source + "'" : "another")));
    }

    private static String source(JsonNode event) {
        if (event.path("requestContext").has("elb")) {
            return "aws:elb";
        }
        JsonNode records = event.path("Records").path(0);
        for (JsonNode name : new JsonNode[] {
            event.path("source"), event.path("eventSource"), records.path("eventSource"), records.path("EventSource")
        }) {
            if (name.isTextual()) {
                return name.textValue();
            }
        }
        return "";
    }

    private static Event.Refused malformed(String expected, String got) {
        return new Event.Refused(new FunctionError(
                "malformed_event",
                "Event: malformed, expected %s, got %s. Check what invokes the function.".formatted(expected, got)));
    }
}
