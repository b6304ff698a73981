package dev.heddle.agent.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.llm.types.AiMessage;
import dev.heddle.llm.types.HumanMessage;
import dev.heddle.llm.types.Message;
import dev.heddle.llm.types.RemoveMessage;
import dev.heddle.llm.types.SystemMessage;
import dev.heddle.llm.types.ToolCall;
import dev.heddle.llm.types.ToolMessage;
import dev.heddle.tree.CodecException;
import dev.heddle.tree.Tree;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class MessageCodecTest {

    static List<Message> everyKind() {
        return List.of(
                new SystemMessage("s", "be kind"),
                new HumanMessage(null, "no id yet"),
                new AiMessage(
                        "a", "", List.of(new ToolCall("c1", "calculator", Tree.fields("expression", Tree.of("1+1"))))),
                new AiMessage("a2", "bad arguments", List.of(new ToolCall("c2", "calculator", Tree.of("{oops")))),
                new ToolMessage("t", "c1", "calculator", "2", false),
                new ToolMessage("t2", "c2", "calculator", "no", true),
                new RemoveMessage("x"));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void readsWhatItWrote(Message message) {
        assertThat(MessageCodec.INSTANCE.decode(MessageCodec.INSTANCE.encode(message)))
                .isEqualTo(message);
    }

    @Test
    void understandsTheFormWithRoles() {
        assertThat(MessageCodec.INSTANCE.decode(Tree.fields("role", Tree.of("user"), "content", Tree.of("hi"))))
                .isEqualTo(HumanMessage.of("hi"));
    }

    @Test
    void refusesAnUnknownTypeWithoutQuotingIt() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> MessageCodec.INSTANCE.decode(
                        Tree.fields("type", Tree.of("alien"), "content", Tree.of("secret words"))))
                .withMessageContaining("expected human, ai, system, tool or remove")
                .withMessageNotContaining("secret");
    }
}
