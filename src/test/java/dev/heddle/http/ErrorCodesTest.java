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
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (\\d{3}) \\| [^|]+ \\| [^|]+ \\|$");
    private static final Pattern ANY_ROW = Pattern.compile("(?m)^\\| `");
    private static final Pattern CODE =
            Pattern.compile("new RunException\\(\\s*\"([a-z_]+)\"|String code\\(\\) \\{\\s*return \"([a-z_]+)\";");

    @Test
    void theDocumentListsEveryCodeWithItsStatusAndNoOther() throws IOException {
        String document = Files.readString(Path.of("docs/errors.md"));
        Map<String, Integer> documented = new TreeMap<>();
        ROW.matcher(document).results().forEach(row -> {
            Integer twice = documented.put(row.group(1), Integer.valueOf(row.group(2)));
            assertThat(twice).as("listed twice: " + row.group(1)).isNull();
        });

        assertThat(documented)
                .isEqualTo(Arrays.stream(ErrorCode.values())
                        .collect(Collectors.toMap(ErrorCode::code, ErrorCode::status)));
        assertThat(ANY_ROW.matcher(document).results())
                .as("rows of another form")
                .hasSize(documented.size());
    }

    @Test
    void everyCodeInTheSourcesIsInTheTable() throws IOException {
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
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code).collect(Collectors.toSet()))
                .as("add what is missing to http.ErrorCode and docs/errors.md")
                .containsAll(used);
    }

    @Test
    void anUnknownCodeCountsAsOurFault() {
        assertThat(ErrorCode.statusOf("never_heard_of")).isEqualTo(500);
    }
}
