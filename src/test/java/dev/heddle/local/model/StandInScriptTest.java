package dev.heddle.local.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heddle.local.model.Answer.Ending;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandInScriptTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode body = JSON.createObjectNode().put("model", "stand-in");
    private final ArrayNode messages = body.putArray("messages");

    @Nested
    class Routing {
        @ParameterizedTest
        @CsvSource({
            "Hello there!,                   SIMPLE",
            "hi. How are you?,               SIMPLE",
            "What is 6 times 7?,             MODERATE",
            "Explain the planet Mars,        MODERATE",
            "Compare tea and coffee,         COMPLEX",
            "hello - please plan my year,    COMPLEX"
        })
        void answersOneWord(String question, String word) {
            system("Say SIMPLE, MODERATE or COMPLEX.").user(question);
            assertThat(text()).isEqualTo(word);
        }

        @Test
        void answersNoneOfThemWhenAskedForNonsense() {
            system("Say SIMPLE, MODERATE or COMPLEX.").user("route nonsense");
            assertThat(text())
                    .doesNotContain("SIMPLE")
                    .doesNotContain("MODERATE")
                    .doesNotContain("COMPLEX");
        }

        @Test
        void isNotDisturbedByFailuresMeantForTheAnswer() {
            system("Say SIMPLE, MODERATE or COMPLEX.").user("fail 500, hold on-to-it");
            assertThat(answer()).isEqualTo(Answer.text("MODERATE"));
        }
    }

    @Nested
    class Tools {
        @ParameterizedTest
        @CsvSource({
            "What is 6 times 7?,          6*7",
            "6*7,                         6*7",
            "12 plus 30,                  12+30",
            "what is (1 + 2) * 3?,        (1+2)*3",
            "10 divided by 4 minus 0.5,   10/4-0.5"
        })
        void calculates(String question, String expression) {
            tools("calculator").user(question);
            assertThat(calls()).containsExactly("calculator{\"expression\":\"" + expression + "\"}");
        }

        @Test
        void findsNoCalculationInALoneNumber() {
            assertThat(StandInScript.sum("i have 3 cats and 4 dogs")).isEmpty();
        }

        @Test
        void makesATextOfTheResults() {
            tools("calculator", "current_time").user("6 times 7 and the time");
            assertThat(calls()).containsExactly("calculator{\"expression\":\"6*7\"}", "current_time{}");
            called("calculator", "{\"expression\":\"6*7\"}")
                    .called("current_time", "{}")
                    .tool("42")
                    .tool("noon");
            assertThat(text()).isEqualTo(StandInScript.INTRODUCTION + "6*7 is 42. current_time says: noon.");
        }

        @Test
        void startsAnewWithTheNextQuestion() {
            tools("calculator")
                    .user("6 times 7")
                    .called("calculator", "{\"expression\":\"6*7\"}")
                    .tool("42");
            assistant("6*7 is 42.").user("12 plus 30");
            assertThat(calls()).containsExactly("calculator{\"expression\":\"12+30\"}");
        }

        @Test
        void neverCallsWhatIsNotOffered() {
            user("6 times 7");
            assertThat(calls()).isEmpty();
            assertThat(text()).contains("not offered");
        }

        @Test
        void loopsForeverWhateverComesBackButOnlyWhileItHasTools() {
            user("loop forever")
                    .called("calculator", "{\"expression\":\"1+1\"}")
                    .tool("2");
            assertThat(calls()).isEmpty();
            tools("calculator");
            assertThat(calls()).containsExactly("calculator{\"expression\":\"1+1\"}");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                Please remember that my cat is Tom.        | remember{"key":"cat","value":"Tom"}
                remember that it rains                     | remember{"key":"note","value":"it rains"}
                What do you remember?                      | recall{}
                What do you remember about my cat?         | recall{"key":"cat"}
                call nothing known                         | launch_rocket{"when":"now"}
                calculator with bad arguments, 1+1         | calculator{"formula":["6",7]}
                What time is it?                           | current_time{}
                """)
        void callsTheToolThatIsMeant(String question, String call) {
            tools("calculator", "current_time", "remember", "recall").user(question);
            assertThat(calls()).containsExactly(call);
        }

        @Test
        void fillsInWhatASchemaRequires() {
            tools("recall");
            ((ObjectNode) body.at("/tools/0/function/parameters"))
                    .putArray("required")
                    .add("query");
            user("What do you remember about my cat?");
            assertThat(calls()).containsExactly("recall{\"query\":\"cat\"}");
        }
    }

    @Nested
    class Text {
        @Test
        void saysWhatItIsInTheFirstAnswerOnly() {
            user("hello");
            assertThat(text()).startsWith("I am the stand-in, a canned model: ");
            assistant("I am the stand-in.").user("tell me more");
            assertThat(text()).doesNotContain("stand-in");
        }

        @Test
        void knowsANameOnlyFromTheHistoryItWasSent() {
            user("What is my name?");
            assertThat(text()).contains("You have not told me your name.");
            messages.removeAll();
            user("My name is Ada").assistant("Hello").user("What is my name?");
            assertThat(text()).isEqualTo("Your name is Ada.");
        }

        @Test
        void repeatsWhatTheUserSaid() {
            user("one").assistant("yes").user("two").assistant("yes").user("What did I say?");
            assertThat(text()).isEqualTo("You said: one | two");
        }

        @Test
        void aLongAnswerHasTwoHundredChunks() {
            user("one").assistant("yes").user("a long answer, please");
            assertThat(answer().chunks()).hasSize(200);
        }

        @Test
        void stopsAtTheTokenLimit() {
            body.putObject("options").put("num_predict", 7);
            user("a long answer, please");
            assertThat(answer().chunks()).hasSize(7);
            assertThat(answer().ending()).isEqualTo(Ending.LENGTH);
        }

        @Test
        void holdsOnlyWhereItHasText() {
            tools("calculator").user("6 times 7, hold it");
            assertThat(answer().hold()).isEmpty();
            called("calculator", "{\"expression\":\"6*7\"}").tool("42");
            assertThat(answer().hold()).isEqualTo("it");
        }
    }

    private Answer answer() {
        try {
            return StandInScript.answer(ChatCall.of(body));
        } catch (ChatCall.Refused e) {
            throw new AssertionError(e);
        }
    }

    private String text() {
        return String.join("", answer().chunks());
    }

    private List<String> calls() {
        return answer().calls().stream()
                .map(call -> call.name() + call.arguments())
                .toList();
    }

    private StandInScriptTest system(String text) {
        return message("system", text);
    }

    private StandInScriptTest user(String text) {
        return message("user", text);
    }

    private StandInScriptTest assistant(String text) {
        return message("assistant", text);
    }

    private StandInScriptTest tool(String text) {
        return message("tool", text);
    }

    private StandInScriptTest called(String name, String arguments) {
        var call = messages.addObject().put("role", "assistant").put("content", "");
        try {
            call.putArray("tool_calls")
                    .addObject()
                    .putObject("function")
                    .put("name", name)
                    .set("arguments", JSON.readTree(arguments));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    private StandInScriptTest tools(String... names) {
        ArrayNode tools = body.putArray("tools");
        for (String name : names) {
            ObjectNode function = tools.addObject().put("type", "function").putObject("function");
            function.put("name", name).putObject("parameters").put("type", "object");
        }
        return this;
    }

    private StandInScriptTest message(String role, String text) {
        messages.addObject().put("role", role).put("content", text);
        return this;
    }
}
