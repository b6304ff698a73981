package dev.heddle.graph.checkpoint;

import dev.heddle.tree.Tree;

/**
 * What a task wrote in the superstep that follows a checkpoint and that is not yet applied.
 *
 * @param taskId the task
 * @param index its place among the task's writes, from 0; negative ones are special ({@link #ERROR} …): at most one of
 *     each per task
 * @param channel the channel, or a reserved name
 * @param value what was written
 */
public record PendingWrite(String taskId, int index, String channel, Tree value) {
    /** Index of the error that ended a task. */
    public static final int ERROR = -1;
    /** Index of the note that a task was scheduled. */
    public static final int SCHEDULED = -2;
    /** Index of the interrupts that a task raised. */
    public static final int INTERRUPT = -3;
    /** Index of the answers that a task was given. */
    public static final int RESUME = -4;
}
