package dev.heddle.llm.provider;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP client that is made anew when nobody has asked for it in a while, and with it its connections: one that idled
 * may be dead without our knowing (the sandbox was frozen, a NAT or a tunnel forgot it), and a model must not be asked
 * twice to find out. Requests under way on the old one end undisturbed. Safe for concurrent use.
 */
final class RecentClient implements Supplier<HttpClient> {
    /** Longer than the steps of one turn are apart, shorter than networks forget. */
    static final Duration IDLE = Duration.ofSeconds(5);

    private final Supplier<HttpClient> make;
    private final InstantSource clock;
    private @Nullable HttpClient client;
    private Instant asked = Instant.MIN;

    RecentClient(Supplier<HttpClient> make, InstantSource clock) {
        this.make = make;
        this.clock = clock;
    }

    @Override
    public synchronized HttpClient get() {
        Instant now = clock.instant();
        HttpClient current = client;
        // A clock that went backwards says nothing about the time that passed.
        boolean recent = !now.isBefore(asked) && now.isBefore(asked.plus(IDLE));
        if (current == null || !recent) {
            if (current != null) {
                current.shutdown();
            }
            current = make.get();
            client = current;
        }
        asked = now;
        return current;
    }
}
