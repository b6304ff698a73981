package dev.heddle.lambda;

import dev.heddle.observe.Observer;
import java.io.IOException;
import java.util.Map;

/**
 * An internal extension that does nothing: with one registered, Lambda sends SIGTERM and waits 500 ms before it kills
 * the process. A function without it works as well, so a failure is only noted.
 */
final class Extension {
    private static final String NAME = "heddle";

    private final RuntimeApi api;
    private final Observer observer;

    private Extension(RuntimeApi api, Observer observer) {
        this.api = api;
        this.observer = observer;
    }

    /**
     * Registers, and waits for events on a virtual thread of its own: the platform counts an extension as started when
     * it asks for one. Must be called before the first {@code /next}: afterwards registration is closed.
     *
     * @return the thread, to be interrupted at the end
     */
    static Thread start(RuntimeApi api, Observer observer) {
        Extension extension = new Extension(api, observer);
        try {
            String id = api.register(NAME);
            return Thread.ofVirtual().name("extension").start(() -> extension.park(id));
        } catch (IOException e) {
            extension.note(e);
            return Thread.ofVirtual().name("extension").unstarted(() -> {});
        }
    }

    private void park(String id) {
        try (RawConnection connection = api.connectForWaiting()) {
            connection.send(api.nextEventRequest(id));
            int status = connection.receive().status();
            // an event would be the platform's mistake, as none was asked for; asking again could become a busy loop
            if (status != 200) {
                throw new WireException("no extension event", "status 200", "" + status);
            }
        } catch (IOException e) {
            if (!Thread.currentThread().isInterrupted()) {
                note(e);
            }
        }
    }

    private void note(IOException e) {
        observer.note("extension_unavailable", Map.of("error", e.getClass().getName()));
    }
}
