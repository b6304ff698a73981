package dev.heddle.graph.pregel;

import dev.heddle.graph.checkpoint.PendingWrite;
import dev.heddle.graph.types.Interrupt;
import dev.heddle.tree.Tree;
import java.util.ArrayList;
import java.util.List;

/**
 * The questions of one task and the answers to them, over all its attempts. An answer is stored before the task goes on
 * with it, so that no crash makes a person answer twice.
 */
final class Asking {
    private final Answers answers;
    private final Lineage lineage;
    private final String name;
    private final String taskId;
    private final List<Tree> given;
    private String token;
    private int next;

    Asking(Answers answers, Lineage lineage, String name, String taskId, Notes notes) {
        this.answers = answers;
        this.lineage = lineage;
        this.name = name;
        this.taskId = taskId;
        this.given = new ArrayList<>(notes.answers());
        this.token = notes.token();
    }

    /** The task begins again: its first question is its first one. */
    synchronized void beginAgain() {
        next = 0;
    }

    /**
     * The answer to the next question.
     *
     * @throws Signal.Interrupted if there is none yet
     */
    synchronized Tree ask(Tree question) {
        int index = next++;
        if (index < given.size()) {
            return given.get(index);
        }
        String id = TaskIds.interrupt(lineage.namespaceOf(name, taskId));
        Tree answer = answers.take(id, token);
        if (answer == null) {
            throw new Signal.Interrupted(List.of(new Interrupt(id, question)));
        }
        given.add(answer);
        token = answers.token();
        PendingWrite stored = Notes.answers(taskId, given, token);
        lineage.keep(taskId, List.of(stored));
        if (!lineage.namespace().isEmpty()) {
            answers.takenInside();
        }
        return answer;
    }
}
