package dev.heddle.lambda;

import static dev.heddle.lambda.LoopRig.GET;
import static dev.heddle.lambda.LoopRig.LONG;
import static dev.heddle.lambda.RuntimeLoopWireIT.await;
import static dev.heddle.lambda.RuntimeLoopWireIT.write;
import static dev.heddle.lambda.ScriptedRuntimeApi.NEXT;
import static dev.heddle.lambda.ScriptedRuntimeApi.answer;
import static dev.heddle.lambda.ScriptedRuntimeApi.invocation;
import static dev.heddle.lambda.ScriptedRuntimeApi.invocationHeaders;
import static dev.heddle.lambda.ScriptedRuntimeApi.replying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.http.HttpReply;
import dev.heddle.http.HttpRequest;
import dev.heddle.observe.Observer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop against a Runtime API that stalls, resets, splits and refuses, and against handlers that fail. */
@Timeout(60)
class RuntimeLoopFaultIT {
    private static final String R1 = "/2018-06-01/runtime/invocation/r-1";

    private final LoopRig rig = new LoopRig();

    RuntimeLoopFaultIT() throws IOException {}

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    @Nested
    class Polling {
        @Test
        void waitsOutAStallInTheMiddleOfAHead() throws Exception {
            CountDownLatch goOn = new CountDownLatch(1);
            CountDownLatch stalled = new CountDownLatch(1);
            rig.api.on(NEXT, exchange -> {
                String raw = invocation("r-1", GET);
                exchange.write(raw.substring(0, 40));
                stalled.countDown();
                goOn.await();
                exchange.write(raw.substring(40));
            });
            rig.start(RuntimeLoopFaultIT::ok);

            stalled.await();
            goOn.countDown();

            assertThat(rig.api.takeResponse("r-1").body()).endsWith("\0ok r-1");
            assertThat(rig.notes.events()).isEmpty();
        }

        @Test
        void readsAnInvocationThatComesByteByByte() throws Exception {
            rig.api.on(NEXT, exchange -> exchange.writeByteByByte(invocation("r-1", GET)));
            rig.start(RuntimeLoopFaultIT::ok);

            assertThat(rig.api.takeResponse("r-1").body()).endsWith("\0ok r-1");
        }

        @Test
        void readsAnInvocationInChunks() throws Exception {
            rig.api.on(NEXT, exchange -> {
                exchange.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + invocationHeaders("r-1") + "\r\n");
                exchange.write("7\r\n" + GET.substring(0, 7) + "\r\n");
                exchange.write(Integer.toHexString(GET.length() - 7) + ";x=y\r\n" + GET.substring(7) + "\r\n0\r\n\r\n");
            });
            rig.start(RuntimeLoopFaultIT::ok);

            assertThat(rig.api.takeResponse("r-1").body()).endsWith("\0ok r-1");
        }

        @Test
        void keepsOneConnectionForAllItsPolls() throws Exception {
            rig.api.invoke("r-1", GET);
            rig.api.invoke("r-2", GET);
            rig.start(RuntimeLoopFaultIT::ok);
            rig.api.takeResponse("r-2");

            assertThat(rig.api.take(NEXT).socket()).isSameAs(rig.api.take(NEXT).socket());
        }

        /** What a kept connection can die of while the sandbox is frozen. */
        static Stream<ScriptedRuntimeApi.Step> deaths() {
            return Stream.of(Exchange::hangUp, Exchange::reset, exchange -> {
                exchange.write("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Req");
                exchange.reset();
            });
        }

        @ParameterizedTest
        @MethodSource("deaths")
        void asksAgainAtOnceWhenAKeptConnectionHasDied(ScriptedRuntimeApi.Step death) throws Exception {
            rig.api.invoke("r-1", GET);
            rig.api.on(NEXT, death);
            rig.api.invoke("r-2", GET);
            rig.start(RuntimeLoopFaultIT::ok);

            assertThat(rig.api.takeResponse("r-2").body()).endsWith("\0ok r-2");
            assertThat(rig.pauses).isEmpty();
            assertThat(rig.notes.events()).isEmpty();
        }

        @Test
        void reconnectsAfterTheServerHasClosedTheConnectionBetweenPolls() throws Exception {
            rig.api.on(NEXT, exchange -> {
                exchange.write(invocation("r-1", GET));
                exchange.hangUp();
            });
            rig.api.invoke("r-2", GET);
            rig.start(RuntimeLoopFaultIT::ok);

            assertThat(rig.api.takeResponse("r-2").body()).endsWith("\0ok r-2");
            assertThat(rig.pauses).isEmpty();
        }

        @Test
        void pausesAfterAFailureOnANewConnectionAndStartsOverAfterASuccess() throws Exception {
            rig.api.on(NEXT, Exchange::reset);
            rig.api.on(NEXT, replying(answer(500, "", "{}")));
            rig.api.on(NEXT, replying(answer(200, "", GET))); // without a request id
            rig.api.invoke("r-1", GET);
            rig.api.on(NEXT, Exchange::reset); // on the kept connection: not counted
            rig.api.on(NEXT, Exchange::reset);
            rig.api.invoke("r-2", GET);
            rig.start(RuntimeLoopFaultIT::ok);

            rig.api.takeResponse("r-2");
            assertThat(rig.pauses).extracting(Duration::toMillis).containsExactly(10L, 20L, 40L, 10L);
            assertThat(rig.notes.events()).containsOnly("poll_failed").hasSize(4);
        }

        @Test
        void givesUpAfterTenFailuresInARow() throws Exception {
            for (int i = 0; i < 10; i++) {
                rig.api.on(NEXT, Exchange::reset);
            }
            rig.start(RuntimeLoopFaultIT::ok);

            assertThatThrownBy(rig::awaitEnd)
                    .cause()
                    .isInstanceOfSatisfying(RuntimeApiException.class, e -> assertThat(e.attempts())
                            .isEqualTo(10))
                    .hasMessageContaining("expected one within 10 attempts");
            assertThat(rig.pauses).hasSize(9);
        }

        @Test
        void endsWithAnErrorWhenNobodyListens() throws Exception {
            int port;
            try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = unused.getLocalPort();
            }
            List<Duration> pauses = new CopyOnWriteArrayList<>();
            try (RuntimeLoop loop = new RuntimeLoop(
                    new RuntimeLoop.Config("127.0.0.1:" + port, 3, LONG),
                    RuntimeLoopFaultIT::ok,
                    Observer.NONE,
                    Clock.systemUTC(),
                    LONG,
                    pauses::add)) {
                assertThatThrownBy(loop::run).isInstanceOf(RuntimeApiException.class);
            }
            assertThat(pauses).hasSizeGreaterThanOrEqualTo(9);
        }
    }

    @Nested
    class Answers {
        @Test
        void aResetWhileAReplyIsStreamedReachesTheBodyAndEndsOnlyThatReply() throws Exception {
            CountDownLatch reset = new CountDownLatch(1);
            CountDownLatch bodySawIt = new CountDownLatch(1);
            rig.api.invoke("r-1", GET);
            rig.api.on(R1 + "/response", exchange -> {
                exchange.readChunk();
                exchange.reset();
                reset.countDown();
            });
            rig.api.invoke("r-2", GET);
            rig.start(request -> request.requestId().equals("r-2")
                    ? LoopRig.text("ok")
                    : new HttpReply(200, Map.of(), out -> {
                        out.flush();
                        await(reset);
                        try {
                            for (int i = 0; i < 1000; i++) {
                                write(out, "more");
                                out.flush();
                            }
                        } catch (IOException e) {
                            bodySawIt.countDown();
                            throw e;
                        }
                    }));

            bodySawIt.await();
            assertThat(rig.notes.take("response_broken")).containsEntry("request_id", "r-1");
            rig.api.takeResponse("r-2");
            assertThat(rig.notes.events()).containsExactly("response_broken");
        }

        @Test
        void aResetInsteadOfAnAnswerIsNoted() throws Exception {
            rig.api.invoke("r-1", GET);
            rig.api.on(R1 + "/response", exchange -> {
                exchange.readBody();
                exchange.reset();
            });
            rig.api.invoke("r-2", GET);
            rig.start(RuntimeLoopFaultIT::ok);

            rig.api.takeResponse("r-2");
            assertThat(rig.notes.take("response_broken")).containsEntry("request_id", "r-1");
        }

        @Test
        void aStallInTheHeadOfAnAnswerIsWaitedOut() throws Exception {
            CountDownLatch goOn = new CountDownLatch(1);
            CountDownLatch stalled = new CountDownLatch(1);
            rig.api.invoke("r-1", GET);
            rig.api.on(R1 + "/response", exchange -> {
                exchange.readBody();
                exchange.write("HTTP/1.1 202 Acc");
                stalled.countDown();
                goOn.await();
                exchange.writeByteByByte("epted\r\nContent-Length: 0\r\n\r\n");
            });
            rig.api.invoke("r-2", GET);
            rig.start(RuntimeLoopFaultIT::ok);

            stalled.await();
            goOn.countDown();
            rig.api.takeResponse("r-2");
            assertThat(rig.notes.events()).isEmpty();
        }

        @Test
        void anAnswerThatNeverComesIsNotWaitedForForEver() throws Exception {
            rig.api.invoke("r-1", GET);
            rig.api.on(R1 + "/response", exchange -> {
                exchange.readBody();
                exchange.awaitEnd();
            });
            rig.api.invoke("r-2", GET);
            rig.start(1, LONG, Duration.ofMillis(200), RuntimeLoopFaultIT::ok);

            assertThat(rig.notes.take("response_broken"))
                    .containsEntry("request_id", "r-1")
                    .containsEntry("error", "java.net.SocketTimeoutException");
            rig.api.takeResponse("r-2");
        }

        @ParameterizedTest
        @ValueSource(ints = {400, 403, 413, 500})
        void aRefusalIsNoted(int status) throws Exception {
            rig.api.invoke("r-1", GET);
            rig.api.on(R1 + "/response", replying(answer(status, "", "{\"errorType\":\"x\"}")));
            rig.api.invoke("r-2", "{");
            rig.api.on("/2018-06-01/runtime/invocation/r-2/error", replying(answer(status, "", "{}")));
            rig.api.invoke("r-3", GET);
            rig.start(RuntimeLoopFaultIT::ok);

            rig.api.takeResponse("r-3");
            assertThat(rig.notes.take("response_refused")).isEqualTo(Map.of("request_id", "r-1", "status", status));
            assertThat(rig.notes.take("response_refused")).isEqualTo(Map.of("request_id", "r-2", "status", status));
        }

        @Test
        void everyStreamedReplyHasAConnectionOfItsOwnThatIsClosedAfterwards() throws Exception {
            rig.api.invoke("r-1", GET);
            rig.api.invoke("r-2", GET);
            rig.start(RuntimeLoopFaultIT::ok);

            Exchange first = rig.api.takeResponse("r-1");
            Exchange second = rig.api.takeResponse("r-2");
            assertThat(first.socket()).isNotSameAs(second.socket());
            rig.api.takeClosed(first.socket());
            rig.api.takeClosed(second.socket());
        }
    }

    @Nested
    class Handlers {
        @Test
        void aHandlerThatThrowsGivesAnErrorAndTheLoopGoesOn() throws Exception {
            rig.api.invoke("r-1", GET);
            rig.api.invoke("r-2", GET);
            rig.api.invoke("r-3", GET);
            rig.start(request -> switch (request.requestId()) {
                case "r-1" -> throw new IllegalStateException("words of a user");
                case "r-2" -> throw new StackOverflowError();
                default -> LoopRig.text("ok");
            });

            assertThat(rig.api.takeError("r-1").recorded())
                    .contains("Lambda-Runtime-Function-Error-Type: internal_error", "IllegalStateException")
                    .doesNotContain("words of a user");
            rig.api.takeError("r-2");
            rig.api.takeResponse("r-3");
        }

        @Test
        void aBodyThatThrowsBeforeItsFirstByteGivesAnErrorAndNoStream() throws Exception {
            rig.api.invoke("r-1", GET);
            rig.start(request -> new HttpReply(200, Map.of(), out -> {
                try (out) { // as a writer around it would
                    write(out, "buffered and never sent");
                    throw new IOException("words of a user");
                }
            }));

            assertThat(rig.api.takeError("r-1").recorded())
                    .contains("internal_error", "java.io.IOException")
                    .doesNotContain("buffered", "words");
            assertThat(rig.notes.take("handler_failed")).containsEntry("request_id", "r-1");
        }

        @Test
        void headersThatDoNotFitThePreludeGiveAnError() throws Exception {
            rig.api.invoke("r-1", GET);
            rig.start(request -> HttpReply.of(200, Map.of("x-large", "x".repeat(17_000)), new byte[0]));

            rig.api.takeError("r-1");
        }

        @Test
        void aHandlerThatLeavesItsWorkerInterruptedHarmsNoReply() throws Exception {
            rig.api.invoke("r-1", GET);
            rig.api.invoke("r-2", GET);
            rig.api.invoke("r-3", GET);
            rig.start(request -> {
                Thread.currentThread().interrupt();
                return switch (request.requestId()) {
                    case "r-2" -> throw new IllegalStateException();
                    default -> LoopRig.text("ok " + request.requestId());
                };
            });

            assertThat(rig.api.takeResponse("r-1").body()).endsWith("\0ok r-1");
            rig.api.takeError("r-2");
            assertThat(rig.api.takeResponse("r-3").body()).endsWith("\0ok r-3");
        }

        @Test
        void malformedEventsAreRefusedAndTheLoopGoesOn() throws Exception {
            rig.api.invoke("r-1", "{\"httpMethod\":");
            rig.api.invoke("r-2", "[".repeat(50_000));
            rig.api.invoke("r-3", GET);
            rig.start(RuntimeLoopFaultIT::ok);

            assertThat(rig.api.takeError("r-1").body()).contains("malformed_event");
            assertThat(rig.api.takeError("r-2").body()).contains("malformed_event");
            rig.api.takeResponse("r-3");
        }
    }

    @Nested
    class Extensions {
        @ParameterizedTest
        @ValueSource(ints = {403, 404, 500})
        void aRefusedRegistrationIsNotedOnceAndTheFunctionWorks(int status) throws Exception {
            rig.api.on(ScriptedRuntimeApi.REGISTER, replying(answer(status, "", "{}")));
            rig.api.invoke("r-1", GET);
            rig.start(RuntimeLoopFaultIT::ok);

            rig.api.takeResponse("r-1");
            assertThat(rig.notes.events()).containsExactly("extension_unavailable");
        }

        @Test
        void aRegistrationThatIsNeverAnsweredDelaysTheFunctionOnlySoLong() throws Exception {
            rig.api.on(ScriptedRuntimeApi.REGISTER, exchange -> {
                exchange.readBody();
                exchange.awaitEnd();
            });
            rig.start(1, LONG, Duration.ofMillis(200), RuntimeLoopFaultIT::ok);

            rig.api.takeParked();
            assertThat(rig.notes.take("extension_unavailable"))
                    .containsEntry("error", "java.net.SocketTimeoutException");
        }

        @Test
        void aLostWaitIsNotedOnceAndTheFunctionWorks() throws Exception {
            rig.api.on(ScriptedRuntimeApi.EVENT_NEXT, Exchange::reset);
            rig.start(RuntimeLoopFaultIT::ok);
            rig.notes.take("extension_unavailable");

            rig.api.invoke("r-1", GET);

            rig.api.takeResponse("r-1");
            assertThat(rig.notes.events()).containsExactly("extension_unavailable");
        }
    }

    private static HttpReply ok(HttpRequest request) {
        return LoopRig.text("ok " + request.requestId());
    }
}
