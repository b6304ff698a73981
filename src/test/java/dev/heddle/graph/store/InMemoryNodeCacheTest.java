package dev.heddle.graph.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.conformance.NodeCacheConformance;
import dev.heddle.graph.types.NodeCache;
import dev.heddle.tree.Tree;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class InMemoryNodeCacheTest extends NodeCacheConformance {
    @Override
    protected NodeCache open(InstantSource clock) {
        return new InMemoryNodeCache(clock, 100);
    }

    @Nested
    class WithoutRoom {
        private final NodeCache cache = new InMemoryNodeCache(() -> Instant.EPOCH, 2);

        @Test
        void forgetsWhatWasLongestNotAskedFor() {
            cache.put("a", "old", Tree.of(1), null);
            cache.put("b", "unread", Tree.of(2), null);
            assertThat(cache.get("a", "old")).isPresent();

            cache.put("c", "new", Tree.of(3), null);

            assertThat(cache.get("a", "old")).isPresent();
            assertThat(cache.get("b", "unread")).isEmpty();
            assertThat(cache.get("c", "new")).isPresent();
        }

        @Test
        void forgetsNothingForAnEntryThatIsPutAgain() {
            cache.put("a", "1", Tree.of(1), null);
            cache.put("a", "2", Tree.of(2), null);
            cache.put("a", "2", Tree.of(3), null);

            assertThat(cache.get("a", "1")).contains(Tree.of(1));
            assertThat(cache.get("a", "2")).contains(Tree.of(3));
        }

        @Test
        void hasRoomForOneAtLeast() {
            assertThatThrownBy(() -> new InMemoryNodeCache(() -> Instant.EPOCH, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least 1 entry");
        }
    }
}
