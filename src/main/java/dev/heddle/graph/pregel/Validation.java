package dev.heddle.graph.pregel;

import dev.heddle.graph.types.CheckpointMetadata;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Interrupt;
import dev.heddle.graph.types.ResumeValidator;
import dev.heddle.graph.types.ResumeValidator.Verdict;
import dev.heddle.graph.types.ResumeValidator.Wait;
import dev.heddle.graph.types.State;
import dev.heddle.tree.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the validators of a graph whether a thread may go on. Their questions are no task's: nothing is stored of them, and
 * an answer to one reaches no node.
 */
final class Validation {
    private final PregelGraph graph;
    private final Lineage lineage;
    private final State state;
    private final String threadId;
    private final Instant now;

    /** What they say. */
    sealed interface Result {
        /** Go on, with what is left of the answer for the tasks; null for nothing. */
        record Passed(@Nullable Tree answer) implements Result {}

        /** A person must be asked first. */
        record Asks(List<Interrupt> questions) implements Result {}
    }

    Validation(PregelGraph graph, Lineage lineage, State state, String threadId, Instant now) {
        this.graph = graph;
        this.lineage = lineage;
        this.state = state;
        this.threadId = threadId;
        this.now = now;
    }

    /**
     * Asks all, in the order of their declaration.
     *
     * @param answer what the run was given as an answer, to whomever; null for nothing. One without an id is for the
     *     validator that asks when that is the only open question: no other validator asks, and no task waits
     * @throws GraphException.ResumeRefused if one refuses
     */
    Result run(@Nullable Tree answer) {
        Map<String, ResumeValidator> validators = graph.settings().validators();
        Map<String, Tree> named = new LinkedHashMap<>();
        if (answer != null && Answers.named(answer) && answer instanceof Tree.Fields(Map<String, Tree> fields)) {
            named.putAll(fields);
        }
        List<String> asking = new ArrayList<>();
        List<Interrupt> questions = new ArrayList<>();
        validators.forEach((name, validator) -> {
            Tree question = question(name, validator, named.remove(id(name)));
            if (question != null) {
                asking.add(name);
                questions.add(new Interrupt(id(name), question));
            }
        });
        boolean anonymous = answer != null && !Answers.named(answer);
        if (anonymous && asking.size() == 1 && lineage.waiting() == 0) {
            String name = asking.getFirst();
            ResumeValidator validator = validators.get(name);
            Tree again = validator == null ? null : question(name, validator, answer);
            return again == null ? new Result.Passed(null) : new Result.Asks(List.of(new Interrupt(id(name), again)));
        }
        if (!questions.isEmpty()) {
            return new Result.Asks(List.copyOf(questions));
        }
        return new Result.Passed(anonymous ? answer : named.isEmpty() ? null : new Tree.Fields(named));
    }

    /** What a validator wants to know before the thread goes on; null when it agrees. */
    private @Nullable Tree question(String name, ResumeValidator validator, @Nullable Tree answer) {
        CheckpointMetadata metadata = lineage.metadata();
        Wait wait = new Wait(
                lineage.createdAt(),
                now,
                metadata == null ? "" : metadata.graphVersion(),
                graph.version(),
                Optional.ofNullable(answer));
        return switch (validator.check(state, wait)) {
            case Verdict.GoOn _ -> null;
            case Verdict.Ask(Tree question) -> question;
            case Verdict.Refuse(String reason) -> throw new GraphException.ResumeRefused(name, reason);
        };
    }

    private String id(String validator) {
        return TaskIds.interrupt("validator:" + threadId + Reserved.NAMESPACE_SEPARATOR + validator);
    }
}
