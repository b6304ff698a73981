package dev.heddle.graph.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.graph.types.Filter;
import dev.heddle.graph.types.StoreException;
import dev.heddle.tree.Tree;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tree form of filters: what it means and what it refuses. What passes is told by the conformance of stores. */
class FilterTest {
    private static final Tree ONE = Tree.of(1);

    @Test
    void readsEveryOperator() {
        assertThat(operator("$eq")).isEqualTo(new Filter.Equal(ONE));
        assertThat(operator("$ne")).isEqualTo(new Filter.NotEqual(ONE));
        assertThat(operator("$gt")).isEqualTo(Filter.above(1));
        assertThat(operator("$gte")).isEqualTo(Filter.atLeast(1));
        assertThat(operator("$lt")).isEqualTo(Filter.below(1));
        assertThat(operator("$lte")).isEqualTo(Filter.atMost(1));
    }

    @Test
    void takesEqualityOfMapsExactlyAndPlainMapsAsAtLeast() {
        Tree.Fields small = Tree.fields("a", ONE);
        Tree.Fields large = Tree.fields("a", Tree.of(new BigDecimal("1.0")), "b", ONE);

        assertThat(FilterRules.passes(Filter.of(small), large)).isTrue();
        assertThat(FilterRules.passes(new Filter.Equal(small), large)).isFalse();
        assertThat(FilterRules.passes(new Filter.Equal(small), Tree.fields("a", Tree.of(new BigDecimal("1.00")))))
                .isTrue();
    }

    @Test
    void comparesExactlyWhereDoublesWouldNot() {
        Tree large = Tree.of(new BigDecimal("9007199254740993.5"));

        assertThat(FilterRules.passes(Filter.above(9_007_199_254_740_993L), large))
                .isTrue();
        assertThat(FilterRules.passes(Filter.below(9_007_199_254_740_994L), large))
                .isTrue();
    }

    @Test
    void refusesWhatIsNoOperator() {
        assertRefused(Tree.fields("f", Tree.fields("$near", ONE)), "unknown operator");
        assertRefused(Tree.fields("f", Tree.fields("$gt", ONE, "plain", ONE)), "unknown operator");
        assertRefused(Tree.fields("$gt", ONE), "outside a field");
        assertRefused(Tree.fields("f", Tree.of(List.of(Tree.fields("$in", ONE)))), "unknown operator");
    }

    @Test
    void refusesBoundsThatHaveNoOrder() {
        for (Tree bound : List.of(Tree.NULL, Tree.of(true), Tree.EMPTY, Tree.of(List.of()))) {
            assertRefused(Tree.fields("f", Tree.fields("$gt", bound)), "expected a number or a text");
        }
    }

    @Test
    void neverRepeatsWhatTheRequestSaid() {
        assertThatThrownBy(() -> Filter.of(Tree.fields("f", Tree.fields("$secret", Tree.of("secret")))))
                .isInstanceOf(StoreException.InvalidQuery.class)
                .message()
                .doesNotContain("secret");
    }

    private static Filter operator(String name) {
        Filter filter = Filter.of(Tree.fields("f", Tree.fields(name, ONE)));
        assertThat(filter).isInstanceOf(Filter.Fields.class);
        Map<String, Filter> fields = ((Filter.Fields) filter).fields();
        assertThat(fields).containsOnlyKeys("f");
        return fields.values().iterator().next();
    }

    private static void assertRefused(Tree.Fields tree, String why) {
        assertThatThrownBy(() -> Filter.of(tree))
                .isInstanceOf(StoreException.InvalidQuery.class)
                .hasMessageContaining(why);
    }
}
