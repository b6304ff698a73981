package dev.heddle.graph.pregel;

import java.util.HexFormat;
import java.util.UUID;

/**
 * Names tasks: a 128-bit hash of where the task stands, in the form of a UUID. The same place gives the same name after a
 * crash; another checkpoint gives others. Not a secret, and nobody gains by a collision: a fast mixing function will do.
 */
final class TaskIds {
    private TaskIds() {}

    /**
     * The name of a task.
     *
     * @param checkpointId the checkpoint on which it runs
     * @param namespace the graph in the thread
     * @param index the place among the sends or calls; -1 for a triggered task
     */
    static String of(String checkpointId, String namespace, String node, int index) {
        long high = mix(mix(mix(0x9E3779B97F4A7C15L, checkpointId), namespace), node) + index;
        long low = mix(mix(mix(0xC2B2AE3D27D4EB4FL, node), checkpointId), namespace) ^ scramble(index);
        return new UUID(scramble(high), scramble(low)).toString();
    }

    /** The id of the interrupts of a task: 32 hexadecimal digits. */
    static String interrupt(String taskNamespace) {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(scramble(mix(0x9E3779B97F4A7C15L, taskNamespace)))
                + hex.toHexDigits(scramble(mix(0xC2B2AE3D27D4EB4FL, taskNamespace)));
    }

    private static long mix(long hash, String text) {
        long h = hash;
        for (int i = 0; i < text.length(); i++) {
            h = (h ^ text.charAt(i)) * 0x100000001B3L;
            h ^= h >>> 29;
        }
        return scramble(h + text.length());
    }

    /** The finaliser of SplitMix64. */
    private static long scramble(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
