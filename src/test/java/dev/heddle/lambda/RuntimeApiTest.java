package dev.heddle.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeApiTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final RuntimeApi api = new RuntimeApi("127.0.0.1:9001", Duration.ZERO, Clock.fixed(NOW, ZoneOffset.UTC));

    @ParameterizedTest
    @CsvSource({
        "1795255200000, 2026-11-21T10:00:00Z",
        "0, 1970-01-01T00:00:00Z",
        "'', 2026-11-21T10:15:00Z",
        "soon, 2026-11-21T10:15:00Z",
        "1.7E12, 2026-11-21T10:15:00Z",
        "99999999999999999999, 2026-11-21T10:15:00Z"
    })
    void readsTheDeadlineOrTakesLambdasLongest(String millis, Instant deadline) throws IOException {
        assertThat(invocation(Map.of("lambda-runtime-aws-request-id", "r", "lambda-runtime-deadline-ms", millis))
                        .deadline())
                .isEqualTo(deadline);
    }

    @Test
    void readsIdAndTrace() throws IOException {
        Invocation invocation = invocation(
                Map.of("lambda-runtime-aws-request-id", "8476a536-e9f4", "lambda-runtime-trace-id", "Root=1-5"));

        assertThat(invocation.requestId()).isEqualTo("8476a536-e9f4");
        assertThat(invocation.traceId()).isEqualTo("Root=1-5");
        assertThat(invocation(Map.of("lambda-runtime-aws-request-id", "r")).traceId())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/../b", "a b", "a\r\nb"})
    void refusesIdsThatWouldLeadToAnotherPath(String id) {
        assertThatThrownBy(() -> invocation(Map.of("lambda-runtime-aws-request-id", id)))
                .isInstanceOf(WireException.class);
    }

    @Test
    void pausesGrowFromTenMillisecondsToOneSecond() {
        assertThat(IntStream.rangeClosed(1, 10)
                        .mapToObj(i -> Worker.pauseAfter(i).toMillis()))
                .containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 640L, 1000L, 1000L, 1000L);
        assertThat(Worker.pauseAfter(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void readsTheEnvironment() {
        RuntimeLoop.Config config = RuntimeLoop.Config.from(
                Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001", "AWS_LAMBDA_MAX_CONCURRENCY", "20"));

        assertThat(config).isEqualTo(new RuntimeLoop.Config("127.0.0.1:9001", 20, Duration.ofMillis(400)));
        assertThat(RuntimeLoop.Config.from(Map.of("AWS_LAMBDA_RUNTIME_API", "[::1]:9001"))
                        .concurrency())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", "http://localhost:1", "a b:1", ":9001", "host:port", "host:70000", "host:0"})
    void saysWhatIsWrongWithTheAddress(String address) {
        assertThatThrownBy(() -> RuntimeLoop.Config.from(Map.of("AWS_LAMBDA_RUNTIME_API", address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected host:port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "many", "1001", "99999999999"})
    void saysWhatIsWrongWithTheConcurrency(String number) {
        assertThatThrownBy(() -> RuntimeLoop.Config.from(
                        Map.of("AWS_LAMBDA_RUNTIME_API", "h:1", "AWS_LAMBDA_MAX_CONCURRENCY", number)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected 1 to 1000");
    }

    private Invocation invocation(Map<String, String> headers) throws IOException {
        return api.invocation(new HttpAnswer(200, headers, new byte[0], true));
    }
}
