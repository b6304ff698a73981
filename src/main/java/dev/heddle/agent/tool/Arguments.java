package dev.heddle.agent.tool;

import dev.heddle.tree.Tree;
import java.util.Optional;

/** The arguments of one call, read by name and type. */
public record Arguments(Tree.Fields fields) {

    /** A text that must be there. */
    public String text(String name) throws ToolException {
        return optionalText(name)
                .orElseThrow(() -> new ToolException("Argument '" + name + "' is missing, expected a text."));
    }

    /** A text that may be missing or null. */
    public Optional<String> optionalText(String name) throws ToolException {
        return switch (fields.get(name)) {
            case Tree.Null none -> Optional.empty();
            case Tree.Text text -> Optional.of(text.value());
            case Tree other ->
                throw new ToolException("Argument '" + name + "' is a " + Tree.kind(other) + ", expected a text.");
        };
    }
}
