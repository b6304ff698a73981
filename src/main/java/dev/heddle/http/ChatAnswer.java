package dev.heddle.http;

import dev.heddle.tree.Codecs;
import dev.heddle.tree.Tree;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * What a turn came to.
 *
 * @param text the last words of the model
 * @param costUsd of this turn, exact; empty when the state does not tell it
 */
record ChatAnswer(String text, Optional<BigDecimal> costUsd) {

    /**
     * The answer in a run's last state: the {@code content} of the last {@code ai} message after the last {@code human}
     * one, since an older answer is no answer to this turn.
     *
     * @throws Refusal {@code no_answer} if there is none
     */
    static ChatAnswer of(Tree.Fields values) {
        List<Tree> messages = Codecs.items(values.get("messages"), "State key 'messages'");
        for (Tree tree : messages.reversed()) {
            Tree.Fields message = Codecs.fields(tree, "Message");
            if (isOf(message, "ai")) {
                return new ChatAnswer(Codecs.text(message.get("content"), "Message field 'content'"), cost(values));
            }
            if (isOf(message, "human")) {
                break;
            }
        }
        throw new Refusal(
                ErrorCode.NO_ANSWER,
                "Run: ended without an answer, expected a message of type 'ai', got none after the last question. Ask"
                        + " again on the same thread.");
    }

    /** Whether a message has this type. */
    static boolean isOf(Tree message, String type) {
        return message instanceof Tree.Fields fields && fields.get("type").equals(Tree.of(type));
    }

    private static Optional<BigDecimal> cost(Tree.Fields values) {
        return values.get("turn_cost_usd") instanceof Tree.Num cost ? Optional.of(cost.decimal()) : Optional.empty();
    }
}
