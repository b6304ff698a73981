package dev.heddle.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps of few and of many fields behave alike. */
class FieldsTest {
    private static Map<String, Tree> numbered(int size) {
        Map<String, Tree> fields = new LinkedHashMap<>();
        for (int i = size; i > 0; i--) {
            fields.put("f" + i, Tree.of(i));
        }
        return fields;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 8, 9, 40})
    void holdTheirEntriesInOrder(int size) {
        Map<String, Tree> expected = numbered(size);
        Tree.Fields fields = new Tree.Fields(expected);

        List<String> visited = new ArrayList<>();
        fields.fields().forEach((name, value) -> visited.add(name));
        assertThat(fields.fields()).isEqualTo(expected).hasSize(size).hasSameHashCodeAs(expected);
        assertThat(expected).isEqualTo(fields.fields());
        assertThat(visited).isEqualTo(List.copyOf(expected.keySet()));
        assertThat(List.copyOf(fields.fields().keySet())).isEqualTo(visited);
        expected.forEach((name, value) -> assertThat(fields.get(name)).isEqualTo(value));
        assertThat(fields.get("absent")).isEqualTo(Tree.NULL);
        assertThat(fields.fields().containsKey("absent")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 9})
    void cannotBeChangedBeforeOrAfter(int size) {
        Map<String, Tree> source = numbered(size);
        Tree.Fields fields = new Tree.Fields(source);
        source.put("f1", Tree.NULL);

        assertThat(fields.get("f1")).isEqualTo(Tree.of(1));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> fields.fields().put("x", Tree.NULL));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> fields.fields().remove("f1"));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> fields.fields().entrySet().iterator().next().setValue(Tree.NULL));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> fields.fields().clear());
    }

    @Test
    void equalWhateverTheOrderAndForm() {
        assertThat(Tree.fields("a", Tree.of(1), "b", Tree.of(2)))
                .isEqualTo(Tree.fields("b", Tree.of(2), "a", Tree.of(1)))
                .isEqualTo(new Tree.Fields(Map.of("a", Tree.of(1), "b", Tree.of(2))))
                .isNotEqualTo(Tree.fields("a", Tree.of(1)));
        assertThat(Tree.EMPTY).isEqualTo(new Tree.Fields(Map.of()));
    }

    @Test
    void endWhereTheyEnd() {
        var entries = Tree.fields("a", Tree.NULL).fields().entrySet().iterator();
        assertThat(entries.next().getKey()).isEqualTo("a");
        assertThat(entries.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(entries::next);
    }

    @Test
    void refuseANameThatComesTwiceAndNulls() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tree.fields("a", Tree.NULL, "b", Tree.NULL, "a", Tree.NULL))
                .withMessageContaining("'a'");
        Map<String, Tree> withNull = new LinkedHashMap<>();
        withNull.put("a", null);
        assertThatNullPointerException().isThrownBy(() -> new Tree.Fields(withNull));
    }
}
