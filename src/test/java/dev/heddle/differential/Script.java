package dev.heddle.differential;

import static dev.heddle.differential.Json.fields;
import static dev.heddle.differential.Json.items;
import static dev.heddle.differential.Json.number;
import static dev.heddle.differential.Json.text;

import dev.heddle.tree.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Evaluates the expressions of scripted nodes; the twin of {@code script.py}. A replacing value is the map
 * {@code {"__overwrite__": value}}, which the engine understands.
 */
final class Script {
    private Script() {}

    /** What an expression can see: the node's input, its name, which execution this is, answers of its interrupts. */
    record Scope(Tree state, String name, int execution, List<Tree> answers) {
        static final Scope NOTHING = new Scope(Tree.NULL, "", 0, List.of());

        Tree get(String key) {
            return state instanceof Tree.Fields fields ? fields.get(key) : Tree.NULL;
        }
    }

    /** One number for any value: an int itself, the length of a text, list or map, 0 for the rest. */
    static long measure(Tree value) {
        return switch (value) {
            case Tree.Bool(boolean flag) -> flag ? 1 : 0;
            case Tree.Int(long number) -> number;
            case Tree.Text(String text) -> text.codePointCount(0, text.length());
            case Tree.Items(List<Tree> elements) -> elements.size();
            case Tree.Fields(Map<String, Tree> entries) -> entries.size();
            case Tree.Null n -> 0;
            case Tree.Dec d -> 0;
            case Tree.Bytes b -> 0;
        };
    }

    static Tree evaluate(Tree expression, Scope scope) {
        return switch (expression) {
            case Tree.Items(List<Tree> elements) ->
                Tree.of(elements.stream()
                        .map(element -> evaluate(element, scope))
                        .toList());
            case Tree.Fields operation -> apply(operation, scope);
            default -> expression;
        };
    }

    /** Each expression under its name. */
    static Tree.Fields evaluateAll(Tree.Fields expressions, Scope scope) {
        Map<String, Tree> values = new LinkedHashMap<>();
        expressions.fields().forEach((name, expression) -> values.put(name, evaluate(expression, scope)));
        return new Tree.Fields(values);
    }

    private static Tree apply(Tree.Fields operation, Scope scope) {
        String operator = operation.fields().keySet().stream()
                .filter(name -> !name.equals("plus"))
                .findFirst()
                .orElseThrow();
        Tree operand = operation.get(operator);
        return switch (operator) {
            case "const" -> operand;
            case "execution" -> Tree.of(scope.execution());
            case "name" -> Tree.of(scope.name());
            case "get" -> scope.get(text(operand));
            case "measure" -> Tree.of(measure(scope.get(text(operand))) + measure(operation.get("plus")));
            case "keys" ->
                Tree.of(
                        scope.state() instanceof Tree.Fields state
                                ? state.fields().keySet().stream()
                                        .sorted()
                                        .map(Tree::of)
                                        .toList()
                                : List.<Tree>of());
            case "input" -> scope.state();
            case "answer" ->
                number(operand) < scope.answers().size() ? scope.answers().get(number(operand)) : Tree.NULL;
            case "map" -> evaluateAll(fields(operand), scope);
            case "replace" -> Tree.fields("__overwrite__", evaluate(operand, scope));
            default -> throw new IllegalArgumentException("Expression: unknown operator, got " + operator);
        };
    }

    /** Whether a condition {@code {"measure": key, "below": n}} holds; null always does. */
    static boolean holds(Tree condition, Scope scope) {
        return !(condition instanceof Tree.Fields fields)
                || measure(scope.get(text(fields.get("measure")))) < number(fields.get("below"));
    }

    /** Whether a list of numbers holds this one. */
    static boolean contains(Tree numbers, int number) {
        return items(numbers).contains(Tree.of(number));
    }
}
