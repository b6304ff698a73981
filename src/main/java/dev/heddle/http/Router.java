package dev.heddle.http;

import dev.heddle.observe.Observer;
import dev.heddle.observe.Probe;
import dev.heddle.run.Runs;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The front door: what the service answers to which request.
 *
 * <pre>
 * GET  /health             {"status":"ok","version"}: the process answers
 * GET  /ready              {"status":"ready"}, or 503 with what is missing
 * POST /chat               {"content", "thread_id"?} -> {"answer","thread_id","cost_usd"}
 * POST /chat/{thread_id}   {"content"} -> text/event-stream, see {@link ChatRoutes}
 * </pre>
 *
 * <p>{@code HEAD} goes wherever {@code GET} goes, without the body; {@code OPTIONS} tells the methods of a path. An
 * unknown path is 404, an unknown method of a known path 405 with {@code Allow}. A slash at the end makes another path,
 * hence 404: {@code POST /chat/$THREAD} with an empty variable must not talk to a new thread. Errors are {@code
 * {"error":{"code","message"}}} with the codes of {@code docs/errors.md}. Every reply carries {@code x-request-id}.
 *
 * <p>Each request makes one note, {@code request}, when its body has ended: request_id, method, route, thread_id,
 * status, milliseconds; {@code code} when it failed, {@code client_gone} when nobody took the body. Never a text.
 *
 * <p>Safe for concurrent use.
 */
public final class Router {
    private final List<Route> routes;
    private final Json json = new Json();
    private final Observer observer;
    private final Clock clock;

    /**
     * A router over what it needs.
     *
     * @param options what it must be told
     * @param runs starts the chats
     * @param probes what {@code GET /ready} asks
     * @param observer gets one note per request
     * @param clock measures the requests
     */
    public Router(RouterOptions options, Runs runs, List<Probe> probes, Observer observer, Clock clock) {
        this.observer = observer;
        this.clock = clock;
        ChatRoutes chat = new ChatRoutes(options, runs, json);
        StatusRoutes status = new StatusRoutes(options.version(), probes, json);
        routes = List.of(
                new Route("GET", "/health", status::health),
                new Route("GET", "/ready", status::ready),
                new Route("POST", "/chat", chat::answer),
                new Route("POST", "/chat/{thread_id}", chat::stream));
    }

    /**
     * Answers a request. Never throws: whatever goes wrong becomes a reply.
     *
     * @return the reply; its body must be written, also when the client is gone, for the note to be made
     */
    public HttpReply handle(HttpRequest request) {
        long start = clock.millis();
        Exchange exchange = new Exchange(request);
        HttpReply reply = exchange.finish(reply(exchange));
        return new HttpReply(reply.status(), reply.headers(), out -> writeAndNote(reply, exchange, start, out));
    }

    private void writeAndNote(HttpReply reply, Exchange exchange, long start, OutputStream out) throws IOException {
        try {
            reply.body().writeTo(out);
        } catch (InterruptedIOException e) {
            throw e; // that was us
        } catch (IOException e) {
            exchange.clientGone();
            throw e;
        } finally {
            observer.note("request", exchange.facts(reply.status(), clock.millis() - start));
        }
    }

    private HttpReply reply(Exchange exchange) {
        try {
            return dispatch(exchange);
        } catch (Refusal refusal) {
            return error(exchange.failed(refusal), refusal.headers());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the interrupt is for the edge too
            return error(exchange.failed(e), Map.of());
        } catch (Throwable problem) {
            return error(exchange.failed(problem), Map.of());
        }
    }

    private HttpReply dispatch(Exchange exchange) throws InterruptedException {
        HttpRequest request = exchange.request();
        Set<String> allowed = new LinkedHashSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> parameters = route.match(request.path());
            if (parameters.isPresent()) {
                exchange.routed(route, parameters.get());
                if (route.method().equals(request.method())) {
                    return route.handler().handle(exchange);
                }
                if (route.method().equals("GET") && request.method().equals("HEAD")) {
                    HttpReply reply = route.handler().handle(exchange);
                    return HttpReply.of(reply.status(), reply.headers(), new byte[0]);
                }
                allowed.add(route.method());
            }
        }
        if (allowed.isEmpty()) {
            throw new Refusal(
                    ErrorCode.NOT_FOUND,
                    "Path: unknown, expected one of " + patterns() + ", got another one. Mind the slash at the end.");
        }
        return otherMethod(request, allowed);
    }

    private HttpReply otherMethod(HttpRequest request, Set<String> routed) {
        Set<String> methods = new LinkedHashSet<>(routed);
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        methods.add("OPTIONS");
        Map<String, String> allow = Map.of("allow", String.join(", ", methods));
        if (request.method().equals("OPTIONS")) {
            return reply(
                    200,
                    allow,
                    json.object(
                            body -> { // and not 204: an empty streamed body hangs on Lambda
                                body.writeArrayFieldStart("allow");
                                for (String method : methods) {
                                    body.writeString(method);
                                }
                                body.writeEndArray();
                            }));
        }
        throw new Refusal(
                ErrorCode.METHOD_NOT_ALLOWED,
                "Method: not allowed here, expected " + allow.get("allow") + ", got another one. Change the method.",
                allow);
    }

    private String patterns() {
        return String.join(", ", routes.stream().map(Route::pattern).distinct().toList());
    }

    private HttpReply error(Failure failure, Map<String, String> headers) {
        return reply(failure.status(), headers, json.error(failure));
    }

    /** A JSON reply, not to be cached. */
    static HttpReply reply(int status, Map<String, String> headers, String body) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("content-type", "application/json");
        all.put("cache-control", "no-store");
        return HttpReply.of(status, all, body.getBytes(StandardCharsets.UTF_8));
    }
}
