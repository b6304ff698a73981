package dev.heddle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.local.model.RealOllama;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same turn with a real Ollama server and a scripted model on it; skipped, with a line, where it is not built. */
@Timeout(180)
final class RealOllamaE2E {

    @Test
    void aRealOllamaRoutesCallsAToolAndRemembers() throws Exception {
        Optional<RealOllama> built = RealOllama.startIfBuilt();
        Assumptions.assumeTrue(built.isPresent(), "a real Ollama is not built");
        try (RealOllama ollama = built.orElseThrow();
                Stack stack = Stack.start(Stack.environment(ollama.endpoint(), RealOllama.MODEL))) {
            String thread = "e2e-" + UUID.randomUUID();

            ChatClient.Turn turn = stack.client().ask(thread, "6 times 7");
            assertThat(turn.nodes()).containsExactly("router", "planner", "executor", "critic", "planner", "critic");
            assertThat(turn.text()).contains("The answer is 42.");
            assertThat(turn.done()).isTrue();
            assertThat(turn.json().stream().filter(event -> event.has("token"))).hasSizeGreaterThan(1);

            assertThat(stack.client().ask(thread, "hello, my name is Ada").done())
                    .isTrue();
            assertThat(stack.client().ask(thread, "what is my name").text()).contains("Your name is Ada.");
            assertThat(stack.client().get("/ready").statusCode()).isEqualTo(200);
        }
    }
}
