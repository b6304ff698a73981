package dev.heddle.http;

import dev.heddle.http.RunReader.Signal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of a streamed chat: what is shown of the run, heartbeats in its silences, {@code [DONE]}.
 *
 * <p>Returns when the run has ended, also when the client is gone long before: a Lambda sandbox freezes after the reply,
 * and the run with it. Interrupting the writing worker gives the run up.
 */
final class ChatStream implements HttpReply.Body {
    private final RunReader run;
    private final Exchange exchange;
    private final Json json;
    private final Duration heartbeat;
    private @Nullable IOException gone;

    ChatStream(RunReader run, Exchange exchange, Json json, Duration heartbeat) {
        this.run = run;
        this.exchange = exchange;
        this.json = json;
        this.heartbeat = heartbeat;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        SseWriter sse = new SseWriter(out);
        for (boolean open = true; open; ) {
            Optional<Signal> signal = next();
            if (signal.isEmpty()) {
                send(() -> sse.comment("heartbeat"));
                continue;
            }
            switch (signal.get()) {
                case Signal.Shown(var text) -> send(() -> sse.data(text));
                case Signal.Failed(var problem) -> {
                    String error = json.error(exchange.failed(problem));
                    send(() -> sse.data(error));
                    open = false;
                }
                case Signal.Ended() -> open = false;
            }
        }
        send(() -> sse.data("[DONE]"));
        if (gone != null) {
            throw gone;
        }
    }

    private Optional<Signal> next() throws InterruptedIOException {
        try {
            return run.next(heartbeat);
        } catch (InterruptedException e) {
            run.cancel();
            exchange.failed(e);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Chat stream: interrupted, expected the end of the run, got an interrupt."
                    + " The run was given up; ask again on the same thread.");
        }
    }

    /** A write to the client. */
    private interface Write {
        void run() throws IOException;
    }

    /** Writes unless the client is gone; the first failure says that it is. */
    private void send(Write write) {
        if (gone == null) {
            try {
                write.run();
            } catch (IOException e) {
                gone = e;
            }
        }
    }
}
