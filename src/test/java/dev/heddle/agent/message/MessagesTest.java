package dev.heddle.agent.message;

import static dev.heddle.graph.state.StateGraph.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heddle.graph.state.CompiledGraph;
import dev.heddle.graph.state.GraphStream;
import dev.heddle.graph.state.StateGraph;
import dev.heddle.graph.types.GraphException;
import dev.heddle.graph.types.Key;
import dev.heddle.graph.types.RunConfig;
import dev.heddle.graph.types.StreamEvent;
import dev.heddle.graph.types.StreamMode;
import dev.heddle.graph.types.Update;
import dev.heddle.llm.types.AiMessage;
import dev.heddle.llm.types.HumanMessage;
import dev.heddle.llm.types.Message;
import dev.heddle.llm.types.RemoveMessage;
import dev.heddle.tree.Tree;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a key of messages takes, and that messages have ids before anybody sees them. */
final class MessagesTest {
    private static final Key<List<Message>> MESSAGES = Messages.key("messages");

    @Test
    void aTextAPairAMapWithARoleAndAMapWithATypeAreMessages() {
        Tree items = Tree.of(List.of(
                Tree.of("bare"),
                Tree.of(List.of(Tree.of("user"), Tree.of("pair"))),
                Tree.fields("role", Tree.of("user"), "content", Tree.of("role")),
                Tree.fields("type", Tree.of("human"), "content", Tree.of("type"))));

        assertThat(MESSAGES.codec().decode(items))
                .containsExactly(
                        HumanMessage.of("bare"),
                        HumanMessage.of("pair"),
                        HumanMessage.of("role"),
                        HumanMessage.of("type"));
    }

    @Test
    void oneMessageAloneIsAListOfOne() {
        Tree alone = Tree.fields("role", Tree.of("user"), "content", Tree.of("hi"));

        assertThat(MESSAGES.codec().decode(alone)).containsExactly(HumanMessage.of("hi"));
        assertThat(MESSAGES.codec().decode(Tree.of("hi"))).containsExactly(HumanMessage.of("hi"));
    }

    @Test
    void aChunkBecomesAWholeMessage() {
        Tree chunk = Tree.fields("type", Tree.of("AIMessageChunk"), "id", Tree.of("m"), "content", Tree.of("hi"));

        assertThat(MESSAGES.codec().decode(Tree.of(List.of(chunk))))
                .containsExactly(new AiMessage("m", "hi", List.of()));
    }

    @Test
    void nullIsNoMessages() {
        assertThatExceptionOfType(GraphException.BadInput.class)
                .isThrownBy(() -> replying().invoke(Update.of(Tree.fields("messages", Tree.NULL)), RunConfig.DEFAULT))
                .withMessageContaining("Input 'messages': wrong shape, expected list, got null");
    }

    @Test
    void missingIdsAreUuidsGivenOnceForStateAndStream() {
        String streamed = "";
        List<Message> end;
        try (GraphStream stream = replying().stream(
                Update.of(MESSAGES, List.of(HumanMessage.of("hi"))), RunConfig.DEFAULT, Set.of(StreamMode.UPDATES))) {
            while (stream.hasNext()) {
                if (stream.next() instanceof StreamEvent.NodeUpdate update
                        && update.update() instanceof Tree.Fields fields) {
                    streamed =
                            id(MESSAGES.codec().decode(fields.get("messages")).getFirst());
                }
            }
            end = stream.result().state().get(MESSAGES);
        }

        assertThat(end).extracting(Message::text).containsExactly("hi", "hello");
        assertThat(end)
                .allSatisfy(message -> assertThat(UUID.fromString(id(message))).hasToString(id(message)));
        assertThat(id(end.getFirst())).isNotEqualTo(id(end.getLast()));
        assertThat(id(end.getLast())).isEqualTo(streamed);
    }

    @Test
    void anIdThatIsThereIsKept() {
        assertThat(replying()
                        .invoke(Update.of(MESSAGES, List.of(new HumanMessage("mine", "hi"))), RunConfig.DEFAULT)
                        .state()
                        .get(MESSAGES))
                .first()
                .isEqualTo(new HumanMessage("mine", "hi"));
    }

    @Test
    void removingAMessageThatIsNotThereFailsTheRunAndNamesTheKey() {
        assertThatExceptionOfType(GraphException.InvalidUpdate.class)
                .isThrownBy(() ->
                        replying().invoke(Update.of(MESSAGES, List.of(new RemoveMessage("z"))), RunConfig.DEFAULT))
                .withMessageContaining("Channel 'messages'")
                .havingCause()
                .withMessageContaining("not there");
    }

    private static String id(Message message) {
        return Objects.requireNonNull(message.id());
    }

    private static CompiledGraph replying() {
        return StateGraph.of(MESSAGES)
                .node(
                        "reply",
                        (state, context) -> Update.of(MESSAGES, List.of(new AiMessage(null, "hello", List.of()))))
                .edge(START, "reply")
                .compile("replying");
    }
}
