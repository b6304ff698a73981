package dev.heddle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.local.LocalRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code make run} starts, as a process of its own: from the ready text to Ctrl-C. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LocalRunE2E {
    private final Path data;
    private int port;

    LocalRunE2E(@TempDir Path data) {
        this.data = data;
    }

    @Test
    void servesKeepsTheConversationOverAKillOfEverythingAndLeavesNothingBehind() throws Exception {
        port = freePort();
        String thread = "local-run";

        Process first = start(port);
        List<String> told = readToReady(first);
        assertThat(told).hasSizeLessThan(15);
        assertThat(told.toString()).contains("http://localhost:" + port, "stand-in", data.toString(), "curl -N ");
        assertThat(client().ask(thread, "hello, my name is Ada").done()).isTrue();

        Process second = start(port);
        assertThat(second.waitFor()).isEqualTo(1);
        assertThat(second.inputReader().readAllAsString())
                .startsWith("heddle: PORT: port in use, expected a free one, got " + port)
                .hasLineCount(1);

        List<ProcessHandle> all = new ArrayList<>(first.descendants().toList());
        all.add(first.toHandle());
        assertThat(all).hasSizeGreaterThan(2);
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());

        Process again = start(port);
        readToReady(again);
        assertThat(client().ask(thread, "what is my name?").text()).contains("Ada");

        List<ProcessHandle> children = again.descendants().toList();
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(again.pid()))
                        .start()
                        .waitFor())
                .isZero();
        again.onExit().join();
        children.forEach(child -> child.onExit().join());
        assertThat(children).hasSizeGreaterThan(1).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void aBadSettingIsOneClearLine() throws Exception {
        ProcessBuilder builder = builder(freePort());
        builder.environment().put("HEDDLE_WINDOW_TOKENS", "plenty");
        Process process = builder.start();

        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();

        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(process.inputReader().lines().filter(line -> !line.startsWith("{")))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("heddle: ")
                        .contains("Environment 'HEDDLE_WINDOW_TOKENS': cannot be used"));
    }

    private ChatClient client() {
        return new ChatClient(URI.create("http://localhost:" + port));
    }

    private Process start(int onPort) throws IOException {
        return builder(onPort).start();
    }

    private ProcessBuilder builder(int onPort) {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                // One carrier: whatever holds it shows here.
                "-Djdk.virtualThreadScheduler.parallelism=1",
                "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LocalRun.class.getName());
        builder.redirectErrorStream(true);
        builder.environment().put("PORT", Integer.toString(onPort));
        builder.environment().put("HEDDLE_DATA", data.toString());
        builder.environment().put("OLLAMA_HOST", "127.0.0.1:9");
        builder.environment().put("HEDDLE_FUNCTION", System.getProperty("heddle.function", "jvm"));
        return builder;
    }

    /** The lines up to the one that says how to stop, without the function's own. */
    private static List<String> readToReady(Process process) throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader reader = process.inputReader();
        String line = reader.readLine();
        while (line != null) {
            if (!line.startsWith("{")) {
                lines.add(line);
            }
            if (line.contains("Ctrl-C")) {
                return lines;
            }
            line = reader.readLine();
        }
        throw new AssertionError("it ended before it was ready: " + lines);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
