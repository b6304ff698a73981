package dev.heddle.run;

import dev.heddle.graph.checkpoint.Checkpointer;
import dev.heddle.graph.checkpoint.InMemoryCheckpointer;
import dev.heddle.graph.store.InMemoryStore;
import dev.heddle.graph.types.Store;
import dev.heddle.llm.types.Principal;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps everything in this process, for trying things out: gone when it ends. Safe for concurrent use. */
public final class InMemoryRunRepository implements RunRepository {
    private final Clock clock;
    private final Map<String, InMemoryCheckpointer> checkpointers = new ConcurrentHashMap<>();
    private final Map<String, Store> stores = new ConcurrentHashMap<>();

    /** An empty one; {@code clock} stamps memories. */
    public InMemoryRunRepository(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Checkpointer checkpointer(Principal owner) {
        return checkpointers
                .computeIfAbsent(owner.id(), id -> new InMemoryCheckpointer())
                .reopen();
    }

    @Override
    public Store store(Principal owner) {
        return stores.computeIfAbsent(owner.id(), id -> new InMemoryStore(clock));
    }
}
