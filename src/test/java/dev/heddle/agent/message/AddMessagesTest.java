package dev.heddle.agent.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.heddle.llm.types.HumanMessage;
import dev.heddle.llm.types.Message;
import dev.heddle.llm.types.RemoveMessage;
import dev.heddle.tree.SharedList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of LangGraph's {@code add_messages}; what it takes for a message is in {@link MessagesTest}. */
final class AddMessagesTest {
    private static final Message A = new HumanMessage("a", "first");
    private static final Message B = new HumanMessage("b", "second");

    @Test
    void newIdsAreAppendedAndKnownOnesReplacedInPlace() {
        Message changed = new HumanMessage("a", "changed");
        Message c = new HumanMessage("c", "third");

        assertThat(AddMessages.add(List.of(A, B), List.of(c, changed))).containsExactly(changed, B, c);
    }

    @Test
    void ofTwoAdditionsWithOneIdTheLastCountsInTheFirstsPlace() {
        Message later = new HumanMessage("c", "later");

        assertThat(AddMessages.add(List.of(A), List.of(new HumanMessage("c", "earlier"), B, later)))
                .containsExactly(A, later, B);
    }

    @Test
    void aRemovalRemovesAndIsNotKept() {
        assertThat(AddMessages.add(List.of(A, B), List.of(new RemoveMessage("a"))))
                .containsExactly(B);
    }

    @Test
    void removeThenAddReplacesInPlaceAndAddThenRemoveLeavesNothing() {
        Message again = new HumanMessage("a", "again");

        assertThat(AddMessages.add(List.of(A, B), List.of(new RemoveMessage("a"), again)))
                .containsExactly(again, B);
        assertThat(AddMessages.add(List.of(B), List.of(A, new RemoveMessage("a"))))
                .containsExactly(B);
    }

    @Test
    void removingAnUnknownMessageIsAnError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AddMessages.add(List.of(A), List.of(new RemoveMessage("z"))))
                .withMessageContaining("not there");
    }

    @Test
    void removeAllLeavesWhatFollowsItsLastOccurrence() {
        Message all = new RemoveMessage(RemoveMessage.ALL);
        Message c = new HumanMessage("c", "third");

        assertThat(AddMessages.add(List.of(A), List.of(all, B, all, c))).containsExactly(c);
    }

    @Test
    void aConversationSharesWhatItHadBefore() {
        List<Message> two = AddMessages.add(List.of(), List.of(A, B));
        List<Message> three = AddMessages.add(two, List.of(new HumanMessage("c", "third")));

        assertThat(three).hasSize(3);
        assertThat(((SharedList<Message>) three).beginsWith(two)).isTrue();
        assertThat(two).containsExactly(A, B);
    }

    @Test
    void aRemovalIsCancelledByAnAdditionAfterItInTheSameUpdateOnly() {
        Message again = new HumanMessage("a", "again");
        Message remove = new RemoveMessage("a");

        assertThat(AddMessages.add(List.of(A, B), List.of(remove, again, remove)))
                .containsExactly(B);
        assertThat(AddMessages.add(AddMessages.add(List.of(A, B), List.of(remove)), List.of(again)))
                .containsExactly(B, again);
    }

    @Test
    void ofTwoMessagesWithOneIdThatAreThereTheLastIsReplacedAndBothAreRemoved() {
        Message twin = new HumanMessage("a", "twin");
        Message changed = new HumanMessage("a", "changed");

        assertThat(AddMessages.add(List.of(A, B, twin), List.of(changed))).containsExactly(A, B, changed);
        assertThat(AddMessages.add(List.of(A, B, twin), List.of(new RemoveMessage("a"))))
                .containsExactly(B);
    }

    @Test
    void removeAllForgetsWhatPrecedesItInTheUpdateToo() {
        Message all = new RemoveMessage(RemoveMessage.ALL);

        assertThat(AddMessages.add(List.of(A), List.of(new RemoveMessage("unknown"), B, all)))
                .isEmpty();
    }

    @Test
    void neitherSideIsChanged() {
        List<Message> left = new ArrayList<>(List.of(A));
        List<Message> right = new ArrayList<>(List.of(B, new RemoveMessage("a")));

        AddMessages.add(left, right);

        assertThat(left).containsExactly(A);
        assertThat(right).containsExactly(B, new RemoveMessage("a"));
    }
}
