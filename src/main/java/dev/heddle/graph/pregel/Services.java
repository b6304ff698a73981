package dev.heddle.graph.pregel;

import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.types.NodeCache;
import dev.heddle.graph.types.Pause;
import dev.heddle.graph.types.Store;
import java.time.Clock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a run needs from outside.
 *
 * @param checkpointer keeps the thread; null for a run that leaves nothing behind
 * @param store long-term memory
 * @param cache keeps what nodes wrote; null for no cache
 * @param ids makes checkpoint ids
 * @param clock stamps checkpoints
 * @param random spreads retries
 * @param pause waits between retries
 */
public record Services(
        @Nullable Checkpointer checkpointer,
        Store store,
        @Nullable NodeCache cache,
        CheckpointIds ids,
        Clock clock,
        RandomGenerator random,
        Pause pause) {}
