package dev.heddle.agent.tool;

import dev.heddle.graph.types.NodeContext;
import dev.heddle.graph.types.Store;
import dev.heddle.llm.types.ToolSpec;
import dev.heddle.tree.Tree;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The tools to start with: calculator, current time, and a memory that outlives the conversation. */
public final class BuiltInTools {
    private static final List<String> MEMORY = List.of("memory");
    private static final int MOST_RECALLED = 20;

    private BuiltInTools() {}

    /** All of them; {@code clock} tells the time. */
    public static List<Tool> all(Clock clock) {
        return List.of(calculator(), currentTime(clock), remember(), recall());
    }

    /** Works out an arithmetic expression exactly. */
    public static Tool calculator() {
        ToolSpec spec = new ToolSpec(
                "calculator",
                "Works out an arithmetic expression with + - * / ^ and parentheses, exactly.",
                Schemas.texts(Map.of("expression", "for example (2 + 3) * 4.5"), List.of("expression")));
        return tool(spec, (arguments, context) -> {
            try {
                return Calculator.evaluate(arguments.text("expression"));
            } catch (ArithmeticException e) {
                throw new ToolException("The expression cannot be worked out: " + e.getMessage());
            }
        });
    }

    /** Tells date and time in a time zone. */
    public static Tool currentTime(Clock clock) {
        ToolSpec spec = new ToolSpec(
                "current_time",
                "Tells the current date and time.",
                Schemas.texts(Map.of("zone", "IANA time zone, for example Europe/Paris; UTC when missing"), List.of()));
        return tool(spec, (arguments, context) -> {
            try {
                ZoneId zone = ZoneId.of(arguments.optionalText("zone").orElse("UTC"));
                return DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(clock.withZone(zone))) + " ("
                        + zone + ")";
            } catch (DateTimeException e) {
                throw new ToolException("Argument 'zone' is no time zone, expected one such as Europe/Paris.");
            }
        });
    }

    /** Keeps a note beyond this conversation. */
    public static Tool remember() {
        ToolSpec spec = new ToolSpec(
                "remember",
                "Keeps a fact for later conversations with this user.",
                Schemas.texts(Map.of("key", "a short name of the fact", "value", "the fact"), List.of("key", "value")));
        return tool(spec, (arguments, context) -> {
            String key = arguments.text("key");
            if (key.isBlank() || key.length() > 100) {
                throw new ToolException("Argument 'key' must have 1 to 100 characters.");
            }
            context.store().put(MEMORY, key, Tree.fields("value", Tree.of(arguments.text("value"))));
            return "Remembered '" + key + "'.";
        });
    }

    /** Finds notes again. */
    public static Tool recall() {
        ToolSpec spec = new ToolSpec(
                "recall",
                "Finds facts that were kept with 'remember'.",
                Schemas.texts(Map.of("key", "the name of the fact; all facts when missing"), List.of()));
        return tool(spec, (arguments, context) -> {
            Store store = context.store();
            String key = arguments.optionalText("key").orElse("");
            List<Store.Item> found = key.isBlank()
                    ? store.search(MEMORY, MOST_RECALLED)
                    : store.get(MEMORY, key).stream().toList();
            return found.isEmpty()
                    ? "Nothing is remembered" + (key.isBlank() ? "." : " under that name.")
                    : found.stream()
                            .map(item -> item.key() + ": "
                                    + (item.value().get("value") instanceof Tree.Text text ? text.value() : ""))
                            .collect(Collectors.joining("\n"));
        });
    }

    private interface Work {
        String call(Arguments arguments, NodeContext context) throws ToolException;
    }

    private static Tool tool(ToolSpec spec, Work work) {
        return new Tool() {
            @Override
            public ToolSpec spec() {
                return spec;
            }

            @Override
            public String call(Arguments arguments, NodeContext context) throws ToolException {
                return work.call(arguments, context);
            }
        };
    }
}
