package dev.heddle.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of codes, {@code docs/errors.md} and the sources of all rooms say the same. */
class ErrorCodesTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (\\d{3}|-) \\| [^|]+ \\| [^|]+ \\|$");
    private static final Pattern ANY_ROW = Pattern.compile("(?m)^\\| `");
    private static final Pattern CODE =
            Pattern.compile("new RunException\\(\\s*\"([a-z_]+)\"|String code\\(\\) \\{\\s*return \"([a-z_]+)\";");

    private static final Map<String, Integer> TABLE =
            Arrays.stream(ErrorCode.values()).collect(Collectors.toMap(ErrorCode::code, ErrorCode::status));

    /** Code -> status as the document has it; {@code -} for one that no client sees. */
    private static Map<String, String> documented() throws IOException {
        String document = Files.readString(Path.of("docs/errors.md"));
        Map<String, String> documented = new TreeMap<>();
        ROW.matcher(document).results().forEach(row -> assertThat(documented.put(row.group(1), row.group(2)))
                .as("listed twice: " + row.group(1))
                .isNull());
        assertThat(ANY_ROW.matcher(document).results())
                .as("rows of another form")
                .hasSize(documented.size());
        return documented;
    }

    private static Set<String> usedInSources() throws IOException {
        Set<String> used = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher matcher = CODE.matcher(Files.readString(file));
                while (matcher.find()) {
                    used.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
                }
            }
        }
        assertThat(used).contains("model_unavailable", "storage_unavailable"); // it has read the sources
        return used;
    }

    @Test
    void theDocumentListsEveryCodeOfTheTableWithItsStatusAndNoOther() throws IOException {
        Map<String, Integer> documented = new TreeMap<>();
        documented().forEach((code, status) -> {
            if (!status.equals("-")) {
                documented.put(code, Integer.valueOf(status));
            }
        });

        assertThat(documented).isEqualTo(TABLE);
    }

    @Test
    void everyCodeInTheSourcesIsDocumented() throws IOException {
        assertThat(documented().keySet())
                .as("add what is missing to docs/errors.md, and to http.ErrorCode if clients can see it")
                .containsAll(usedInSources());
    }

    @Test
    void anUnknownCodeCountsAsOurFault() {
        assertThat(ErrorCode.statusOf("never_heard_of")).isEqualTo(500);
    }
}
