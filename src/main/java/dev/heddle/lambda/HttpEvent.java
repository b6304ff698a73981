package dev.heddle.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heddle.http.HttpRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An HTTP event of API Gateway or a function URL as {@link HttpRequest}. Pure.
 *
 * <p>Source: AWS documentation, "Lambda proxy integration input format" (REST, format 1.0; the field names are those of
 * {@code APIGatewayProxyRequestEvent}) and "payload format version 2.0". The request id is the invocation's, because
 * that is the one in Lambda's own log lines.
 */
final class HttpEvent {
    private HttpEvent() {}

    /** REST API. Its {@code path} has no stage; its query is decoded already. */
    static HttpRequest fromFormat1(JsonNode event, Invocation invocation) throws MalformedEvent {
        return new HttpRequest(
                text(event, "httpMethod").toUpperCase(Locale.ROOT),
                path(text(event, "path")),
                values(event, "multiValueQueryStringParameters", "queryStringParameters", false),
                values(event, "multiValueHeaders", "headers", true),
                body(event),
                invocation.requestId(),
                invocation.deadline());
    }

    /** HTTP API or function URL. Its {@code rawPath} begins with the stage, unless that is {@code $default}. */
    static HttpRequest fromFormat2(JsonNode event, Invocation invocation) throws MalformedEvent {
        JsonNode context = event.path("requestContext");
        Map<String, List<String>> headers = new LinkedHashMap<>(values(event, "", "headers", true));
        List<String> cookies = texts(event.path("cookies"), "cookies");
        if (!cookies.isEmpty()) {
            headers.put("cookie", List.of(String.join("; ", cookies)));
        }
        JsonNode query = event.path("rawQueryString");
        return new HttpRequest(
                text(context.path("http"), "method").toUpperCase(Locale.ROOT),
                path(withoutStage(text(event, "rawPath"), context.path("stage").asText())),
                query.isTextual() ? query(query.textValue()) : values(event, "", "queryStringParameters", false),
                Map.copyOf(headers),
                body(event),
                invocation.requestId(),
                invocation.deadline());
    }

    private static String withoutStage(String rawPath, String stage) {
        String prefix = "/" + stage;
        if (stage.isEmpty() || stage.equals("$default")) {
            return rawPath;
        }
        return rawPath.equals(prefix) || rawPath.startsWith(prefix + "/")
                ? rawPath.substring(prefix.length())
                : rawPath;
    }

    private static String path(String raw) {
        String decoded = percentDecoded(raw);
        return decoded.startsWith("/") ? decoded : "/" + decoded;
    }

    private static Map<String, List<String>> query(String raw) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : raw.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                query.computeIfAbsent(formDecoded(name), n -> new ArrayList<>()).add(formDecoded(value));
            }
        }
        return copy(query);
    }

    private static String formDecoded(String text) {
        return percentDecoded(text.replace('+', ' '));
    }

    /** Decodes what is encoded; a percent sign without two digits stays, because the gateway may have decoded already. */
    private static String percentDecoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(raw.length);
        for (int i = 0; i < raw.length; i++) {
            int high = i + 2 < raw.length && raw[i] == '%' ? Character.digit(raw[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(raw[i + 2], 16) : -1;
            if (low >= 0) {
                decoded.write(high * 16 + low);
                i += 2;
            } else {
                decoded.write(raw[i]);
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    /** The values of a field whose multi-value form wins; names of headers in lower case. */
    private static Map<String, List<String>> values(JsonNode event, String multi, String single, boolean lowerCase)
            throws MalformedEvent {
        JsonNode multiple = event.path(multi);
        String field = multiple.isObject() ? multi : single;
        JsonNode object = event.path(field);
        if (!object.isObject() && !object.isNull() && !object.isMissingNode()) {
            throw new MalformedEvent("'" + field + "' to be an object or null", "another kind");
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String name = lowerCase ? entry.getKey().toLowerCase(Locale.ROOT) : entry.getKey();
            values.computeIfAbsent(name, n -> new ArrayList<>()).addAll(texts(entry.getValue(), field));
        }
        return copy(values);
    }

    /** A text or a list of texts; null is none. */
    private static List<String> texts(JsonNode node, String field) throws MalformedEvent {
        if (node.isTextual()) {
            return List.of(node.textValue());
        }
        if (!node.isArray() && !node.isNull() && !node.isMissingNode()) {
            throw new MalformedEvent("'" + field + "' to hold texts", "another kind");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : node) {
            if (!element.isTextual()) {
                throw new MalformedEvent("'" + field + "' to hold texts", "another kind");
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    private static String text(JsonNode object, String field) throws MalformedEvent {
        JsonNode value = object.path(field);
        if (!value.isTextual()) {
            throw new MalformedEvent("a text '" + field + "'", "none");
        }
        return value.textValue();
    }

    private static byte[] body(JsonNode event) throws MalformedEvent {
        JsonNode body = event.path("body");
        if (body.isNull() || body.isMissingNode()) {
            return new byte[0];
        }
        if (!body.isTextual()) {
            throw new MalformedEvent("'body' to be a text or null", "another kind");
        }
        if (!event.path("isBase64Encoded").asBoolean()) {
            return body.textValue().getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(body.textValue());
        } catch (IllegalArgumentException e) {
            throw new MalformedEvent("'body' in base64", "other characters");
        }
    }

    private static Map<String, List<String>> copy(Map<String, List<String>> values) {
        values.replaceAll((name, list) -> List.copyOf(list));
        return Map.copyOf(values);
    }
}
