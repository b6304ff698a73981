package dev.heddle.llm.provider;

import static dev.heddle.llm.provider.Calls.LONG;
import static dev.heddle.llm.provider.Calls.context;
import static dev.heddle.llm.provider.Calls.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.llm.types.ChatDelta;
import dev.heddle.llm.types.ChatOptions;
import dev.heddle.llm.types.ChatReply;
import dev.heddle.llm.types.FinishReason;
import dev.heddle.llm.types.HumanMessage;
import dev.heddle.llm.types.LlmException;
import dev.heddle.llm.types.Message;
import dev.heddle.llm.types.SystemMessage;
import dev.heddle.llm.types.ToolCall;
import dev.heddle.llm.types.ToolMessage;
import dev.heddle.llm.types.ToolSpec;
import dev.heddle.local.model.RealOllama;
import dev.heddle.tree.Tree;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Against the real server with its scripted model, where it was built ({@code make ollama}). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class OllamaRealIT {
    private static final ToolSpec CALCULATOR = new ToolSpec(
            "calculator",
            "Computes",
            Tree.fields(
                    "type",
                    Tree.of("object"),
                    "properties",
                    Tree.fields(
                            "expression",
                            Tree.fields("type", Tree.of("string"), "description", Tree.of("For example 1+1"))),
                    "required",
                    Tree.of(List.of(Tree.of("expression")))));
    private static final ToolSpec TIME =
            new ToolSpec("current_time", "Now", Tree.fields("type", Tree.of("object"), "properties", Tree.EMPTY));

    private final Optional<RealOllama> real;

    OllamaRealIT() throws IOException, InterruptedException {
        real = RealOllama.startIfBuilt();
    }

    @BeforeEach
    void isBuilt() {
        assumeTrue(real.isPresent(), "real Ollama is not built (make ollama)");
    }

    @AfterAll
    void close() throws IOException {
        if (real.isPresent()) {
            real.get().close();
        }
    }

    private OllamaChatModel model(String name) {
        return OllamaChatModel.create(
                new OllamaSettings(real.orElseThrow().endpoint(), name, LONG, LONG, Duration.ofSeconds(10), null),
                Clock.systemUTC(),
                Calls.ids());
    }

    private ChatReply ask(List<Message> messages, ChatOptions options) {
        return model(RealOllama.MODEL)
                .chat(request(messages, List.of(CALCULATOR, TIME), options), context(delta -> {}));
    }

    @Test
    void streamsAnAnswer() {
        List<ChatDelta> deltas = new ArrayList<>();
        ChatReply reply = model(RealOllama.MODEL).chat(Calls.ask("in unicode, please"), context(deltas::add));

        assertThat(reply.message().text()).isEqualTo("Grüße, 世界 🌍 und 👩‍👩‍👧!");
        assertThat(deltas).hasSizeGreaterThan(1);
        assertThat(String.join("", deltas.stream().map(ChatDelta::text).toList()))
                .isEqualTo(reply.message().text());
        assertThat(reply.usage().inputTokens()).isPositive();
        assertThat(reply.usage().outputTokens()).isPositive();
        assertThat(reply.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(reply.model()).isEqualTo(RealOllama.MODEL);
    }

    @Test
    void callsTwoToolsAndReadsTheirResults() {
        List<Message> messages = new ArrayList<>();
        messages.add(HumanMessage.of("What is 6 times 7 and the time?"));
        ChatReply asked = ask(messages, ChatOptions.DEFAULT);

        assertThat(asked.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(asked.message().toolCalls())
                .extracting(ToolCall::name, ToolCall::arguments)
                .containsExactly(
                        tuple("calculator", Tree.fields("expression", Tree.of("6*7"))),
                        tuple("current_time", Tree.EMPTY));

        messages.add(asked.message());
        for (ToolCall call : asked.message().toolCalls()) {
            messages.add(new ToolMessage(null, call.id(), call.name(), "42", false));
        }
        assertThat(ask(messages, ChatOptions.DEFAULT).message().text()).isEqualTo("The answer is 42.");
    }

    @Test
    void classifiesTerselyThoughTheModelCannotThink() {
        ChatReply reply = ask(
                List.of(SystemMessage.of("Answer hello with SIMPLE, else MODERATE."), HumanMessage.of("hello")),
                ChatOptions.terse(16));

        assertThat(reply.message().text()).isEqualTo("SIMPLE");
    }

    @Test
    void tellsThatTheLimitCutAnAnswer() {
        ChatReply reply = ask(List.of(HumanMessage.of("a long answer")), new ChatOptions(0, true, 8));

        assertThat(reply.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(reply.usage().outputTokens()).isEqualTo(8);
    }

    @Test
    void noticesTheSilentEndOfAStutter() {
        LlmException failure = catchThrowableOfType(
                LlmException.class, () -> ask(List.of(HumanMessage.of("stutter")), ChatOptions.DEFAULT));

        assertThat(failure).isInstanceOf(LlmException.Broken.class).hasMessageContaining("stream ended early");
    }

    @Test
    void cancelsAnEndlessAnswerSoThatTheNextQuestionIsAnswered() throws Exception {
        AtomicReference<LlmException> failure = new AtomicReference<>();
        CountDownLatch heard = new CountDownLatch(20);
        Thread worker = Thread.ofVirtual()
                .start(() -> failure.set(catchThrowableOfType(LlmException.class, () -> model(RealOllama.MODEL)
                        .chat(Calls.ask("tick tock"), context(delta -> heard.countDown())))));
        heard.await();
        worker.interrupt();
        worker.join();

        assertThat(failure.get()).isInstanceOf(LlmException.Cancelled.class);
        assertThat(ask(List.of(HumanMessage.of("hello")), ChatOptions.DEFAULT)
                        .message()
                        .text())
                .isEqualTo("Hello! How can I help you today?");
    }

    @Test
    void namesThePullCommandForAnUnknownModel() {
        assertThat(Calls.failure(model("nope:1b")))
                .isInstanceOf(LlmException.Rejected.class)
                .hasMessageEndingWith("Run: ollama pull nope:1b");
        assertThat(model("nope:1b").probe().problem())
                .hasValueSatisfying(problem -> assertThat(problem).endsWith("Run: ollama pull nope:1b"));
    }

    @Test
    void isReadyWhenTheModelIsThere() {
        assertThat(model(RealOllama.MODEL).probe().problem()).isEmpty();
    }
}
