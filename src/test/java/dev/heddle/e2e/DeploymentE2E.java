package dev.heddle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.local.DynamoDbLocal;
import dev.heddle.local.LocalTable;
import dev.heddle.local.model.StandInModel;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The function where something around it is missing, wrong or dies. */
@Timeout(120)
final class DeploymentE2E {
    private static final URI NOBODY = URI.create("http://127.0.0.1:9");

    private final String thread = "e2e-" + UUID.randomUUID();

    @Test
    void everythingKilledAndStartedAgainGoesOnWithTheConversation(@TempDir Path data) throws Exception {
        try (StandInModel model = StandInModel.start(0)) {
            try (DynamoDbLocal dynamoDb = DynamoDbLocal.start(data)) {
                LocalTable.createIfAbsent(dynamoDb, Stack.TABLE);
                try (Stack stack =
                        Stack.start(Stack.environment(model.endpoint(), StandInModel.NAME, dynamoDb.endpoint()))) {
                    assertThat(stack.client()
                                    .ask(thread, "hello, my name is Ada")
                                    .done())
                            .isTrue();
                    stack.gateway().killFunctions();
                    assertThat(dynamoDb.process().destroyForcibly()).isTrue();
                    dynamoDb.process().onExit().join();
                }
            }
            try (DynamoDbLocal dynamoDb = DynamoDbLocal.start(data);
                    Stack stack =
                            Stack.start(Stack.environment(model.endpoint(), StandInModel.NAME, dynamoDb.endpoint()))) {
                assertThat(stack.client().ask(thread, "what is my name?").text())
                        .contains("Ada");
            }
        }
    }

    @Test
    void memoryKeepsAConversationWhileTheProcessLives() throws Exception {
        try (StandInModel model = StandInModel.start(0)) {
            Map<String, String> environment = Stack.environment(model.endpoint(), StandInModel.NAME, NOBODY);
            environment.put("HEDDLE_STORE", "memory");
            try (Stack stack = Stack.start(environment)) {
                assertThat(stack.client().ask(thread, "hello, my name is Ada").done())
                        .isTrue();
                assertThat(stack.client().ask(thread, "what is my name?").text())
                        .contains("Ada");
                assertThat(stack.client().get("/ready").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void sigtermEndsTheProcessAlsoInTheMiddleOfAnAnswerAndTheQuestionIsKept() throws Exception {
        try (StandInModel model = StandInModel.start(0);
                Stack stack = Stack.start(Stack.environment(model.endpoint(), StandInModel.NAME))) {
            String label = "term-" + thread;
            try (ChatClient.Stream stream = stack.client().open(thread, "my name is Ada, hold " + label)) {
                stream.readTo("\"token\"");
                ProcessHandle function =
                        ProcessHandle.of(stack.gateway().processes().getFirst()).orElseThrow();
                assertThat(function.destroy()).isTrue();
                function.onExit().join();
            }
            assertThat(stack.lines()).anyMatch(line -> line.contains("\"grace_over\""));
            model.release(label);

            assertThat(stack.client().ask(thread, "what is my name?").text()).contains("Ada");
        }
    }

    @Test
    void readinessNamesTheModelThatIsNotThere() throws Exception {
        try (Stack stack = Stack.start(Stack.environment(NOBODY, "qwen3:8b"))) {
            HttpResponse<String> ready = stack.client().get("/ready");

            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body())
                    .contains("\"model\"")
                    .contains("127.0.0.1:9")
                    .doesNotContain("\"table\"");
            assertThat(stack.client().get("/health").statusCode()).isEqualTo(200);

            ChatClient.Turn turn = stack.client().ask(thread, "hello");
            assertThat(turn.json().getLast().path("error").path("code").asText())
                    .isEqualTo("model_unavailable");
            assertThat(turn.done()).isTrue();
        }
    }

    @Test
    void readinessSaysHowToPullAModelThatIsMissing() throws Exception {
        try (StandInModel model = StandInModel.start(0);
                Stack stack = Stack.start(Stack.environment(model.endpoint(), "qwen3:8b"))) {
            assertThat(stack.client().get("/ready").body()).contains("ollama pull qwen3:8b");
        }
    }

    @Test
    void readinessSaysHowToCreateATableThatIsMissing() throws Exception {
        try (StandInModel model = StandInModel.start(0)) {
            Map<String, String> environment = Stack.environment(model.endpoint(), StandInModel.NAME);
            environment.put("HEDDLE_TABLE", "not-there");
            try (Stack stack = Stack.start(environment)) {
                HttpResponse<String> ready = stack.client().get("/ready");

                assertThat(ready.statusCode()).isEqualTo(503);
                assertThat(ready.body())
                        .contains("\"table\"")
                        .contains("aws dynamodb create-table --table-name not-there");
                ChatClient.Turn turn = stack.client().ask(thread, "hello");
                assertThat(turn.events().toString()).contains("storage_unavailable");
            }
        }
    }

    @Test
    void aSettingThatCannotBeUsedIsNamedInOneLineAndTheFunctionDoesNotStart() throws Exception {
        Map<String, String> environment = Stack.environment(NOBODY, "qwen3:8b");
        environment.put("HEDDLE_WINDOW_TOKENS", "plenty");
        try (Stack stack = Stack.start(environment)) {
            assertThat(stack.client().get("/health").statusCode()).isEqualTo(502);
            assertThat(stack.lines())
                    .anyMatch(line -> line.contains("Environment 'HEDDLE_WINDOW_TOKENS': cannot be used, "
                            + "expected a whole number from 512 to 2000000, got 'plenty'"));
        }
    }
}
