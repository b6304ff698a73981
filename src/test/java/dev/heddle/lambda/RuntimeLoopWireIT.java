package dev.heddle.lambda;

import static dev.heddle.lambda.LoopRig.GET;
import static dev.heddle.lambda.LoopRig.expected;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.http.HttpReply;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The exact bytes that the loop sends, against {@code src/test/resources/dev/heddle/lambda/*.http}. */
@Timeout(60)
class RuntimeLoopWireIT {
    private static final Map<String, String> SSE =
            Map.of("x-heddle-model", "stand-in", "content-type", "text/event-stream");

    private final LoopRig rig = new LoopRig();

    RuntimeLoopWireIT() throws IOException {}

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    @Test
    void streamsAReplyChunkByChunk() throws Exception {
        rig.api.invoke("r-1", GET);
        rig.start(request -> new HttpReply(200, SSE, out -> {
            write(out, "data: {\"node\":\"planner\"}\n\n");
            out.flush();
            out.flush(); // nothing new: no chunk
            write(out, "data: {\"token\":\"Hel\"}\n\n");
            write(out, "data: {\"token\":\"lo\"}\n\n");
            out.flush();
            write(out, "data: [DONE]\n\n");
            out.close();
        }));

        assertThat(rig.api.takeResponse("r-1").recorded()).isEqualTo(expected("streamed-reply"));
        rig.api.takeParked();
        assertThat(rig.notes.events()).isEmpty();
    }

    @Test
    void endsAFailedStreamWithErrorTrailers() throws Exception {
        rig.api.invoke("r-1", GET);
        rig.start(request -> new HttpReply(200, SSE, out -> {
            try (out) {
                write(out, "data: {\"node\":\"planner\"}\n\n");
                out.flush();
                write(out, "data: {\"token\":\"Hel\"}\n\n");
                throw new IllegalStateException("words of a user");
            }
        }));

        assertThat(rig.api.takeResponse("r-1").recorded()).isEqualTo(expected("streamed-reply-with-error-trailers"));
        assertThat(rig.notes.take("handler_failed").toString())
                .contains("r-1", "IllegalStateException", "RuntimeLoopWireIT")
                .doesNotContain("words of a user");
    }

    @Test
    void anEmptyBodyStillSendsPreludeAndEnd() throws Exception {
        rig.api.invoke("r-1", GET);
        rig.start(request -> HttpReply.of(
                204, Map.of("Set-Cookie", "a=1", "Content-Length", "0", "Transfer-Encoding", "chunked"), new byte[0]));

        assertThat(rig.api.takeResponse("r-1").recorded()).isEqualTo(expected("empty-body"));
    }

    @Test
    void thePreludeGoesOutWithAFlushBeforeAnyPayload() throws Exception {
        CountDownLatch preludeSeen = new CountDownLatch(1);
        rig.api.invoke("r-1", GET);
        rig.api.on("/2018-06-01/runtime/invocation/r-1/response", exchange -> {
            exchange.readChunk();
            preludeSeen.countDown();
            exchange.readBody();
            exchange.write(ScriptedRuntimeApi.answer(202, "", ""));
        });
        rig.start(request -> new HttpReply(200, Map.of(), out -> {
            out.flush();
            await(preludeSeen);
            write(out, "late");
        }));

        assertThat(rig.api.takeResponse("r-1").chunks())
                .containsExactly("{\"statusCode\":200,\"headers\":{}}\0\0\0\0\0\0\0\0", "late");
    }

    @Test
    void smallWritesAreGatheredAndLargeOnesGoOutWithoutFlush() throws Exception {
        rig.api.invoke("r-1", GET);
        rig.start(request -> new HttpReply(200, Map.of(), out -> {
            out.flush();
            for (int i = 0; i < 16 * 1024 + 1; i++) {
                out.write('x');
            }
            write(out, "y".repeat(100_000));
        }));

        List<String> chunks = rig.api.takeResponse("r-1").chunks();
        assertThat(chunks.subList(1, chunks.size())).containsExactly("x".repeat(16 * 1024), "x" + "y".repeat(100_000));
    }

    @Test
    void answersAScheduleBuffered() throws Exception {
        rig.api.invoke("r-1", "{\"source\":\"aws.events\",\"detail-type\":\"Scheduled Event\"}");
        rig.start(request -> LoopRig.text("not for HTTP"));

        assertThat(rig.api.takeResponse("r-1").recorded()).isEqualTo(expected("buffered-reply"));
    }

    @Test
    void refusesAnEventOfAnotherKindWithAnError() throws Exception {
        rig.api.invoke("r-1", "{\"Records\":[{\"eventSource\":\"aws:sqs\",\"body\":\"words of a user\"}]}");
        rig.start(request -> LoopRig.text("not for HTTP"));

        assertThat(rig.api.takeError("r-1").recorded()).isEqualTo(expected("error-reply"));
        assertThat(rig.notes.take("event_refused")).isEqualTo(Map.of("request_id", "r-1", "code", "unsupported_event"));
    }

    @Test
    void tellsThatTheFunctionCannotStart() throws Exception {
        RuntimeLoop.initError(
                new RuntimeLoop.Config(rig.api.address(), 1, LoopRig.LONG),
                rig.notes,
                "bad_configuration",
                "HEDDLE_TABLE: missing, expected a name, got none. Set it.");

        assertThat(rig.api.take("/2018-06-01/runtime/init/error").recorded()).isEqualTo(expected("init-error"));
        assertThat(rig.notes.events()).isEmpty();
    }

    @Test
    void registersTheExtensionBeforeItAsksForAnInvocation() throws Exception {
        CountDownLatch registered = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        rig.api.on(ScriptedRuntimeApi.REGISTER, exchange -> {
            exchange.readBody();
            assertThat(asked.getCount()).isEqualTo(1);
            registered.countDown();
            exchange.write(ScriptedRuntimeApi.answer(200, "Lambda-Extension-Identifier: e-1\r\n", "{}"));
        });
        rig.api.on(ScriptedRuntimeApi.NEXT, exchange -> {
            assertThat(registered.getCount()).isZero();
            asked.countDown();
            exchange.write(ScriptedRuntimeApi.invocation("r-1", GET));
        });
        rig.api.on(ScriptedRuntimeApi.EVENT_NEXT, exchange -> {
            exchange.write(ScriptedRuntimeApi.answer(200, "", "{}")); // none was asked for: it does no harm
        });
        rig.start(request -> LoopRig.text("ok"));

        assertThat(rig.api.take(ScriptedRuntimeApi.REGISTER).recorded()).isEqualTo(expected("extension-register"));
        assertThat(rig.api.take(ScriptedRuntimeApi.EVENT_NEXT).recorded()).isEqualTo(expected("extension-next"));
        assertThat(rig.api.take(ScriptedRuntimeApi.NEXT).recorded()).isEqualTo(expected("next"));
        rig.api.takeResponse("r-1");
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(UTF_8));
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
