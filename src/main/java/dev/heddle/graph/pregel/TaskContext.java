package dev.heddle.graph.pregel;

import dev.heddle.graph.types.MessageView;
import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.Store;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.tree.Tree;
import java.time.Duration;
import java.util.Optional;

/** What one task is told of its surroundings. */
record TaskContext(
        RunConfig config, Task task, long step, long remainingSteps, PregelLoop.Services services, Events events)
        implements NodeContext {

    @Override
    public String node() {
        return task.node.name();
    }

    @Override
    public Store store() {
        return services.store();
    }

    @Override
    public Optional<Duration> timeLeft() {
        return Optional.ofNullable(config.deadline())
                .map(deadline -> Duration.between(services.clock().instant(), deadline));
    }

    @Override
    public String taskId() {
        return task.id();
    }

    @Override
    public void emit(Tree data) {
        if (events.wants(StreamMode.CUSTOM)) {
            events.send(new StreamEvent.Custom(Events.ROOT, node(), data));
        }
    }

    @Override
    public void emit(MessageView message) {
        events.message(node(), step, message);
    }
}
