package dev.heddle.http;

import dev.heddle.graph.types.StreamEvent;
import dev.heddle.run.ActiveRun;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Reads a run to its end on a virtual thread of its own, whether or not anybody takes what it reads.
 *
 * <p>So a client that is slow or gone never holds up a run, and whoever waits here can do something else after a while.
 * Only what is for the client is handed on, hence no signal means that the client hears nothing. What is not taken yet is
 * kept in memory: one turn's tokens at most.
 */
final class RunReader {

    /** What comes out of a run: texts, then one end. */
    sealed interface Signal {
        /** Something that the client shall see. */
        record Shown(String text) implements Signal {}

        /** The run has ended well. */
        record Ended() implements Signal {}

        /** The run has failed. */
        record Failed(Throwable problem) implements Signal {}
    }

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final ActiveRun run;
    private final Function<StreamEvent, Optional<String>> view;

    private RunReader(ActiveRun run, Function<StreamEvent, Optional<String>> view) {
        this.run = run;
        this.view = view;
    }

    /** Begins to read; closes the run after its end. {@code view} says what the client shall see of an event. */
    static RunReader start(ActiveRun run, Function<StreamEvent, Optional<String>> view) {
        RunReader reader = new RunReader(run, view);
        Thread.ofVirtual().name("read-" + run.runId()).start(reader::read);
        return reader;
    }

    /** The next signal, waiting at most so long; empty when none came. After the end there are none. */
    Optional<Signal> next(Duration patience) throws InterruptedException {
        return Optional.ofNullable(signals.poll(patience.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Gives the run up. */
    void cancel() {
        run.close();
    }

    private void read() {
        Signal end;
        try (run) {
            for (var event = run.next(); event.isPresent(); event = run.next()) {
                view.apply(event.get()).ifPresent(text -> signals.add(new Signal.Shown(text)));
            }
            end = new Signal.Ended();
        } catch (Throwable problem) { // an Error too: somebody waits for the end
            end = new Signal.Failed(problem);
        }
        signals.add(end);
    }
}
