package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.conformance.Trees;
import dev.heddle.tree.Tree;
import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TreeJsonTest {

    @Test
    void keepsEveryKindOfValue() {
        Tree.Items all = Trees.everyKind();

        for (Tree tree : all.items()) {
            assertThat(TreeJson.read(TreeJson.write(tree))).isEqualTo(tree);
        }
        assertThat(TreeJson.read(TreeJson.write(all))).isEqualTo(all);
    }

    @Test
    void keepsAnyTree() {
        for (long seed = 0; seed < 2_000; seed++) {
            Tree tree = Trees.any(new SplittableRandom(seed), 5);

            assertThat(TreeJson.read(TreeJson.write(tree))).as("seed %d", seed).isEqualTo(tree);
        }
    }

    @Test
    void writesTheDocumentedForms() {
        assertThat(TreeJson.text(Tree.of(42))).isEqualTo("42");
        assertThat(TreeJson.text(Tree.of(new BigDecimal("1.10")))).isEqualTo("{\"$dec\":\"1.10\"}");
        assertThat(TreeJson.text(new Tree.Bytes(new byte[] {1, 2}))).isEqualTo("{\"$bytes\":\"AQI=\"}");
        assertThat(TreeJson.text(Tree.of("\uD83D"))).isEqualTo("{\"$utf16\":\"2D0=\"}");
        assertThat(TreeJson.text(Tree.fields("$dec", Tree.NULL))).isEqualTo("{\"$$dec\":null}");
        assertThat(TreeJson.text(Tree.fields("\uD83D", Tree.NULL))).isEqualTo("{\"$u:2D0=\":null}");
        assertThat(TreeJson.text(Tree.of("é€😀"))).isEqualTo("\"é€😀\"");
    }

    @Test
    void keepsTheOrderOfFields() {
        assertThat(TreeJson.text(TreeJson.read("{\"b\":1,\"a\":2}"))).isEqualTo("{\"b\":1,\"a\":2}");
    }

    @Test
    void keepsNestingUpToItsBoundAndRefusesMore() {
        Tree deep = Trees.nested(TreeJson.MAX_DEPTH);

        assertThat(TreeJson.read(TreeJson.write(deep))).isEqualTo(deep);
        assertThatThrownBy(() -> TreeJson.write(Tree.of(List.of(deep))))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("at most 500 deep");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,",
                "1 2",
                "1.5",
                "99999999999999999999",
                "{\"$unknown\":1}",
                "{\"$dec\":\"x\"}",
                "{\"$dec\":\"1\",\"b\":2}",
                "{\"a\":1,\"$dec\":\"1\"}",
                "{\"$bytes\":\"%%\"}",
                "{\"a\":1,\"a\":2}",
                "nonsense"
            })
    void refusesWhatItHasNotWritten(String json) {
        assertThatThrownBy(() -> TreeJson.read(json)).isInstanceOf(JsonException.class);
    }
}
