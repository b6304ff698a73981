package dev.heddle.graph.checkpoint;

import dev.heddle.conformance.CheckpointerConformance;

final class InMemoryCheckpointerTest extends CheckpointerConformance {
    private final InMemoryCheckpointer memory = new InMemoryCheckpointer();

    @Override
    protected Checkpointer open() {
        return memory.reopen();
    }

    @Override
    protected int walks() {
        return 100;
    }
}
