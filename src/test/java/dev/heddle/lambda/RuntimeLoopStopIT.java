package dev.heddle.lambda;

import static dev.heddle.lambda.LoopRig.GET;
import static dev.heddle.lambda.LoopRig.LONG;
import static dev.heddle.lambda.RuntimeLoopWireIT.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.http.HttpReply;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many invocations at once, and the end of the loop. */
@Timeout(60)
class RuntimeLoopStopIT {
    private final LoopRig rig = new LoopRig();

    RuntimeLoopStopIT() throws IOException {}

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    @Test
    void answersTwentyInvocationsAtOnce() throws Exception {
        CyclicBarrier all = new CyclicBarrier(20);
        for (int i = 0; i < 20; i++) {
            rig.api.invoke("r-" + i, GET);
        }
        rig.start(
                20,
                LONG,
                LONG,
                request -> new HttpReply(200, Map.of(), out -> {
                    out.flush();
                    try {
                        all.await(ScriptedRuntimeApi.PATIENCE_SECONDS, TimeUnit.SECONDS);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    write(out, request.requestId());
                }));

        for (int i = 0; i < 20; i++) {
            assertThat(rig.api.takeResponse("r-" + i).body()).endsWith("\0r-" + i);
        }
        assertThat(rig.notes.events()).isEmpty();
    }

    @Test
    void stopEndsWaitingPollsAtOnceAndLetsInvocationsInFlightEnd() throws Exception {
        CountDownLatch inFlight = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        rig.api.invoke("r-1", GET);
        rig.start(
                2,
                LONG,
                LONG,
                request -> new HttpReply(200, Map.of(), out -> {
                    write(out, "first ");
                    out.flush();
                    inFlight.countDown();
                    RuntimeLoopWireIT.await(mayEnd);
                    write(out, "last");
                }));
        inFlight.await();
        rig.api.takeParked();

        Thread stop = Thread.startVirtualThread(rig.loop()::stop);
        rig.api.takeAbandoned();
        assertThat(stop.isAlive()).isTrue();
        mayEnd.countDown();

        assertThat(rig.api.takeResponse("r-1").body()).endsWith("\0first last");
        stop.join();
        rig.awaitEnd();
        assertThat(rig.notes.events()).isEmpty();
    }

    @Test
    void stopInterruptsWhatOutlivesTheGrace() throws Exception {
        CountDownLatch inFlight = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        rig.api.invoke("r-1", GET);
        rig.start(1, Duration.ZERO, LONG, request -> {
            inFlight.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            throw new IllegalStateException();
        });
        inFlight.await();

        rig.loop().stop();

        rig.awaitEnd();
        interrupted.await();
        assertThat(rig.notes.take("grace_over")).isEqualTo(Map.of("in_flight", 1L));
        rig.api.takeError("r-1");
    }

    @Test
    void stopEndsAPauseBetweenTwoTries() throws Exception {
        CountDownLatch pausing = new CountDownLatch(1);
        RuntimeLoop loop = new RuntimeLoop(
                new RuntimeLoop.Config(rig.api.address(), 1, LONG),
                request -> LoopRig.text("ok"),
                rig.notes,
                Clock.systemUTC(),
                LONG,
                length -> {
                    pausing.countDown();
                    new CountDownLatch(1).await();
                });
        rig.api.on(ScriptedRuntimeApi.NEXT, Exchange::reset);
        Thread run = Thread.startVirtualThread(loop::run);
        pausing.await();

        loop.stop();

        run.join();
        assertThat(rig.notes.events()).containsExactly("poll_failed");
    }

    @Test
    void stoppedBeforeItRanItAsksForNothing() throws Exception {
        RuntimeLoop loop = new RuntimeLoop(
                new RuntimeLoop.Config(rig.api.address(), 1, LONG),
                request -> LoopRig.text("ok"),
                rig.notes,
                Clock.systemUTC());
        loop.stop();

        loop.run();

        assertThat(rig.api.requests()).doesNotContain(ScriptedRuntimeApi.NEXT);
        assertThatThrownBy(loop::run).isInstanceOf(IllegalStateException.class);
        loop.close();
    }

    @Test
    void stoppedWhileTheExtensionRegistersItAsksForNoInvocation() throws Exception {
        CountDownLatch registering = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        rig.api.on(ScriptedRuntimeApi.REGISTER, exchange -> {
            exchange.readBody();
            registering.countDown();
            goOn.await();
            exchange.write(ScriptedRuntimeApi.answer(200, "Lambda-Extension-Identifier: e-1\r\n", "{}"));
        });
        rig.start(1, Duration.ZERO, LONG, request -> LoopRig.text("ok"));
        registering.await();

        rig.loop().stop();
        goOn.countDown();

        rig.awaitEnd();
        assertThat(rig.api.requests()).doesNotContain(ScriptedRuntimeApi.NEXT);
    }

    @Test
    void oneWorkerThatGivesUpEndsTheOthers() throws Exception {
        CountDownLatch inFlight = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        rig.api.invoke("r-1", GET);
        rig.start(2, LONG, LONG, request -> {
            inFlight.countDown();
            RuntimeLoopWireIT.await(mayEnd);
            return LoopRig.text("ok");
        });
        inFlight.await();
        for (int i = 0; i < 10; i++) {
            rig.api.on(ScriptedRuntimeApi.NEXT, Exchange::reset);
        }
        for (int i = 0; i < 10; i++) {
            rig.notes.take("poll_failed");
        }
        mayEnd.countDown();

        rig.api.takeResponse("r-1");
        assertThatThrownBy(rig::awaitEnd).cause().isInstanceOf(RuntimeApiException.class);
    }
}
