package dev.heddle.llm.provider;

import static dev.heddle.llm.provider.Calls.ask;
import static dev.heddle.llm.provider.Calls.context;
import static dev.heddle.llm.provider.Calls.done;
import static dev.heddle.llm.provider.Calls.model;
import static dev.heddle.llm.provider.Calls.text;
import static dev.heddle.llm.provider.Calls.toolCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.llm.types.AiMessage;
import dev.heddle.llm.types.ChatDelta;
import dev.heddle.llm.types.ChatReply;
import dev.heddle.llm.types.FinishReason;
import dev.heddle.llm.types.TokenUsage;
import dev.heddle.llm.types.ToolCall;
import dev.heddle.tree.Tree;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole answers. */
@Timeout(60)
class OllamaChatModelIT {

    private record Heard(ChatReply reply, List<ChatDelta> deltas) {
        List<String> pieces() {
            return deltas.stream().map(ChatDelta::text).toList();
        }
    }

    private static Heard hear(ScriptedOllama ollama) {
        List<ChatDelta> deltas = new ArrayList<>();
        ChatReply reply = model(ollama.url()).chat(ask("hi", Calls.WEATHER), context(deltas::add));
        return new Heard(reply, deltas);
    }

    @Test
    void streamsTextAndReturnsItWhole() throws Exception {
        try (var ollama = ScriptedOllama.lines(text("He"), text("ll"), text("o! Ho"), text("w"), done("stop"))) {
            Heard heard = hear(ollama);

            assertThat(heard.reply())
                    .isEqualTo(new ChatReply(
                            new AiMessage("id-1", "Hello! How", List.of()),
                            new TokenUsage(18, 10),
                            FinishReason.STOP,
                            "tiny",
                            BigDecimal.ZERO));
            assertThat(heard.deltas())
                    .containsExactly(
                            new ChatDelta("id-1", "He"),
                            new ChatDelta("id-1", "ll"),
                            new ChatDelta("id-1", "o! Ho"),
                            new ChatDelta("id-1", "w"));
        }
    }

    @Test
    void deliversTextBeforeTheAnswerIsComplete() throws Exception {
        CountDownLatch heardFirst = new CountDownLatch(1);
        try (var ollama = new ScriptedOllama((request, wire) -> {
            wire.open();
            wire.chunk(text("first") + "\n");
            if (!heardFirst.await(10, TimeUnit.SECONDS)) {
                wire.cut();
            }
            wire.chunk(done("stop") + "\n");
            wire.end();
        })) {
            ChatReply reply = model(ollama.url()).chat(ask("hi"), context(delta -> heardFirst.countDown()));

            assertThat(reply.message().text()).isEqualTo("first");
        }
    }

    @Test
    void readsBytesHoweverTheyAreSplit() throws Exception {
        byte[] bytes = (text("Grüße, 世界 🌍 ") + "\n" + text("und \\\"👩‍👧\\\"") + "\r\n\n" + done("stop") + "\n")
                .getBytes(StandardCharsets.UTF_8);
        try (var ollama = new ScriptedOllama((request, wire) -> {
            wire.open();
            for (byte one : bytes) {
                wire.chunk(new byte[] {one});
            }
            wire.end();
        })) {
            Heard heard = hear(ollama);

            assertThat(heard.reply().message().text()).isEqualTo("Grüße, 世界 🌍 und \"👩‍👧\"");
            assertThat(heard.pieces()).containsExactly("Grüße, 世界 🌍 ", "und \"👩‍👧\"");
        }
    }

    @Test
    void readsSeveralLinesOfOneChunkInOrder() throws Exception {
        try (var ollama = ScriptedOllama.lines(text("a") + "\n" + text("b") + "\n" + done("stop"))) {
            assertThat(hear(ollama).pieces()).containsExactly("a", "b");
        }
    }

    @Test
    void readsAToolCall() throws Exception {
        try (var ollama = ScriptedOllama.lines(
                toolCall("{\"id\":\"call_uxalyp1e\",\"function\":{\"index\":0,\"name\":\"get_weather\","
                        + "\"arguments\":{\"city\":\"Paris\"}}}"),
                done("stop"))) {
            Heard heard = hear(ollama);

            assertThat(heard.reply().message())
                    .isEqualTo(new AiMessage(
                            "id-1",
                            "",
                            List.of(new ToolCall(
                                    "call_uxalyp1e", "get_weather", Tree.fields("city", Tree.of("Paris"))))));
            assertThat(heard.reply().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
            assertThat(heard.deltas()).isEmpty();
        }
    }

    @Test
    void readsTextThenTwoCallsInOrder() throws Exception {
        try (var ollama = ScriptedOllama.lines(
                text("Let me"),
                text(" look. "),
                toolCall("{\"id\":\"a\",\"function\":{\"index\":0,\"name\":\"f\",\"arguments\":{\"n\":1}}}"),
                toolCall("{\"id\":\"b\",\"function\":{\"index\":1,\"name\":\"g\",\"arguments\":{}}}"),
                done("stop"))) {
            Heard heard = hear(ollama);

            assertThat(heard.reply().message().text()).isEqualTo("Let me look. ");
            assertThat(heard.reply().message().toolCalls())
                    .containsExactly(
                            new ToolCall("a", "f", Tree.fields("n", Tree.of(1))), new ToolCall("b", "g", Tree.EMPTY));
        }
    }

    /** As Ollama 0.6.5 sends them: no ids, and no index on the first. */
    @Test
    void keepsCallsApartThatComeWithoutIndexAndMintsTheirIds() throws Exception {
        try (var ollama = ScriptedOllama.lines(
                toolCall("{\"function\":{\"name\":\"f\",\"arguments\":{\"city\":\"Rome\"}}},"
                        + "{\"function\":{\"name\":\"f\",\"arguments\":{\"city\":\"Bern\"}}}"),
                done("stop"))) {
            assertThat(hear(ollama).reply().message().toolCalls())
                    .containsExactly(
                            new ToolCall("id-2", "f", Tree.fields("city", Tree.of("Rome"))),
                            new ToolCall("id-3", "f", Tree.fields("city", Tree.of("Bern"))));
        }
    }

    @Test
    void mintsAnIdForARepeatedOne() throws Exception {
        try (var ollama = ScriptedOllama.lines(
                toolCall("{\"id\":\"same\",\"function\":{\"index\":0,\"name\":\"f\",\"arguments\":{}}}"),
                toolCall("{\"id\":\"same\",\"function\":{\"index\":1,\"name\":\"f\",\"arguments\":{}}}"),
                done("stop"))) {
            assertThat(hear(ollama).reply().message().toolCalls())
                    .extracting(ToolCall::id)
                    .containsExactly("same", "id-2");
        }
    }

    @Test
    void readsNumbersOfArgumentsExactly() throws Exception {
        try (var ollama = ScriptedOllama.lines(
                toolCall("{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":{\"price\":1.10,"
                        + "\"tiny\":0.1000000000000000055511151231257827,\"big\":123456789012345678901234567890}}}"),
                done("stop"))) {
            Tree.Fields arguments = (Tree.Fields)
                    hear(ollama).reply().message().toolCalls().getFirst().arguments();

            assertThat(arguments)
                    .isEqualTo(Tree.fields(
                            "price", new Tree.Dec(new BigDecimal("1.10")),
                            "tiny", new Tree.Dec(new BigDecimal("0.1000000000000000055511151231257827")),
                            "big", new Tree.Dec(new BigDecimal("123456789012345678901234567890"))));
        }
    }

    @Test
    void keepsArgumentsThatAreNoObjectAsRawWords() throws Exception {
        try (var ollama = ScriptedOllama.lines(
                toolCall("{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"city\\\": \"}}"),
                toolCall("{\"id\":\"b\",\"function\":{\"name\":\"f\",\"arguments\":[1, 2]}}"),
                toolCall("{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"city\\\":\\\"Oslo\\\"}\"}}"),
                done("stop"))) {
            assertThat(hear(ollama).reply().message().toolCalls())
                    .extracting(ToolCall::arguments)
                    .containsExactly(Tree.of("{\"city\": "), Tree.of("[1,2]"), Tree.fields("city", Tree.of("Oslo")));
        }
    }

    @Test
    void keepsThinkingOutOfTheText() throws Exception {
        String thought = text("").replace("\"content\":\"\"", "\"content\":\"\",\"thinking\":\"The user\"");
        try (var ollama = ScriptedOllama.lines(thought, thought, text("So I had one."), done("stop"))) {
            Heard heard = hear(ollama);

            assertThat(heard.reply().message().text()).isEqualTo("So I had one.");
            assertThat(heard.pieces()).containsExactly("So I had one.");
        }
    }

    /** As Ollama answers {@code think:false} when the model thinks nevertheless. */
    @Test
    void keepsTaggedThinkingOutOfTheText() throws Exception {
        try (var ollama = ScriptedOllama.lines(
                text("<thi"),
                text("nk>The user wants"),
                text(" a thought.</think>So"),
                text(" I had."),
                done("stop"))) {
            Heard heard = hear(ollama);

            assertThat(heard.reply().message().text()).isEqualTo("So I had.");
            assertThat(heard.pieces()).containsExactly("So", " I had.");
        }
    }

    @Test
    void tellsThatTheTokenLimitCutTheAnswer() throws Exception {
        try (var ollama = ScriptedOllama.lines(text("half"), done("length"))) {
            assertThat(hear(ollama).reply().finishReason()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @Test
    void passesAnEmptyAnswerOnAsItIs() throws Exception {
        try (var ollama = ScriptedOllama.lines(done("stop"))) {
            Heard heard = hear(ollama);

            assertThat(heard.reply().message()).isEqualTo(new AiMessage("id-1", "", List.of()));
            assertThat(heard.reply().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(heard.deltas()).isEmpty();
        }
    }

    @Test
    void countsNothingWhenTheServerDoesNot() throws Exception {
        try (var ollama = ScriptedOllama.lines(text("a"), "{\"message\":{\"content\":\"\"},\"done\":true}")) {
            ChatReply reply = hear(ollama).reply();

            assertThat(reply.usage()).isEqualTo(TokenUsage.NONE);
            assertThat(reply.finishReason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void throwsWhatTheSinkThrowsAndGivesTheRequestUp() throws Exception {
        try (var ollama = new ScriptedOllama((request, wire) -> {
            wire.open();
            wire.chunk(text("a") + "\n");
            wire.stall();
        })) {
            assertThatThrownBy(() -> model(ollama.url()).chat(ask("hi"), context(delta -> {
                        throw new IllegalStateException("sink is full");
                    })))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("sink is full");
            ollama.awaitClientClosed();
        }
    }

    @Test
    void returnsAWholeAnswerWhoseStreamStaysOpen() throws Exception {
        try (var ollama = new ScriptedOllama((request, wire) -> {
            wire.open();
            wire.chunk(text("all") + "\n" + done("stop") + "\n");
            wire.stall();
        })) {
            assertThat(hear(ollama).reply().message().text()).isEqualTo("all");
            ollama.awaitClientClosed();
        }
    }

    @Test
    void answersTwentyCallsAtOnceEachWithItsOwnText() throws Exception {
        CountDownLatch allAsked = new CountDownLatch(20);
        try (var ollama = new ScriptedOllama((request, wire) -> {
                    String words = request.body().replaceAll("(?s).*<(\\d+)>.*", "$1");
                    wire.open();
                    wire.chunk(text(words + " ") + "\n");
                    allAsked.countDown();
                    if (!allAsked.await(20, TimeUnit.SECONDS)) {
                        wire.cut();
                    }
                    wire.chunk(text(words) + "\n" + done("stop") + "\n");
                    wire.end();
                });
                var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            OllamaChatModel model = model(ollama.url());
            List<Future<List<ChatDelta>>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String words = "<" + (100 + i) + ">";
                calls.add(workers.submit(() -> {
                    List<ChatDelta> deltas = new ArrayList<>();
                    ChatReply reply = model.chat(ask(words), context(deltas::add));
                    assertThat(deltas)
                            .extracting(ChatDelta::messageId)
                            .containsOnly(String.valueOf(reply.message().id()));
                    return deltas;
                }));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(calls.get(i).get())
                        .extracting(ChatDelta::text)
                        .containsExactly((100 + i) + " ", String.valueOf(100 + i));
            }
        }
    }
}
