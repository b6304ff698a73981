package dev.heddle.local.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heddle.local.gateway.LocalGateway.PayloadFormat;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * HTTP requests as the events that a function gets: format 1.0 as of a REST API with the routes {@code /} and {@code
 * /{proxy+}} at a custom domain (no stage in the path), 2.0 as of a function URL. Pure functions.
 *
 * <p>The path stays percent-encoded, as both of them leave it; query parameters are decoded. <b>Bodies:</b> with a
 * textual content type (or none) and valid UTF-8 they are text, anything else is base64. (A REST API does that when
 * {@code binaryMediaTypes} names the binary types, a function URL by itself.)
 *
 * <p>Source: "Input format of a Lambda function for proxy integration" (API Gateway) and "Request and response
 * payloads" of function URLs.
 */
final class GatewayEvents {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ACCOUNT = "000000000000";
    private static final String API = "local";
    private static final DateTimeFormatter REQUEST_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    private GatewayEvents() {}

    /** A request as it came in. */
    record Incoming(MessageHead head, byte[] body, String requestId, String sourceIp, Instant time) {
        String header(String name) {
            return head.header(name).orElse("");
        }
    }

    /** The event's JSON in UTF-8. */
    static byte[] event(PayloadFormat format, Incoming request) {
        ObjectNode event =
                switch (format) {
                    case V1 -> restApi(request);
                    case V2 -> functionUrl(request);
                };
        Optional<String> text = text(request);
        if (request.body().length == 0) {
            event.putNull("body");
        } else {
            event.put("body", text.orElseGet(() -> Base64.getEncoder().encodeToString(request.body())));
        }
        event.put("isBase64Encoded", text.isEmpty());
        try {
            return JSON.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode restApi(Incoming request) {
        String path = request.head().path();
        String method = request.head().method();
        ObjectNode event = JSON.createObjectNode();
        event.put("resource", path.equals("/") ? "/" : "/{proxy+}")
                .put("path", path)
                .put("httpMethod", method);
        putMaps(event, "headers", "multiValueHeaders", headers(request));
        putMaps(event, "queryStringParameters", "multiValueQueryStringParameters", query(request.head()));
        if (path.equals("/")) {
            event.putNull("pathParameters");
        } else {
            event.putObject("pathParameters").put("proxy", path.substring(1));
        }
        event.putNull("stageVariables");
        ObjectNode context = event.putObject("requestContext");
        context.put("accountId", ACCOUNT)
                .put("apiId", API)
                .put("resourceId", "proxy")
                .put("resourcePath", path.equals("/") ? "/" : "/{proxy+}")
                .put("stage", "local")
                .put("path", path)
                .put("httpMethod", method)
                .put("protocol", request.head().version())
                .put("requestId", request.requestId())
                .put("extendedRequestId", request.requestId())
                .put("requestTime", REQUEST_TIME.format(request.time()))
                .put("requestTimeEpoch", request.time().toEpochMilli())
                .put("domainName", request.header("host"))
                .put("domainPrefix", API);
        context.putObject("identity")
                .put("sourceIp", request.sourceIp())
                .put("userAgent", request.header("user-agent"));
        return event;
    }

    private static ObjectNode functionUrl(Incoming request) {
        ObjectNode event = JSON.createObjectNode();
        event.put("version", "2.0")
                .put("routeKey", "$default")
                .put("rawPath", request.head().path());
        event.put("rawQueryString", request.head().query());
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers(request).forEach((name, values) -> headers.computeIfAbsent(
                        name.toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                .addAll(values));
        List<String> cookies = headers.remove("cookie");
        if (cookies != null) {
            ArrayNode array = event.putArray("cookies");
            for (String cookie : String.join(";", cookies).split(";", -1)) {
                array.add(cookie.strip());
            }
        }
        ObjectNode joined = event.putObject("headers");
        headers.forEach((name, values) -> joined.put(name, String.join(",", values)));
        Map<String, List<String>> query = query(request.head());
        if (!query.isEmpty()) {
            ObjectNode parameters = event.putObject("queryStringParameters");
            query.forEach((name, values) -> parameters.put(name, String.join(",", values)));
        }
        ObjectNode context = event.putObject("requestContext");
        context.put("accountId", "anonymous")
                .put("apiId", API)
                .put("domainName", request.header("host"))
                .put("domainPrefix", API)
                .put("requestId", request.requestId())
                .put("routeKey", "$default")
                .put("stage", "$default")
                .put("time", REQUEST_TIME.format(request.time()))
                .put("timeEpoch", request.time().toEpochMilli());
        context.putObject("http")
                .put("method", request.head().method())
                .put("path", request.head().path())
                .put("protocol", request.head().version())
                .put("sourceIp", request.sourceIp())
                .put("userAgent", request.header("user-agent"));
        return event;
    }

    /** The client's headers and those that the gateway adds, name as first written -> values in order. */
    private static Map<String, List<String>> headers(Incoming request) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        Map<String, String> names = new LinkedHashMap<>();
        List<Header> all = new ArrayList<>(request.head().headers());
        all.add(new Header("X-Forwarded-For", request.sourceIp()));
        all.add(new Header("X-Forwarded-Proto", "http"));
        for (Header header : all) {
            String name = names.computeIfAbsent(header.name().toLowerCase(Locale.ROOT), n -> header.name());
            headers.computeIfAbsent(name, n -> new ArrayList<>()).add(header.value());
        }
        return headers;
    }

    private static Map<String, List<String>> query(MessageHead head) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : head.query().split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                query.computeIfAbsent(decoded(name), n -> new ArrayList<>())
                        .add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }

    /** Format 1.0 shows the last value in one map and all of them in another; null instead of an empty map. */
    private static void putMaps(ObjectNode event, String single, String multi, Map<String, List<String>> values) {
        if (values.isEmpty()) {
            event.putNull(single).putNull(multi);
            return;
        }
        ObjectNode last = event.putObject(single);
        ObjectNode all = event.putObject(multi);
        values.forEach((name, list) -> {
            last.put(name, list.getLast());
            ArrayNode array = all.putArray(name);
            list.forEach(array::add);
        });
    }

    private static Optional<String> text(Incoming request) {
        String type = request.header("content-type").toLowerCase(Locale.ROOT);
        if (!type.isEmpty() && !type.matches("(text/|application/([^;]*\\+)?(json|xml|x-www-form-urlencoded)).*")) {
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(request.body()))
                    .toString());
        } catch (CharacterCodingException binary) {
            return Optional.empty();
        }
    }
}
