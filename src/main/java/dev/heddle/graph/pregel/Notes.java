package dev.heddle.graph.pregel;

import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.types.Interrupt;
import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What storage knows of the executions of one task at a checkpoint.
 *
 * @param writes its ordinary writes; empty when it has not finished
 * @param error what went wrong; null when nothing did
 * @param interrupts the questions with which it stopped
 * @param answers the answers that it was given, in the order of its questions
 * @param token the command whose answer it took last; empty for none
 */
record Notes(
        List<PendingWrite> writes,
        @Nullable String error,
        List<Interrupt> interrupts,
        List<Tree> answers,
        String token) {
    static final Notes NONE = new Notes(List.of(), null, List.of(), List.of(), "");

    /** The notes of all tasks, by task. What commands have written is no task's. */
    static Map<String, Notes> of(List<PendingWrite> stored) {
        if (stored.isEmpty()) {
            return Map.of();
        }
        Map<String, List<PendingWrite>> byTask = new HashMap<>();
        stored.stream()
                .filter(write -> !write.taskId().startsWith(Reserved.NULL_TASK))
                .forEach(write -> byTask.computeIfAbsent(write.taskId(), task -> new ArrayList<>())
                        .add(write));
        Map<String, Notes> notes = new HashMap<>();
        byTask.forEach((task, writes) -> notes.put(task, ofTask(writes)));
        return notes;
    }

    private static Notes ofTask(List<PendingWrite> stored) {
        List<PendingWrite> writes = new ArrayList<>();
        String error = null;
        List<Interrupt> interrupts = List.of();
        List<Tree> answers = List.of();
        String token = "";
        for (PendingWrite write : stored) {
            switch (write.index()) {
                case PendingWrite.ERROR -> error = Codecs.text(write.value(), "Stored error");
                case PendingWrite.INTERRUPT -> interrupts = interrupts(write.value());
                case PendingWrite.RESUME -> {
                    Tree.Fields resume = Codecs.fields(write.value(), "Stored answers");
                    answers = Codecs.items(resume.get("answers"), "Stored answers");
                    token = Codecs.text(resume.get("token"), "Stored answers");
                }
                default -> {
                    if (write.index() >= 0) {
                        writes.add(write);
                    }
                }
            }
        }
        return new Notes(List.copyOf(writes), error, interrupts, answers, token);
    }

    private static List<Interrupt> interrupts(Tree tree) {
        return Codecs.items(tree, "Stored interrupts").stream()
                .map(item -> Codecs.fields(item, "Stored interrupt"))
                .map(item -> new Interrupt(Codecs.text(item.get("id"), "Stored interrupt"), item.get("value")))
                .toList();
    }

    static PendingWrite error(String task, String text) {
        return new PendingWrite(task, PendingWrite.ERROR, Reserved.ERROR, Tree.of(text));
    }

    static PendingWrite interrupts(String task, List<Interrupt> interrupts) {
        return new PendingWrite(
                task,
                PendingWrite.INTERRUPT,
                Reserved.INTERRUPT,
                Tree.of(interrupts.stream()
                        .map(interrupt -> Tree.fields("id", Tree.of(interrupt.id()), "value", interrupt.value()))
                        .toList()));
    }

    static PendingWrite answers(String task, List<Tree> answers, String token) {
        return new PendingWrite(
                task,
                PendingWrite.RESUME,
                Reserved.RESUME,
                Tree.fields("answers", Tree.of(answers), "token", Tree.of(token)));
    }
}
