package dev.heddle.graph.pregel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class CheckpointIdsTest {

    @Test
    void idsIncreaseAsTextThoughTheClockStandsStill() {
        CheckpointIds ids = new CheckpointIds(at("2026-11-21T10:00:00Z"), new Random(1));
        String last = ids.next("");
        for (int i = 0; i < 10_000; i++) {
            String next = ids.next(last);
            assertThat(next).isGreaterThan(last);
            last = next;
        }
    }

    @Test
    void idsIncreaseThoughTheClockGoesBack() {
        String today = new CheckpointIds(at("2026-11-21T10:00:00Z"), new Random(1)).next("");
        String yesterday = new CheckpointIds(at("2026-11-20T10:00:00Z"), new Random(2)).next(today);

        assertThat(yesterday).isGreaterThan(today);
    }

    @Test
    void idsAreUuidsOfVersion7AndVariant2() {
        UUID id = UUID.fromString(new CheckpointIds(Clock.systemUTC(), new Random(3)).next(""));

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
    }

    @Test
    void taskIdsDifferByCheckpointNamespaceNodeAndPlaceAndRepeatOtherwise() {
        Set<String> ids = new HashSet<>();
        for (String checkpoint : new String[] {"a", "b"}) {
            for (String namespace : new String[] {"", "sub:1"}) {
                for (String node : new String[] {"n", "n1", "n10"}) {
                    for (int index = -1; index < 100; index++) {
                        ids.add(TaskIds.of(checkpoint, namespace, node, index));
                    }
                }
            }
        }

        assertThat(ids).hasSize(2 * 2 * 3 * 101);
        assertThat(TaskIds.of("a", "", "n", 1)).isEqualTo(TaskIds.of("a", "", "n", 1));
    }

    private static Clock at(String instant) {
        return Clock.fixed(Instant.parse(instant), ZoneOffset.UTC);
    }
}
