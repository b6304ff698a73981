package dev.heddle.lambda;

import dev.heddle.http.HttpReply;
import dev.heddle.http.HttpRequest;
import dev.heddle.observe.Observer;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers one invocation, whatever happens: HTTP events streamed, all others buffered, failures as errors. What cannot
 * be told to the Runtime API is noted. Safe for concurrent use, if the handler is.
 */
final class Answering {
    private static final int ACCEPTED = 202;

    private final RuntimeApi api;
    private final Function<HttpRequest, HttpReply> handler;
    private final Observer observer;

    Answering(RuntimeApi api, Function<HttpRequest, HttpReply> handler, Observer observer) {
        this.api = api;
        this.handler = handler;
        this.observer = observer;
    }

    /** Answers it. Never throws. */
    void answer(Invocation invocation) {
        String id = invocation.requestId();
        Event event;
        try {
            event = Events.read(invocation);
        } catch (RuntimeException e) { // a fault of ours; without this, one odd event would end the process
            fail(id, null, e);
            return;
        }
        switch (event) {
            case Event.Http(HttpRequest request) -> stream(id, request);
            case Event.Schedule() -> tell(id, () -> api.respond(id, new byte[] {'{', '}'}));
            case Event.Refused(FunctionError error) -> {
                observer.note("event_refused", Map.of("request_id", id, "code", error.type()));
                tell(id, () -> api.fail(id, error));
            }
        }
    }

    private void stream(String id, HttpRequest request) {
        ResponseStream stream = null;
        try {
            HttpReply reply = handler.apply(request);
            stream = new ResponseStream(api, id, reply);
            reply.body().writeTo(stream);
        } catch (Throwable failure) { // even an Error is one invocation's, and the next may do better
            fail(id, stream, failure);
            return;
        } finally {
            restoreCalm();
        }
        finish(id, stream);
    }

    private void finish(String id, ResponseStream stream) {
        try {
            tell(id, stream::finish);
        } finally {
            stream.release();
        }
    }

    private void fail(String id, @Nullable ResponseStream stream, Throwable failure) {
        restoreCalm();
        if (stream != null && stream.broken()) {
            stream.release();
            noteBroken(id, failure);
            return;
        }
        observer.note("handler_failed", Map.of("request_id", id, "error", name(failure), "at", origin(failure)));
        FunctionError error = new FunctionError(
                "internal_error",
                "Function: failed, expected a reply, got " + name(failure) + ". Look for this request id in the log.");
        if (stream != null && stream.started()) {
            try {
                tell(id, () -> stream.fail(error));
            } finally {
                stream.release();
            }
        } else {
            tell(id, () -> api.fail(id, error));
        }
    }

    /** A handler may leave its worker interrupted, and the worker's next socket would be closed by that. */
    private static void restoreCalm() {
        boolean ignored = Thread.interrupted();
    }

    private interface Call {
        int status() throws IOException;
    }

    private void tell(String id, Call call) {
        try {
            int status = call.status();
            if (status != ACCEPTED) {
                observer.note("response_refused", Map.of("request_id", id, "status", status));
            }
        } catch (IOException e) {
            noteBroken(id, e);
        }
    }

    private void noteBroken(String id, Throwable failure) {
        observer.note("response_broken", Map.of("request_id", id, "error", name(failure)));
    }

    private static String name(Throwable failure) {
        return failure.getClass().getName();
    }

    private static String origin(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return trace.length == 0 ? "unknown" : trace[0].toString();
    }
}
