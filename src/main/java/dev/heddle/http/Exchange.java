package dev.heddle.http;

import dev.heddle.llm.types.Principal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** One request while it is being answered, and what will be noted of it. For one worker at a time. */
final class Exchange {
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

    private static final int MOST_CAUSES = 20;

    private final HttpRequest request;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, Object> facts = new LinkedHashMap<>();

    Exchange(HttpRequest request) {
        this.request = request;
        headers.put("x-request-id", request.requestId());
        facts.put("request_id", request.requestId());
        facts.put("method", METHODS.contains(request.method()) ? request.method() : "other"); // else it is user text
    }

    HttpRequest request() {
        return request;
    }

    /** Who asks. Authentication, when it comes, decides it here. */
    Principal principal() {
        return Principal.LOCAL;
    }

    /** The text that stood where the route has {@code {name}}. */
    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** The route was found. */
    void routed(Route route, Map<String, String> parameters) {
        facts.put("route", route.pattern());
        this.parameters.putAll(parameters);
    }

    /** The thread is known and its id is good. The client is told too: the id may be new. */
    void thread(String threadId) {
        facts.put("thread_id", threadId);
        headers.put("x-heddle-thread-id", threadId);
    }

    /** Sets a header that the reply carries whatever becomes of the request. */
    void header(String name, String value) {
        headers.put(name, value);
    }

    /** What to tell the client of a problem; also remembers it for the note. */
    Failure failed(Throwable problem) {
        Failure failure = Failure.of(problem, request.requestId());
        facts.put("code", failure.code());
        if (failure.status() >= 500) {
            // where it began, but not the message: that may hold user text
            Throwable origin = origin(problem);
            facts.put("error_type", origin.getClass().getName());
            StackTraceElement[] trace = origin.getStackTrace();
            if (trace.length > 0) {
                facts.put("error_at", trace[0].toString());
            }
        }
        return failure;
    }

    private static Throwable origin(Throwable problem) {
        Throwable origin = problem;
        // A chain of causes may be a ring; nobody needs more than a few links.
        for (int link = 0; link < MOST_CAUSES && origin.getCause() != null; link++) {
            origin = origin.getCause();
        }
        return origin;
    }

    /** The client was gone before the end of the body. */
    void clientGone() {
        facts.put("client_gone", true);
    }

    /** The reply with the headers of this exchange added. */
    HttpReply finish(HttpReply reply) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(reply.headers());
        return new HttpReply(reply.status(), all, reply.body());
    }

    /** What to note in the end. */
    Map<String, Object> facts(int status, long milliseconds) {
        Map<String, Object> all = new LinkedHashMap<>(facts);
        all.put("status", status);
        all.put("milliseconds", milliseconds);
        return all;
    }
}
