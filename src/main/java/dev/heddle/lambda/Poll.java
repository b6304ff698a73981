package dev.heddle.lambda;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One worker's line to {@code /next}, kept open from one invocation to the next. For one worker only.
 *
 * <p>A kept socket may have died while the sandbox was frozen. So what fails on a kept one is asked again, at once, on
 * a new one; only what fails there is an error.
 */
final class Poll implements Closeable {
    private final RuntimeApi api;
    private @Nullable RawConnection kept;

    Poll(RuntimeApi api) {
        this.api = api;
    }

    /** Waits for the next invocation. */
    Invocation next() throws IOException {
        RawConnection old = kept;
        if (old != null) {
            try {
                return next(old);
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
        }
        return next(api.connectForWaiting());
    }

    private Invocation next(RawConnection connection) throws IOException {
        kept = null;
        try {
            connection.send(api.nextRequest());
            HttpAnswer answer = connection.receive();
            Invocation invocation = api.invocation(answer);
            if (answer.keepAlive()) {
                kept = connection;
            }
            return invocation;
        } finally {
            if (kept == null) {
                connection.close();
            }
        }
    }

    @Override
    public void close() {
        if (kept != null) {
            kept.close();
        }
    }
}
