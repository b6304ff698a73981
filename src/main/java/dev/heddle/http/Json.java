package dev.heddle.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads and writes small JSON texts by Jackson's trees and generators.
 *
 * <p>Reading is strict: UTF-8 without byte order mark, one value and nothing after it, no key twice in one object, at
 * most {@value #MAX_DEPTH} levels deep. An instance and not static fields, because Jackson seeds its tables from the
 * clock when it is made. Safe for concurrent use.
 */
final class Json {
    static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 100;

    private final JsonMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What to write. */
    @FunctionalInterface
    interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }

    /** The text of an object, on one line. {@code fields} writes names and values. */
    String object(Content fields) {
        // by way of a Writer, not bytes: half of a surrogate pair (from a model) must not end the stream
        StringWriter text = new StringWriter();
        try (JsonGenerator json = mapper.createGenerator(text)) {
            json.writeStartObject();
            fields.writeTo(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter does not fail
        }
        return text.toString();
    }

    /** {@code {"error":{"code","message"}}}. */
    String error(Failure failure) {
        return object(json -> {
            json.writeObjectFieldStart("error");
            json.writeStringField("code", failure.code());
            json.writeStringField("message", failure.message());
            json.writeEndObject();
        });
    }

    /**
     * The value of a request body.
     *
     * @throws Refusal {@code malformed_json}; says where, never what stood there
     */
    JsonNode read(byte[] body) {
        try {
            JsonNode value = mapper.readTree(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString());
            if (value.isMissingNode()) {
                throw malformed("not JSON", "a JSON object", "an empty body");
            }
            return value;
        } catch (CharacterCodingException _) {
            throw malformed("not UTF-8", "JSON in UTF-8", "bytes that are not");
        } catch (StreamConstraintsException e) {
            throw malformed(
                    "beyond the limits",
                    "at most " + MAX_DEPTH + " levels and " + MAX_NUMBER_LENGTH + " digits per number",
                    "more" + at(e));
        } catch (JacksonException e) {
            throw malformed("not JSON", "one JSON object, no key twice and nothing after it", "something else" + at(e));
        }
    }

    private static Refusal malformed(String what, String expected, String got) {
        return new Refusal(
                ErrorCode.MALFORMED_JSON,
                "Body: " + what + ", expected " + expected + ", got " + got + ". Send {\"content\": \"…\"}.");
    }

    private static String at(JacksonException problem) {
        JsonLocation location = problem.getLocation();
        return location == null ? "" : " at line " + location.getLineNr() + " column " + location.getColumnNr();
    }
}
