package dev.heddle.llm.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThinkingFilterTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "<think>Hm.</think>Yes.,Yes.",
                "\" \n<think>a</think>\n\n Yes. \",Yes. ",
                "No tag.,No tag.",
                "Later <think>x</think>.,Later <think>x</think>.",
                "<think></think><think>b</think>,<think>b</think>",
                "<think>never closed </thin,\"\"",
                "<thi,<thi",
                " < 3 ,\" < 3 \"",
                "\"\",\"\""
            })
    void givesTheSameTextHoweverItIsCut(String whole, String shown) {
        for (int size = 1; size <= Math.max(1, whole.length()); size++) {
            ThinkingFilter filter = new ThinkingFilter();
            StringBuilder text = new StringBuilder();
            for (int at = 0; at < whole.length(); at += size) {
                text.append(filter.next(whole.substring(at, Math.min(whole.length(), at + size))));
            }
            assertThat(text.append(filter.rest()).toString())
                    .as("pieces of %d", size)
                    .isEqualTo(shown);
        }
    }

    @Test
    void holdsNoTextBackThatCannotBeATag() {
        ThinkingFilter filter = new ThinkingFilter();

        assertThat(filter.next("<")).isEmpty();
        assertThat(filter.next("b")).isEqualTo("<b");
        assertThat(filter.next(">")).isEqualTo(">");
    }
}
