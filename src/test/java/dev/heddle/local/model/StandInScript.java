package dev.heddle.local.model;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heddle.local.model.Answer.Call;
import dev.heddle.local.model.Answer.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the stand-in says: a pure function of the request. The words of the last user message decide; the history it was
 * sent is used where a question asks for it, so that memory can be proved.
 *
 * <pre>
 * system prompt with SIMPLE, MODERATE and COMPLEX -> one of them ("route nonsense": none; "fail routing": 500)
 * fail 500 | fail busy | fail midstream | fail cut | fail slow | stutter -> see {@link Ending}
 * loop forever                     -> a calculator call, whatever came back
 * (tool results since the question)-> a text made of them
 * 6 times 7, 6*7, 12 plus 30 - 2   -> calculator {"expression"}      and the time, both -> two calls
 * what time, the time              -> current_time {}                aloud              -> text before the call
 * remember that my cat is Tom      -> remember {"key":"cat","value":"Tom"}
 * what do you remember [about x]   -> recall {} or {"key":"x"}
 * call nothing known               -> launch_rocket (the real one swallows unknown names)
 * bad arguments                    -> calculator {"formula":["6",7]}
 * what is my name, what did I say  -> from the history
 * long answer, unicode             -> 200 chunks, several scripts
 * hold LABEL                       -> any text, but after two chunks it waits for the label's release
 * </pre>
 */
final class StandInScript {
    static final String INTRODUCTION = "I am the stand-in, a canned model: ";

    private static final Pattern GREETING =
            Pattern.compile("\\b(hi|hello|hey|good (morning|day|evening)|thanks|thank you|how are you|bye)\\b");
    private static final Pattern DEMANDING = Pattern.compile("\\b(analy[sz]e|compare|plan|design|prove)\\b");
    private static final Pattern SUM =
            Pattern.compile("\\(*-?\\d+(?:\\.\\d+)?\\)*(?:\\s*[-+*/]\\s*\\(*-?\\d+(?:\\.\\d+)?\\)*)+");
    private static final Pattern TIME = Pattern.compile("\\b(what|the) time\\b");
    private static final Pattern REMEMBER = Pattern.compile("remember that (?:my )?(.+?)(?: (?:is|are) (.+?))?[.!]*$");
    private static final Pattern RECALL = Pattern.compile("do you remember(?: about (?:my )?([^?.!]+))?");
    private static final Pattern NAME = Pattern.compile("(?i)\\bmy name is (\\p{L}+)");
    private static final Pattern HOLD = Pattern.compile("\\bhold ([A-Za-z0-9_-]+)");

    private StandInScript() {}

    static Answer answer(ChatCall call) {
        String asked = call.question().toLowerCase(Locale.ROOT);
        if (Stream.of("SIMPLE", "MODERATE", "COMPLEX").allMatch(call.system()::contains)) {
            return route(asked).atMost(call.maxTokens());
        }
        return failure(asked, call)
                .orElseGet(() -> asked.contains("loop forever") && offered(call, "calculator")
                        ? calls(asked, List.of(new Call("calculator", fields().put("expression", "1+1"))))
                        : reply(asked, call))
                .atMost(call.maxTokens());
    }

    private static Answer route(String asked) {
        if (asked.contains("fail routing")) {
            return Answer.text("").ending(Ending.SERVER_ERROR);
        }
        return Answer.text(
                asked.contains("route nonsense")
                        ? "Perhaps a little of everything."
                        : DEMANDING.matcher(asked).find()
                                ? "COMPLEX"
                                : asked.length() < 60 && GREETING.matcher(asked).find() ? "SIMPLE" : "MODERATE");
    }

    private static Optional<Answer> failure(String asked, ChatCall call) {
        return Stream.of(
                        Map.entry("fail 500", Ending.SERVER_ERROR),
                        Map.entry("fail busy", Ending.BUSY),
                        Map.entry("fail midstream", Ending.RUNNER_DIED),
                        Map.entry("fail cut", Ending.CUT),
                        Map.entry("fail slow", Ending.SILENT),
                        Map.entry("stutter", Ending.STUTTER))
                .filter(mode -> asked.contains(mode.getKey()))
                .findFirst()
                .map(mode -> say(call, "this answer will not come to its end.").ending(mode.getValue()));
    }

    private static Answer reply(String asked, ChatCall call) {
        if (!call.results().isEmpty()) {
            return held(call, say(call, ofResults(call)));
        }
        List<Call> wanted = wanted(asked, call);
        if (wanted.isEmpty()) {
            return held(call, asked.contains("long answer") ? longAnswer(call) : say(call, text(asked, call)));
        }
        return wanted.stream().allMatch(c -> c.name().equals("launch_rocket") || offered(call, c.name()))
                ? calls(asked, wanted)
                : held(call, say(call, "I would call a tool, but was not offered it."));
    }

    private static List<Call> wanted(String asked, ChatCall call) {
        if (asked.contains("call nothing known")) {
            return List.of(new Call("launch_rocket", fields().put("when", "now")));
        }
        if (asked.contains("bad arguments")) {
            ObjectNode wrong = fields();
            wrong.putArray("formula").add("6").add(7);
            return List.of(new Call("calculator", wrong));
        }
        Matcher recall = RECALL.matcher(asked);
        if (recall.find()) {
            return List.of(new Call("recall", filled(call, "recall", recall.group(1))));
        }
        Matcher remember = REMEMBER.matcher(call.question());
        if (remember.find()) {
            String value = remember.group(2);
            ObjectNode arguments = fields();
            arguments.put("key", value == null ? "note" : remember.group(1));
            arguments.put("value", value == null ? remember.group(1) : value);
            return List.of(new Call("remember", arguments));
        }
        var wanted = new ArrayList<Call>();
        boolean both = asked.contains("both");
        String sum = sum(asked);
        if (both || !sum.isEmpty()) {
            wanted.add(new Call("calculator", fields().put("expression", sum.isEmpty() ? "6*7" : sum)));
        }
        if (both || TIME.matcher(asked).find()) {
            wanted.add(new Call("current_time", filled(call, "current_time", "UTC")));
        }
        return wanted;
    }

    /** The calculation in a question, as an expression; empty for none. */
    static String sum(String asked) {
        String symbols = asked.replaceAll("(?<=\\d)\\s*(times|multiplied by|x|×)\\s*(?=[-(\\d])", "*")
                .replaceAll("(?<=\\d)\\s*(divided by|over|÷)\\s*(?=[-(\\d])", "/")
                .replaceAll("(?<=\\d)\\s*plus\\s*(?=[-(\\d])", "+")
                .replaceAll("(?<=\\d)\\s*minus\\s*(?=[-(\\d])", "-");
        Matcher found = SUM.matcher(symbols);
        return found.find() ? found.group().replaceAll("\\s", "") : "";
    }

    /** What a tool's schema requires, each with this word: the stand-in need not know every tool. */
    private static ObjectNode filled(ChatCall call, String tool, @Nullable String word) {
        ObjectNode arguments = fields();
        JsonNode schema = call.tools().getOrDefault(tool, fields());
        schema.path("required").forEach(name -> arguments.put(name.asText(), word == null ? "" : word.strip()));
        if (word != null && tool.equals("recall") && arguments.isEmpty()) {
            arguments.put("key", word.strip());
        }
        return arguments;
    }

    private static String ofResults(ChatCall call) {
        return IntStream.range(0, call.results().size())
                .mapToObj(i -> {
                    JsonNode made = i < call.made().size() ? call.made().get(i) : fields();
                    JsonNode expression = made.path("arguments").path("expression");
                    String subject = expression.isTextual()
                            ? expression.asText()
                            : made.path("name").asText("the tool");
                    return subject + (expression.isTextual() ? " is " : " says: ")
                            + call.results().get(i) + ".";
                })
                .collect(joining(" "));
    }

    private static String text(String asked, ChatCall call) {
        if (asked.contains("what is my name")) {
            return call.earlier().reversed().stream()
                    .map(NAME::matcher)
                    .filter(Matcher::find)
                    .findFirst()
                    .map(name -> "Your name is " + name.group(1) + ".")
                    .orElse("You have not told me your name.");
        }
        if (asked.contains("what did i say")) {
            return call.earlier().isEmpty()
                    ? "You have said nothing before."
                    : "You said: " + String.join(" | ", call.earlier());
        }
        Matcher name = NAME.matcher(call.question());
        return name.find()
                ? "Nice to meet you, " + name.group(1) + "."
                : asked.contains("unicode")
                        ? "Grüße, 世界 🌍 und 👩‍👩‍👧!"
                        : GREETING.matcher(asked).find()
                                ? "Hello! How can I help you?"
                                : "I have no script for that. This is question "
                                        + (call.earlier().size() + 1) + " of our conversation.";
    }

    private static Answer longAnswer(ChatCall call) {
        var chunks = new ArrayList<>(call.answered() ? List.<String>of() : Answer.words(INTRODUCTION));
        IntStream.rangeClosed(1, 200).forEach(i -> chunks.add("word" + i + " "));
        return new Answer(chunks, List.of(), Ending.STOP, "");
    }

    private static Answer say(ChatCall call, String text) {
        return Answer.text((call.answered() ? "" : INTRODUCTION) + text);
    }

    private static Answer held(ChatCall call, Answer answer) {
        Matcher hold = HOLD.matcher(call.question());
        return hold.find() ? answer.holding(hold.group(1)) : answer;
    }

    private static Answer calls(String asked, List<Call> calls) {
        List<String> first = asked.contains("aloud") ? Answer.words("Let me look. ") : List.of();
        return new Answer(first, calls, Ending.STOP, "");
    }

    private static boolean offered(ChatCall call, String tool) {
        return call.tools().containsKey(tool);
    }

    private static ObjectNode fields() {
        return JsonNodeFactory.instance.objectNode();
    }
}
