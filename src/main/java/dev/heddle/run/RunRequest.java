package dev.heddle.run;

import dev.heddle.graph.types.StreamMode;
import dev.heddle.llm.types.Principal;
import dev.heddle.tree.Tree;
import java.time.Instant;
import java.util.Set;

/**
 * What shall be run.
 *
 * @param principal who asks; owns the thread
 * @param threadId the conversation, {@code [A-Za-z0-9._-]{1,128}}
 * @param graph name of the graph
 * @param input key -> value in the form of the wire, for example {@code
 *     {"messages":[{"type":"human","content":"hello"}]}}
 * @param modes which events the caller will read; empty for the result alone
 * @param deadline when the process that runs it will be stopped
 */
public record RunRequest(
        Principal principal,
        String threadId,
        String graph,
        Tree.Fields input,
        Set<StreamMode> modes,
        Instant deadline) {
    public RunRequest {
        modes = Set.copyOf(modes);
    }
}
