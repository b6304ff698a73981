package dev.heddle.lambda;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What Lambda is told of a failure, as JSON {@code {"errorType":"internal_error","errorMessage":"…"}}.
 *
 * @param type a stable code; characters that a header could not carry become underscores
 * @param message in the usual form, without user text
 */
record FunctionError(String type, String message) {
    static final String TYPE_HEADER = "Lambda-Runtime-Function-Error-Type";
    static final String BODY_HEADER = "Lambda-Runtime-Function-Error-Body";

    FunctionError {
        type = type.replaceAll("[^A-Za-z0-9._-]", "_");
    }

    byte[] json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("errorType", type)
                .put("errorMessage", message)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** This error as the trailers of a stream that cannot be finished; the body in one line, as Lambda wants it. */
    Map<String, String> trailers() {
        Map<String, String> trailers = new LinkedHashMap<>();
        trailers.put(TYPE_HEADER, type);
        trailers.put(BODY_HEADER, Base64.getEncoder().encodeToString(json()));
        return trailers;
    }
}
