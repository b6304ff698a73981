package dev.heddle.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads and checks what a chat request says, before anything is started or written. No message shows what the user
 * wrote: only lengths, positions and kinds.
 */
final class ChatRequests {
    static final int MAX_BODY_BYTES = 1 << 20;
    static final int MAX_CONTENT_CHARACTERS = 32_000;
    static final int MAX_THREAD_ID_CHARACTERS = 128;

    private ChatRequests() {}

    /** What shall be said, and where. Other fields of the body are ignored. */
    record Chat(String threadId, String content) {}

    /** Of {@code POST /chat/{thread_id}}: a thread id in the body too must be the same. */
    static Chat ofThread(String threadId, HttpRequest request, Json json) {
        checkThreadId(threadId);
        JsonNode body = body(request, json);
        if (threadId(body).filter(other -> !other.equals(threadId)).isPresent()) {
            throw new Refusal(
                    ErrorCode.BAD_THREAD_ID,
                    "Thread id: named twice, expected the same in path and body, got two different ones. Leave it out"
                            + " of the body.");
        }
        return new Chat(threadId, content(body));
    }

    /** Of {@code POST /chat}: without a thread id, or with null, a new thread begins. */
    static Chat ofAny(HttpRequest request, Json json, Supplier<String> newThreadId) {
        JsonNode body = body(request, json);
        Optional<String> threadId = threadId(body);
        threadId.ifPresent(ChatRequests::checkThreadId);
        String content = content(body);
        return new Chat(threadId.orElseGet(newThreadId), content);
    }

    private static JsonNode body(HttpRequest request, Json json) {
        if (request.body().length > MAX_BODY_BYTES) {
            throw new Refusal(
                    ErrorCode.BODY_TOO_LARGE,
                    "Body: too large, expected at most " + MAX_BODY_BYTES + " bytes, got " + request.body().length
                            + ". Send less.");
        }
        if (!isJson(request.header("content-type").orElse(""))) {
            // also when there is none: a web page of anybody may send that to a local service without asking
            throw new Refusal(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type: not supported, expected application/json in UTF-8, got "
                            + (request.header("content-type").isPresent() ? "another one" : "none")
                            + ". Send the header 'content-type: application/json'.");
        }
        JsonNode body = json.read(request.body());
        if (!body.isObject()) {
            throw new Refusal(
                    ErrorCode.NOT_AN_OBJECT,
                    "Body: wrong shape, expected a JSON object, got " + kind(body) + ". Send {\"content\": \"…\"}.");
        }
        return body;
    }

    /** Whether this is {@code application/json}, without a charset or with that of UTF-8. */
    static boolean isJson(String contentType) {
        String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
        if (!parts[0].strip().equals("application/json")) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("charset=")) {
                String charset = parameter.substring("charset=".length()).replace("\"", "");
                if (!charset.equals("utf-8") && !charset.equals("utf8")) {
                    return false;
                }
            }
        }
        return true;
    }

    private static String content(JsonNode body) {
        JsonNode node = body.path("content");
        if (node.isMissingNode() || node.isNull()) {
            throw missing(node.isNull() ? "null" : "none");
        }
        if (!node.isTextual()) {
            throw new Refusal(
                    ErrorCode.BAD_CONTENT,
                    "Field 'content': wrong type, expected text, got " + kind(node) + ". Send one text.");
        }
        String content = node.textValue();
        if (content.isBlank()) {
            throw missing(content.isEmpty() ? "an empty one" : "only white space");
        }
        int length = content.codePointCount(0, content.length());
        if (length > MAX_CONTENT_CHARACTERS) {
            throw new Refusal(
                    ErrorCode.CONTENT_TOO_LONG,
                    "Field 'content': too long, expected at most " + MAX_CONTENT_CHARACTERS + " characters, got "
                            + length + ". Shorten it or split it.");
        }
        int bad = firstBadCharacter(content);
        if (bad >= 0) {
            throw new Refusal(
                    ErrorCode.BAD_CONTENT,
                    "Field 'content': bad character, expected Unicode text without U+0000, got "
                            + unicode(content.charAt(bad)) + " at position " + bad + ". Remove it.");
        }
        return content;
    }

    private static Refusal missing(String got) {
        return new Refusal(
                ErrorCode.MISSING_CONTENT,
                "Field 'content': missing, expected a text that is not blank, got " + got
                        + ". Send {\"content\": \"…\"}.");
    }

    /** Where NUL or half of a surrogate pair stands, neither of which can be stored everywhere; -1 for nowhere. */
    private static int firstBadCharacter(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int character = text.codePointAt(i);
            if (character == 0 || (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE)) {
                return i;
            }
        }
        return -1;
    }

    private static Optional<String> threadId(JsonNode body) {
        JsonNode node = body.path("thread_id");
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isTextual()) {
            throw badThreadId("wrong type", kind(node));
        }
        return Optional.of(node.textValue());
    }

    private static void checkThreadId(String id) {
        if (id.isEmpty() || id.length() > MAX_THREAD_ID_CHARACTERS) {
            throw badThreadId("bad length", id.length() + " characters");
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean good =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._-".indexOf(c) >= 0;
            if (!good) {
                throw badThreadId("bad character", unicode(c) + " at position " + i);
            }
        }
    }

    private static Refusal badThreadId(String what, String got) {
        return new Refusal(
                ErrorCode.BAD_THREAD_ID,
                "Thread id: " + what + ", expected 1 to " + MAX_THREAD_ID_CHARACTERS + " of [A-Za-z0-9._-], got " + got
                        + ". Choose another one.");
    }

    private static String unicode(char character) {
        return String.format(Locale.ROOT, "U+%04X", (int) character);
    }

    private static String kind(JsonNode node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
