package dev.heddle.local.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.local.gateway.Invocation.Piece;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The JSON in which a function answers a proxy integration: <code>{"statusCode":200,"headers":{"a":"b"},
 * "multiValueHeaders":{"a":["b"]},"cookies":["k=v"],"body":"…","isBase64Encoded":false}</code>; a streamed prelude is
 * the same without the body. Pure functions.
 */
final class ProxyReply {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The connection to the client is framed by the gateway, whatever the function says. */
    private static final Set<String> OWN_FRAMING =
            Set.of("connection", "content-length", "keep-alive", "trailer", "transfer-encoding", "upgrade");

    private ProxyReply() {}

    /** The head in a prelude. */
    static Piece.Head head(byte[] prelude) throws ReplyFormatException {
        return head(parse(prelude));
    }

    /** Head and body of a buffered reply. */
    static List<Piece> whole(byte[] reply) throws ReplyFormatException {
        JsonNode json = parse(reply);
        String body = json.path("body").asText("");
        List<Piece> pieces = new ArrayList<>(List.of(head(json)));
        try {
            byte[] bytes = json.path("isBase64Encoded").asBoolean()
                    ? Base64.getDecoder().decode(body)
                    : body.getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0) {
                pieces.add(new Piece.Data(bytes));
            }
        } catch (IllegalArgumentException e) {
            throw new ReplyFormatException("reply: bad body, expected base64 because isBase64Encoded is true");
        }
        return pieces;
    }

    private static Piece.Head head(JsonNode json) throws ReplyFormatException {
        int status = json.path("statusCode").asInt();
        if (status < 200 || status > 599) {
            throw new ReplyFormatException("reply: bad statusCode, expected 200 to 599, got " + json.get("statusCode"));
        }
        List<Header> headers = new ArrayList<>();
        JsonNode many = json.path("multiValueHeaders");
        for (var entry : json.path("headers").properties()) {
            if (!many.has(entry.getKey())) {
                add(headers, entry.getKey(), entry.getValue());
            }
        }
        for (var entry : many.properties()) {
            for (JsonNode value : entry.getValue()) {
                add(headers, entry.getKey(), value);
            }
        }
        for (JsonNode cookie : json.path("cookies")) {
            add(headers, "Set-Cookie", cookie);
        }
        if (headers.stream().noneMatch(h -> h.is("content-type"))) {
            headers.add(new Header("Content-Type", "application/json"));
        }
        return new Piece.Head(status, List.copyOf(headers));
    }

    private static void add(List<Header> headers, String name, JsonNode value) throws ReplyFormatException {
        String text = value.asText();
        if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") || text.chars().anyMatch(c -> c < ' ' && c != '\t')) {
            throw new ReplyFormatException("reply: bad header, expected a token and a value of one line");
        }
        if (!OWN_FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
            headers.add(new Header(name, text));
        }
    }

    private static JsonNode parse(byte[] bytes) throws ReplyFormatException {
        JsonNode json;
        try {
            json = JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new ReplyFormatException("reply: not JSON, expected {\"statusCode\":…}");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        if (!json.isObject()) {
            throw new ReplyFormatException("reply: not a JSON object, expected {\"statusCode\":…}");
        }
        return json;
    }
}
