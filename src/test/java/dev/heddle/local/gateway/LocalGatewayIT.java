package dev.heddle.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.local.gateway.LocalGateway.Options;
import dev.heddle.local.gateway.LocalGateway.PayloadFormat;
import dev.heddle.local.gateway.Puppeteer.Puppet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway over real sockets and real processes; what the function does is told to it step by step. */
@Timeout(120)
final class LocalGatewayIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PRELUDE = "prelude {\"statusCode\":200,\"headers\":{\"content-type\":\"text/plain\"}}";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    private Puppeteer puppeteer;
    private LocalGateway gateway;

    @BeforeEach
    void open() throws IOException {
        puppeteer = new Puppeteer();
        gateway = LocalGateway.start(options());
    }

    @AfterEach
    void close() throws IOException {
        List<Long> processes = gateway.processes();
        gateway.close();
        puppeteer.close();
        assertThat(processes).as("left behind").noneMatch(LocalGatewayIT::isAlive);
    }

    @Nested
    class AStreamedReply {
        @Test
        void passesEachPieceOnBeforeTheFunctionWritesTheNext() throws Exception {
            CompletableFuture<HttpResponse<InputStream>> asked = ask("/talk");
            Puppet function = puppeteer.await("/talk");

            function.send(PRELUDE);
            HttpResponse<InputStream> response = asked.get(60, TimeUnit.SECONDS);
            function.send("piece one");
            assertThat(read(response, 3)).isEqualTo("one");
            function.send("piece two");
            assertThat(read(response, 3)).isEqualTo("two");
            function.send("end");

            assertThat(response.body().read()).isEqualTo(-1);
        }

        @Test
        void carriesStatusHeadersAndCookiesOfItsPrelude() throws Exception {
            CompletableFuture<HttpResponse<InputStream>> asked = ask("/talk");
            puppeteer
                    .await("/talk")
                    .send(
                            "prelude {\"statusCode\":418,\"headers\":{\"x-one\":\"1\",\"x-many\":\"lost\","
                                    + "\"content-length\":\"7\"},"
                                    + "\"multiValueHeaders\":{\"x-many\":[\"a\",\"b\"]},\"cookies\":[\"k=v; Path=/\",\"l=w\"]}",
                            "piece tea",
                            "end");
            HttpResponse<InputStream> response = asked.get(60, TimeUnit.SECONDS);

            assertThat(response.statusCode()).isEqualTo(418);
            assertThat(response.headers().allValues("x-one")).containsExactly("1");
            assertThat(response.headers().allValues("x-many")).containsExactly("a", "b");
            assertThat(response.headers().allValues("set-cookie")).containsExactly("k=v; Path=/", "l=w");
            assertThat(response.headers().allValues("content-length")).isEmpty();
            assertThat(text(response)).isEqualTo("tea");
        }

        @Test
        void mayHaveNoPayload() throws Exception {
            CompletableFuture<HttpResponse<InputStream>> asked = ask("/talk");
            puppeteer.await("/talk").send("prelude {\"statusCode\":204}", "end");

            HttpResponse<InputStream> response = asked.get(60, TimeUnit.SECONDS);

            assertThat(response.statusCode()).isEqualTo(204);
            assertThat(text(response)).isEmpty();
        }

        @Test
        void isBrokenOffByErrorTrailers() throws Exception {
            HttpResponse<InputStream> response = firstPiece("/talk", "trailers Model.Down");

            assertThat(read(response, 5)).isEqualTo("first");
            assertBroken(response);
            assertThat(lines).anyMatch(line -> line.contains("function error Model.Down in the trailers"));
        }

        @Test
        void isBrokenOffWhenTheFunctionClosesItEarlyButKeepsItsProcess() throws Exception {
            HttpResponse<InputStream> response = firstPiece("/talk", "close");

            assertThat(read(response, 5)).isEqualTo("first");
            assertBroken(response);
            long pid = gateway.processes().getFirst();
            assertThat(echo().path("pid").asLong()).isEqualTo(pid);
        }

        @Test
        void goesOnInTheFunctionWhenItsClientHasLeft() throws Exception {
            restart(options().withCapacity(1, 1));
            CompletableFuture<HttpResponse<InputStream>> asked = ask("/talk");
            Puppet function = puppeteer.await("/talk");
            function.send(PRELUDE, "piece first");
            asked.get(60, TimeUnit.SECONDS).body().close();

            String piece = "piece " + "x".repeat(10_000);
            for (int i = 0; i < 2_000; i++) {
                function.send(piece);
            }
            function.send("end");

            // only a function that came to its end and was not ended asks for the next event
            assertThat(echo().path("pid").asLong()).isEqualTo(function.pid());
        }

        @Test
        void endsForASilentFunctionsClientButNotForTheFunction() throws Exception {
            restart(options().withCapacity(1, 1).withIdleTimeout(Duration.ofMillis(200)));
            CompletableFuture<HttpResponse<InputStream>> asked = ask("/talk");
            Puppet function = puppeteer.await("/talk");
            function.send(PRELUDE, "piece first");

            assertBroken(asked.get(60, TimeUnit.SECONDS));
            function.send("piece late", "end");

            assertThat(echo().path("pid").asLong()).isEqualTo(function.pid());
        }
    }

    @Nested
    class AFunctionThatDies {
        @Test
        void leavesItsClientABrokenStreamAndIsReplaced() throws Exception {
            CompletableFuture<HttpResponse<InputStream>> asked = ask("/talk");
            Puppet function = puppeteer.await("/talk");
            function.send(PRELUDE, "piece first");
            HttpResponse<InputStream> response = asked.get(60, TimeUnit.SECONDS);
            assertThat(read(response, 5)).isEqualTo("first");

            assertThat(gateway.killFunction(
                            response.headers().firstValue("x-amzn-requestid").orElseThrow()))
                    .isTrue();

            assertBroken(response);
            assertThat(gateway.processes()).doesNotContain(function.pid());
            assertThat(echo().path("pid").asLong()).isNotEqualTo(function.pid());
        }

        @Test
        void byItselfLeavesABrokenStreamWithAllThatItHadSent() throws Exception {
            HttpResponse<InputStream> response = firstPiece("/talk", "exit 9");

            assertThat(read(response, 5)).isEqualTo("first");
            assertBroken(response);
            assertThat(echo().path("pid").asLong()).isPositive();
            assertThat(lines).anyMatch(line -> line.contains("reply broke off, process ended with exit code 9"));
        }

        @Test
        void beforeItsFirstByteGivesBadGateway() throws Exception {
            CompletableFuture<HttpResponse<InputStream>> asked = ask("/talk");
            Puppet function = puppeteer.await("/talk");

            gateway.killFunctions();

            HttpResponse<InputStream> response = asked.get(60, TimeUnit.SECONDS);
            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(text(response)).isEqualTo("{\"message\": \"Internal server error\"}");
            assertThat(isAlive(function.pid())).isFalse();
        }

        @Test
        void takesOnlyItsOwnRequestsWithIt() throws Exception {
            CompletableFuture<HttpResponse<InputStream>> first = ask("/first");
            CompletableFuture<HttpResponse<InputStream>> second = ask("/second");
            Puppet dying = puppeteer.await("/first");
            Puppet living = puppeteer.await("/second");

            assertThat(gateway.killFunction(dying.requestId())).isTrue();
            assertThat(gateway.killFunction(dying.requestId())).isFalse();
            living.send(PRELUDE, "piece fine", "end");

            assertThat(first.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(502);
            assertThat(text(second.get(60, TimeUnit.SECONDS))).isEqualTo("fine");
        }
    }

    @Nested
    class AFunctionThatTakesTooLong {
        @BeforeEach
        void shortTime() throws Exception {
            restart(options().withTimeout(Duration.ofSeconds(1)));
        }

        @Test
        void givesGatewayTimeoutAndIsReplaced() throws Exception {
            CompletableFuture<HttpResponse<InputStream>> asked = ask("/silent");
            Puppet function = puppeteer.await("/silent");

            HttpResponse<InputStream> response = asked.get(60, TimeUnit.SECONDS);

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(text(response)).isEqualTo("{\"message\": \"Endpoint request timed out\"}");
            assertThat(gateway.processes()).doesNotContain(function.pid());
            assertThat(echo().path("pid").asLong()).isNotEqualTo(function.pid());
        }

        @Test
        void isBrokenOffOnceItHasBegun() throws Exception {
            CompletableFuture<HttpResponse<InputStream>> asked = ask("/silent");
            puppeteer.await("/silent").send(PRELUDE, "piece first");
            HttpResponse<InputStream> response = asked.get(60, TimeUnit.SECONDS);

            assertThat(read(response, 5)).isEqualTo("first");
            assertBroken(response);
        }
    }

    @Nested
    class AFunctionThatFails {
        @ParameterizedTest
        @ValueSource(strings = {"/error", "/bad-prelude", "/no-prelude", "/long-prelude"})
        void beforeItsFirstByteGivesBadGatewayAndGoesOn(String path) throws Exception {
            HttpResponse<InputStream> response = ask(path).get(60, TimeUnit.SECONDS);

            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(text(response)).isEqualTo("{\"message\": \"Internal server error\"}");
            assertThat(lines).noneMatch(line -> line.contains("secret"));
            long pid = gateway.processes().getFirst();
            assertThat(echo().path("pid").asLong()).isEqualTo(pid);
        }

        @Test
        void toStartIsSaidInOneLineWithCodeAndLastWords() throws Exception {
            restart(options().withEnvironment(Map.of("FAKE_START", "exit 7")));

            assertThat(ask("/echo").get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(502);

            assertThat(lines)
                    .filteredOn(line -> line.startsWith("gateway:"))
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line)
                                .contains("did not start", "3 times in a row", "exit code 7", "no table, no work");
                    });
        }

        @Test
        void toStartByItsOwnAccountIsSaidToo() throws Exception {
            restart(options().withEnvironment(Map.of("FAKE_START", "init-error Fake.NoConfig")));

            assertThat(ask("/echo").get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(502);

            assertThat(lines)
                    .filteredOn(line -> line.startsWith("gateway:"))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .endsWith(": function cannot start, init error Fake.NoConfig")
                            .doesNotContain("in a row"));
        }

        @Test
        void toStartOnceIsStartedAgain(@TempDir Path directory) throws Exception {
            restart(options().withEnvironment(Map.of("FAKE_START", "once " + directory.resolve("started"))));

            assertThat(echo().path("pid").asLong()).isPositive();
        }

        @Test
        void becauseThereIsNoSuchProgramIsSaid() throws Exception {
            restart(Options.of(List.of("/no/such/function")).withLines(lines::add));

            assertThat(ask("/echo").get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(502);
            assertThat(lines).anyMatch(line -> line.contains("/no/such/function"));
            assertThatThrownBy(gateway::warmUp).isInstanceOf(FunctionStartException.class);
        }
    }

    @Nested
    class Limits {
        @Test
        void refuseABodyOverTenMegabytes() throws Exception {
            byte[] body = new byte[10 * 1024 * 1024 + 1];

            assertTooLong(BodyPublishers.ofByteArray(body));
            assertTooLong(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
            assertThat(gateway.processes()).isEmpty();
        }

        @Test
        void refuseAnEventOverSixMegabytes() throws Exception {
            // within the gateway's limit, but not once it is base64 in an event
            assertTooLong(BodyPublishers.ofByteArray(new byte[5 * 1024 * 1024]));
            assertThat(gateway.processes()).isEmpty();
        }

        private void assertTooLong(HttpRequest.BodyPublisher body) throws Exception {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(url("/echo"))
                            .header("content-type", "application/octet-stream")
                            .POST(body)
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(413);
            assertThat(response.body()).isEqualTo("{\"message\": \"Request Too Long\"}");
        }
    }

    @Nested
    class TheEvent {
        @Test
        void ofFormatOneIsThatOfARestApi() throws Exception {
            JsonNode event = event(HttpRequest.newBuilder(url("/echo?a=1&a=2&b=x%20y&c"))
                    .header("content-type", "application/json; charset=utf-8")
                    .header("X-Twice", "1")
                    .header("X-Twice", "2")
                    .header("user-agent", "tester")
                    .POST(BodyPublishers.ofString("{\"content\":\"grüß\"}")));

            assertThat(event.path("resource").asText()).isEqualTo("/{proxy+}");
            assertThat(event.path("path").asText()).isEqualTo("/echo");
            assertThat(event.path("httpMethod").asText()).isEqualTo("POST");
            assertThat(event.path("headers").path("X-Twice").asText()).isEqualTo("2");
            assertThat(event.path("multiValueHeaders").path("X-Twice")).isEqualTo(JSON.readTree("[\"1\",\"2\"]"));
            assertThat(event.path("queryStringParameters"))
                    .isEqualTo(JSON.readTree("{\"a\":\"2\",\"b\":\"x y\",\"c\":\"\"}"));
            assertThat(event.path("multiValueQueryStringParameters").path("a"))
                    .isEqualTo(JSON.readTree("[\"1\",\"2\"]"));
            assertThat(event.path("pathParameters").path("proxy").asText()).isEqualTo("echo");
            assertThat(event.path("stageVariables").isNull()).isTrue();
            assertThat(event.path("requestContext").path("identity"))
                    .isEqualTo(JSON.readTree("{\"sourceIp\":\"127.0.0.1\",\"userAgent\":\"tester\"}"));
            assertThat(event.path("requestContext").path("requestId").asText()).isNotEmpty();
            assertThat(event.path("requestContext").path("stage").asText()).isNotEmpty();
            assertThat(event.path("body").asText()).isEqualTo("{\"content\":\"grüß\"}");
            assertThat(event.path("isBase64Encoded").asBoolean(true)).isFalse();
        }

        @Test
        void hasNullsWhereThereIsNothing() throws Exception {
            JsonNode event = event(HttpRequest.newBuilder(url("/echo")).GET());

            assertThat(event.has("body")).isTrue();
            assertThat(event.path("body").isNull()).isTrue();
            assertThat(event.path("queryStringParameters").isNull()).isTrue();
            assertThat(event.path("isBase64Encoded").asBoolean(true)).isFalse();
        }

        @Test
        void carriesBinaryBodiesInBase64() throws Exception {
            JsonNode event = event(HttpRequest.newBuilder(url("/echo"))
                    .header("content-type", "image/png")
                    .POST(BodyPublishers.ofByteArray(new byte[] {(byte) 0xff, 0, 1})));

            assertThat(event.path("isBase64Encoded").asBoolean()).isTrue();
            assertThat(event.path("body").binaryValue()).containsExactly(0xff, 0, 1);
        }

        @Test
        void ofFormatTwoIsThatOfAFunctionUrl() throws Exception {
            restart(options().withPayloadFormat(PayloadFormat.V2));
            JsonNode event = event(HttpRequest.newBuilder(url("/echo?a=1&a=2&b=x%20y"))
                    .header("X-Twice", "1")
                    .header("X-Twice", "2")
                    .header("Cookie", "k=v; l=w")
                    .PUT(BodyPublishers.ofString("text")));

            assertThat(event.path("version").asText()).isEqualTo("2.0");
            assertThat(event.path("rawPath").asText()).isEqualTo("/echo");
            assertThat(event.path("rawQueryString").asText()).isEqualTo("a=1&a=2&b=x%20y");
            assertThat(event.path("queryStringParameters")).isEqualTo(JSON.readTree("{\"a\":\"1,2\",\"b\":\"x y\"}"));
            assertThat(event.path("headers").path("x-twice").asText()).isEqualTo("1,2");
            assertThat(event.path("cookies")).isEqualTo(JSON.readTree("[\"k=v\",\"l=w\"]"));
            assertThat(event.path("requestContext").path("http").path("method").asText())
                    .isEqualTo("PUT");
            assertThat(event.path("body").asText()).isEqualTo("text");
        }

        @Test
        void comesWithLambdasHeadersAndVariablesAndNoneOfTheDevelopers() throws Exception {
            JsonNode echo = echo();

            JsonNode headers = echo.path("next");
            assertThat(headers.path("lambda-runtime-aws-request-id").asText())
                    .isEqualTo(echo.path("event")
                            .path("requestContext")
                            .path("requestId")
                            .asText());
            assertThat(headers.path("lambda-runtime-deadline-ms").asLong()).isGreaterThan(System.currentTimeMillis());
            assertThat(headers.path("lambda-runtime-trace-id").asText()).startsWith("Root=1-");
            assertThat(headers.path("lambda-runtime-invoked-function-arn").asText())
                    .startsWith("arn:aws:lambda:");
            JsonNode environment = echo.path("environment");
            assertThat(environment.has("AWS_REGION")).isTrue();
            assertThat(environment.has("AWS_LAMBDA_MAX_CONCURRENCY")).isFalse();
            assertThat(environment.has("HOME")).isFalse();
        }

        private JsonNode event(HttpRequest.Builder request) throws Exception {
            return JSON.readTree(client.send(request.build(), BodyHandlers.ofString())
                            .body())
                    .path("event");
        }
    }

    @Nested
    class ManyRequestsAtOnce {
        @Test
        void goToAProcessEachAndTheNextOneWaitsForAFreeOne() throws Exception {
            restart(options().withCapacity(2, 1));
            CompletableFuture<HttpResponse<InputStream>> one = ask("/one");
            CompletableFuture<HttpResponse<InputStream>> two = ask("/two");
            Puppet first = puppeteer.await("/one");
            Puppet second = puppeteer.await("/two");
            CompletableFuture<HttpResponse<InputStream>> three = ask("/three");
            first.send(PRELUDE, "piece 1", "end");
            Puppet third = puppeteer.await("/three");
            second.send(PRELUDE, "piece 2", "end");
            third.send(PRELUDE, "piece 3", "end");

            assertThat(second.pid()).isNotEqualTo(first.pid());
            assertThat(third.pid()).isEqualTo(first.pid());
            assertThat(text(one.get(60, TimeUnit.SECONDS))).isEqualTo("1");
            assertThat(text(two.get(60, TimeUnit.SECONDS))).isEqualTo("2");
            assertThat(text(three.get(60, TimeUnit.SECONDS))).isEqualTo("3");
        }

        @Test
        void shareOneProcessThatIsConcurrent() throws Exception {
            int size = 20;
            restart(options().withCapacity(1, size));
            List<CompletableFuture<HttpResponse<InputStream>>> asked = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                asked.add(ask("/" + i));
            }
            List<Puppet> functions = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                functions.add(puppeteer.await("/" + i));
            }
            // all are open now; they end in the opposite order
            for (int i = size - 1; i >= 0; i--) {
                functions.get(i).send(PRELUDE, "piece " + i, "end");
                assertThat(text(asked.get(i).get(60, TimeUnit.SECONDS))).isEqualTo(Integer.toString(i));
            }
            assertThat(functions)
                    .extracting(Puppet::pid)
                    .containsOnly(gateway.processes().getFirst());
        }

        @Test
        void oneAfterTheOtherReuseTheIdleProcess() throws Exception {
            assertThat(echo().path("pid")).isEqualTo(echo().path("pid"));
            assertThat(gateway.processes()).hasSize(1);
        }
    }

    @Test
    void acceptsABufferedReply() throws Exception {
        HttpResponse<InputStream> response = ask("/buffered").get(60, TimeUnit.SECONDS);

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("x-kind")).contains("buffered");
        assertThat(text(response)).isEqualTo("hello");
    }

    @Test
    void refusesWhatIsNoHttp() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), gateway.url().getPort())) {
            socket.getOutputStream().write("what?\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void startsAFunctionAheadOfItsFirstRequest() throws Exception {
        assertThat(gateway.firstNextAfter()).isEmpty();

        Duration warm = gateway.warmUp();

        assertThat(gateway.firstNextAfter()).contains(warm);
        assertThat(echo().path("pid").asLong()).isEqualTo(gateway.processes().getFirst());
    }

    @Test
    void asksOnlyAFunctionWithAnExtensionToEnd() throws Exception {
        gateway.warmUp();
        gateway.close();
        assertThat(lines).doesNotContain("asked to end");

        restart(options().withEnvironment(Map.of("FAKE_START", "extension")));
        gateway.warmUp();
        gateway.close();
        assertThat(lines).contains("asked to end");
    }

    private Options options() {
        String java = ProcessHandle.current().info().command().orElse("java");
        return Options.of(List.of(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FakeFunction.class.getName()))
                .withEnvironment(Map.of("FAKE_CONTROL", puppeteer.port()))
                .withLines(lines::add);
    }

    private void restart(Options options) throws IOException {
        gateway.close();
        gateway = LocalGateway.start(options);
    }

    private URI url(String path) {
        return URI.create(gateway.url() + path);
    }

    private CompletableFuture<HttpResponse<InputStream>> ask(String path) {
        return client.sendAsync(HttpRequest.newBuilder(url(path)).build(), BodyHandlers.ofInputStream());
    }

    /** Asks, and has the function answer with a first piece and then do as told. */
    private HttpResponse<InputStream> firstPiece(String path, String then) throws Exception {
        CompletableFuture<HttpResponse<InputStream>> asked = ask(path);
        puppeteer.await(path).send(PRELUDE, "piece first", then);
        return asked.get(60, TimeUnit.SECONDS);
    }

    private JsonNode echo() throws Exception {
        return JSON.readTree(text(ask("/echo").get(60, TimeUnit.SECONDS)));
    }

    private static String read(HttpResponse<InputStream> response, int bytes) throws IOException {
        return new String(response.body().readNBytes(bytes), StandardCharsets.UTF_8);
    }

    private static String text(HttpResponse<InputStream> response) throws IOException {
        return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void assertBroken(HttpResponse<InputStream> response) {
        assertThatThrownBy(() -> response.body().readAllBytes()).isInstanceOf(IOException.class);
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }
}
