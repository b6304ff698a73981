package dev.heddle.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.graph.types.NodeCache;
import dev.heddle.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link NodeCache} does, as long as it has room for a few entries. */
public abstract class NodeCacheConformance {
    private static final Instant MORNING = Instant.parse("2026-11-02T08:00:00.123Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Tree ONE = Tree.of(List.of(Tree.of(1)));
    private static final Tree TWO = Tree.of(List.of(Tree.of(2)));

    private Instant now = MORNING;
    private NodeCache cache;

    /** An empty cache with this clock. */
    protected abstract NodeCache open(InstantSource clock);

    @BeforeEach
    final void opensAnEmptyCache() {
        now = MORNING;
        cache = open(() -> now);
    }

    @Test
    void knowsNothingAtFirst() {
        assertThat(cache.get("node", "key")).isEmpty();
    }

    @Test
    void returnsWhatWasPutLast() {
        cache.put("node", "key", ONE, null);
        assertThat(cache.get("node", "key")).contains(ONE);

        cache.put("node", "key", Trees.everyKind(), null);
        assertThat(cache.get("node", "key")).contains(Trees.everyKind());
    }

    @Test
    void keepsNullApartFromNothing() {
        cache.put("node", "key", Tree.NULL, null);

        assertThat(cache.get("node", "key")).contains(Tree.NULL);
    }

    @Test
    void neverMistakesOneNodeOrKeyForAnother() {
        cache.put("a", "b:c", Tree.of("a b:c"), null);
        cache.put("a:b", "c", Tree.of("a:b c"), null);
        cache.put("", "a:b:c", Tree.of(" a:b:c"), null);
        cache.put("a:b:c", "", Tree.of("a:b:c "), null);

        assertThat(cache.get("a", "b:c")).contains(Tree.of("a b:c"));
        assertThat(cache.get("a:b", "c")).contains(Tree.of("a:b c"));
        assertThat(cache.get("", "a:b:c")).contains(Tree.of(" a:b:c"));
        assertThat(cache.get("a:b:c", "")).contains(Tree.of("a:b:c "));
        assertThat(cache.get("a", "b")).isEmpty();
    }

    @Test
    void forgetsAnEntryWhenItsTimeIsOver() {
        cache.put("node", "brief", ONE, HOUR);
        cache.put("node", "endless", ONE, null);
        cache.put("node", "aeons", ONE, ChronoUnit.FOREVER.getDuration());

        now = MORNING.plus(HOUR).minusMillis(1);
        assertThat(cache.get("node", "brief")).contains(ONE);

        now = MORNING.plus(HOUR).plusSeconds(1);
        assertThat(cache.get("node", "brief")).isEmpty();
        assertThat(cache.get("node", "endless")).contains(ONE);
        assertThat(cache.get("node", "aeons")).contains(ONE);
    }

    @Test
    void isNotRefreshedByReading() {
        cache.put("node", "key", ONE, HOUR);

        now = MORNING.plus(HOUR).minusSeconds(10);
        assertThat(cache.get("node", "key")).contains(ONE);

        now = MORNING.plus(HOUR).plusSeconds(1);
        assertThat(cache.get("node", "key")).isEmpty();
    }

    @Test
    void takesTheTimeOfTheLastPut() {
        cache.put("node", "longer", ONE, HOUR);
        cache.put("node", "longer", TWO, HOUR.multipliedBy(2));
        cache.put("node", "shorter", ONE, null);
        cache.put("node", "shorter", TWO, HOUR);

        now = MORNING.plus(HOUR).plusSeconds(1);

        assertThat(cache.get("node", "longer")).contains(TWO);
        assertThat(cache.get("node", "shorter")).isEmpty();
    }

    @Test
    void forgetsOneNodeWhenToldSo() {
        cache.put("a", "1", ONE, null);
        cache.put("a", "2", ONE, HOUR);
        cache.put("ab", "1", ONE, null);

        cache.clear("a");
        cache.clear("never heard of");

        assertThat(cache.get("a", "1")).isEmpty();
        assertThat(cache.get("a", "2")).isEmpty();
        assertThat(cache.get("ab", "1")).contains(ONE);
    }

    @Test
    void forgetsEverythingWhenToldSo() {
        cache.put("a", "1", ONE, null);
        cache.put("b", "1", ONE, HOUR);

        cache.clear();

        assertThat(cache.get("a", "1")).isEmpty();
        assertThat(cache.get("b", "1")).isEmpty();
        cache.put("a", "1", TWO, null);
        assertThat(cache.get("a", "1")).contains(TWO);
    }

    @Test
    void refusesATimeThatIsNotAboveZero() {
        for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> cache.put("node", "key", ONE, bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected above 0");
        }
        assertThat(cache.get("node", "key")).isEmpty();
    }
}
