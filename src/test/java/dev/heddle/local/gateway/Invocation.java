package dev.heddle.local.gateway;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way through the function, and the reply on its way back: the environment that runs it puts the
 * pieces in, the client's connection takes them out. Safe for concurrent use.
 */
final class Invocation {

    /** A part of a reply, in this order: {@code Head Data* End}, broken off anywhere by {@code Failed}. */
    sealed interface Piece {
        record Head(int status, List<Header> headers) implements Piece {}

        record Data(byte[] bytes) implements Piece {}

        record End() implements Piece {}

        /** Nothing more comes; {@code why} is for the log. */
        record Failed(boolean timedOut, String why) implements Piece {}
    }

    /** Pieces that may wait for a slow client before the function has to wait too. */
    private static final int ROOM = 1024;

    private final String id;
    private final byte[] event;
    private final String traceId;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(ROOM);
    private final AtomicBoolean settled = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean abandoned;

    Invocation(String id, byte[] event, String traceId) {
        this.id = id;
        this.event = event;
        this.traceId = traceId;
    }

    String id() {
        return id;
    }

    byte[] event() {
        return event;
    }

    String traceId() {
        return traceId;
    }

    /** Passes a piece on; waits while the client is far behind. Dropped when nobody listens any more. */
    void put(Piece piece) throws InterruptedException {
        room.acquire();
        if (!abandoned && !settled.get()) {
            pieces.add(piece);
        }
    }

    /** The end, of whatever kind; the first one counts. */
    void settle(Piece last) {
        if (settled.compareAndSet(false, true)) {
            pieces.add(last);
            done.countDown();
            letAllPass();
        }
    }

    /** The next piece, or null after {@code patience} without one. */
    @Nullable
    Piece take(Duration patience) throws InterruptedException {
        Piece piece = pieces.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        room.release();
        return piece;
    }

    /** The client is gone; the function is not told and goes on to its own end. */
    void abandon() {
        abandoned = true;
        pieces.clear();
        letAllPass();
    }

    /** Waits for the end; false when it has not come after {@code patience}. */
    boolean awaitEnd(Duration patience) throws InterruptedException {
        return done.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void letAllPass() {
        room.release(Integer.MAX_VALUE / 4);
    }
}
