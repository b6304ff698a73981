package dev.heddle.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine as a jar of its own, target/heddle-graph.jar: it holds the engine alone and needs nothing besides the JDK. */
@Timeout(120)
final class GraphJarIT {
    private static final Path JAR = Path.of(System.getProperty("heddle.build"), "heddle-graph.jar");

    @Test
    void holdsTheEngineAndNothingElse() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> files = jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .toList();

            assertThat(files)
                    .contains("dev/heddle/graph/state/StateGraph.class", "dev/heddle/tree/Tree.class")
                    .allMatch(name -> name.startsWith("dev/heddle/graph/")
                            || name.startsWith("dev/heddle/tree/")
                            || name.equals("META-INF/MANIFEST.MF"));
            assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
                    .isEqualTo("dev.heddle.graph");
        }
    }

    @Test
    void compilesAndRunsAProgramWithNothingBesides() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--class-path",
                        JAR.toString(),
                        "src/test/graph-jar/Hello.java")
                .redirectErrorStream(true)
                .start();
        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(output).contains("Interrupted, then hello Ada");
        assertThat(program.waitFor()).isZero();
    }
}
