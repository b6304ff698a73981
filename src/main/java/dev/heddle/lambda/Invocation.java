package dev.heddle.lambda;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call of the function, as {@code /next} tells it.
 *
 * @param requestId names it in every later call; {@code [A-Za-z0-9._-]{1,128}}
 * @param deadline when Lambda stops the function
 * @param traceId the X-Ray header; null when there is none
 * @param body the event: JSON, unless the sender is broken
 */
record Invocation(
        String requestId, Instant deadline, @Nullable String traceId, byte[] body) {}
