package dev.heddle.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.DoubleNode;
import dev.heddle.conformance.Trees;
import dev.heddle.tree.Tree;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlainJsonTest {

    @Test
    void readsNumbersExactly() {
        assertThat(read("[1, 1.10, 9223372036854775807, 9223372036854775808, 1e3, -0.0]"))
                .isEqualTo(Tree.of(List.of(
                        Tree.of(1),
                        Tree.of(new BigDecimal("1.10")),
                        Tree.of(Long.MAX_VALUE),
                        Tree.of(new BigDecimal("9223372036854775808")),
                        Tree.of(new BigDecimal("1E+3")),
                        Tree.of(new BigDecimal("0.0")))));
    }

    @Test
    void takesANumberThatAnotherParserMadeADouble() {
        assertThat(PlainJson.tree(DoubleNode.valueOf(1.1))).isEqualTo(Tree.of(new BigDecimal("1.1")));
    }

    @Test
    void givesClientsTagFreeJson() {
        Tree tree = Tree.fields(
                "d", Tree.of(new BigDecimal("1.10")), "b", new Tree.Bytes(new byte[] {1, 2}), "$dec", Tree.of("é"));

        assertThat(new String(PlainJson.write(tree), UTF_8)).isEqualTo("{\"d\":1.10,\"b\":\"AQI=\",\"$dec\":\"é\"}");
        assertThat(PlainJson.node(tree).toString()).isEqualTo("{\"d\":1.10,\"b\":\"AQI=\",\"$dec\":\"é\"}");
    }

    @Test
    void readsBackWhatItWroteWhereJsonCanSayIt() {
        Tree tree = read("{\"a\":[null,true,\"t\",{\"\":[]},1.50,-7]}");

        assertThat(PlainJson.read(PlainJson.write(tree))).isEqualTo(tree);
        assertThat(PlainJson.tree(PlainJson.node(tree))).isEqualTo(tree);
    }

    @Test
    void writesAReplacementForHalfASurrogatePair() {
        assertThat(new String(PlainJson.write(Tree.of("a\uD83Db")), UTF_8)).isEqualTo("\"a\uFFFDb\"");
        assertThat(new String(PlainJson.write(Trees.everyKind()), UTF_8)).contains("half a pair");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "{",
                "{} {}",
                "{\"a\":1,\"a\":2}",
                "NaN",
                "01",
                "1e1001",
                "1e-1001",
                "1e999999999999",
                "'a'",
                "[1,]",
                "\"\\uZZZZ\""
            })
    void refusesWhatIsNotJsonWithinTheBounds(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(JsonException.class);
    }

    @Test
    void refusesDeepNestingAndLongNumbersAndQuotesNothingOfThem() {
        String secret = "9".repeat(PlainJson.MAX_DIGITS + 1);

        assertThatThrownBy(() -> read("[".repeat(101) + "]".repeat(101))).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> read("{\"a\":" + secret + "}"))
                .isInstanceOf(JsonException.class)
                .hasMessageNotContaining("99");
        assertThatThrownBy(() -> read("{\"a\":hunter2}"))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("line 1")
                .hasMessageNotContaining("hunter2");
        assertThat(read("[".repeat(100) + "]".repeat(100))).isInstanceOf(Tree.Items.class);
    }

    private static Tree read(String json) {
        return PlainJson.read(json.getBytes(UTF_8));
    }
}
