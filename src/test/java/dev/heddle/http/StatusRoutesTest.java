package dev.heddle.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.observe.Probe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class StatusRoutesTest {

    private static Probe probe(String name, Supplier<Optional<String>> problem) {
        return new Probe() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Optional<String> problem() {
                return problem.get();
            }
        };
    }

    private static Service.Answer ready(Probe... probes) {
        return new Service(ScriptedRuns.of(), probes).get("/ready");
    }

    @Test
    void healthAsksNobody() {
        Service service = new Service(ScriptedRuns.of(), probe("table", () -> {
            throw new AssertionError("asked");
        }));
        Service.Answer answer = service.get("/health");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"status\":\"ok\",\"version\":\"1.2.3\"}");
        assertThat(answer.headers()).containsEntry("cache-control", "no-store");
    }

    @Test
    void readyWhenEveryProbeIsContent() {
        Service.Answer answer = ready(probe("table", Optional::empty), probe("model", Optional::empty));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"status\":\"ready\"}");
        assertThat(ready().status()).isEqualTo(200);
    }

    @Test
    void notReadyNamesEachProblemInTheOrderOfTheProbes() {
        Service.Answer answer = ready(
                probe("table", () -> Optional.of("Table 'heddle': missing. Run make table.")),
                probe("model", Optional::empty),
                probe("queue", () -> Optional.of("Queue: gone.")));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text())
                .isEqualTo("{\"status\":\"not ready\",\"problems\":["
                        + "{\"name\":\"table\",\"message\":\"Table 'heddle': missing. Run make table.\"},"
                        + "{\"name\":\"queue\",\"message\":\"Queue: gone.\"}]}");
    }

    @Test
    void asksAllProbesAtOnce() {
        CyclicBarrier both = new CyclicBarrier(2); // each waits for the other one to be asked
        Supplier<Optional<String>> meet = () -> {
            try {
                both.await(30, TimeUnit.SECONDS);
                return Optional.empty();
            } catch (Exception e) {
                return Optional.of("nobody else was asked");
            }
        };

        assertThat(ready(probe("table", meet), probe("model", meet)).status()).isEqualTo(200);
    }

    @Test
    void aProbeThatThrowsIsAProblemWithoutItsWords() {
        Service.Answer answer = ready(
                probe("table", () -> {
                    throw new IllegalStateException("SECRET");
                }),
                probe("model", () -> Optional.of("down")));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text())
                .contains("'table'", "IllegalStateException", "down")
                .doesNotContain("SECRET");
    }

    @Test
    void aProbeThatNeverAnswersIsAProblem() throws IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        Probe stuck = probe("model", () -> {
            boolean interrupted = false;
            while (never.getCount() > 0) { // heeds no interrupt
                try {
                    never.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return Optional.of("interrupted: " + interrupted);
        });
        StatusRoutes routes = new StatusRoutes("1", List.of(stuck), new Json(), Duration.ofMillis(1));
        HttpReply reply = routes.ready(new Exchange(Service.request("GET", "/ready", Map.of(), new byte[0])));
        never.countDown();

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        reply.body().writeTo(out);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"model\"", "got none within 1 ms");
    }
}
