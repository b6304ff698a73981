package dev.heddle.graph.types;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A graph that cannot be built, or a run that cannot go on. Messages name the place and the remedy, never a value. */
public abstract sealed class GraphException extends RuntimeException implements Retryable {
    private static final long serialVersionUID = 1L;

    private GraphException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Stable code, listed in {@code docs/errors.md}. */
    public abstract String code();

    /** Whether the same run may succeed later. */
    @Override
    public boolean retryable() {
        return false;
    }

    /** The builder was told something that makes no graph. */
    public static final class InvalidGraph extends GraphException {
        private static final long serialVersionUID = 1L;

        /** The whole message, in the usual form. */
        public InvalidGraph(String message) {
            super(message, null);
        }

        @Override
        public String code() {
            return "invalid_graph";
        }
    }

    /** The caller gave something that cannot be run: no thread, an unknown key, a value of the wrong shape. */
    public static final class BadInput extends GraphException {
        private static final long serialVersionUID = 1L;

        /** The whole message, in the usual form. */
        public BadInput(String message) {
            super(message, null);
        }

        /** The whole message, in the usual form, with what led to it. */
        public BadInput(String message, Throwable cause) {
            super(message, cause);
        }

        @Override
        public String code() {
            return "bad_input";
        }
    }

    /** Writes that a channel does not take. LangGraph: {@code INVALID_CONCURRENT_GRAPH_UPDATE}. */
    public static final class InvalidUpdate extends GraphException {
        private static final long serialVersionUID = 1L;
        private final String channel;

        /** {@code what} goes on after {@code Channel 'x': }. */
        public InvalidUpdate(String channel, String what) {
            super("Channel '" + channel + "': " + what, null);
            this.channel = channel;
        }

        /** A node returned null. */
        public InvalidUpdate(String node, long step) {
            super(
                    "Node '" + node + "': no result in superstep " + step
                            + ", expected a NodeResult, got null. Return Update.NONE to write nothing.",
                    null);
            this.channel = "";
        }

        /** A reducer or a codec threw; its words may hold a value and are not repeated. */
        public InvalidUpdate(String channel, RuntimeException cause) {
            super(
                    "Channel '" + channel + "': update refused, expected a value that its reducer and codec take, got "
                            + cause.getClass().getSimpleName() + ". See the cause.",
                    cause);
            this.channel = channel;
        }

        /** The channel; empty when it is the result itself that is wrong. */
        public String channel() {
            return channel;
        }

        @Override
        public String code() {
            return "invalid_update";
        }
    }

    /** A node read or wrote a key that its graph does not declare. */
    public static final class UnknownKey extends GraphException {
        private static final long serialVersionUID = 1L;

        /** A key by name. */
        public UnknownKey(String key) {
            super(
                    "Key '" + key
                            + "': not part of this graph, expected one of StateGraph.of(…), got another object. Declare "
                            + "it there and use the same constant.",
                    null);
        }

        @Override
        public String code() {
            return "unknown_key";
        }
    }

    /** A node read a key that holds nothing yet. */
    public static final class MissingValue extends GraphException {
        private static final long serialVersionUID = 1L;

        /** A key by name. */
        public MissingValue(String key) {
            super(
                    "Key '" + key
                            + "': no value, expected a write before the first read, got none. Write it in the input or "
                            + "an earlier node, or read it by find().",
                    null);
        }

        @Override
        public String code() {
            return "missing_value";
        }
    }

    /** A node threw. What its siblings wrote is kept; a run without input on the same thread tries it again. */
    public static final class NodeFailed extends GraphException {
        private static final long serialVersionUID = 1L;
        private final String node;
        private final long step;

        /** The node, the superstep and what it threw. */
        public NodeFailed(String node, long step, Throwable cause) {
            super(
                    "Node '" + node + "': failed in superstep " + step + ", expected a result, got "
                            + cause.getClass().getSimpleName()
                            + ". The cause tells more.",
                    cause);
            this.node = node;
            this.step = step;
        }

        /** The node that failed. */
        public String node() {
            return node;
        }

        /** The superstep in which it failed. */
        public long step() {
            return step;
        }

        @Override
        public String code() {
            return "node_failed";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** More supersteps than allowed; everything up to there is kept. LangGraph: {@code GRAPH_RECURSION_LIMIT}. */
    public static final class RecursionLimit extends GraphException {
        private static final long serialVersionUID = 1L;
        private final int limit;

        /** The limit that was met. */
        public RecursionLimit(int limit) {
            super(
                    "Run: recursion limit met, expected an end within " + limit + " supersteps, got more work. Raise "
                            + "recursionLimit, or look for a loop without an end.",
                    null);
            this.limit = limit;
        }

        /** Most supersteps that were allowed. */
        public int limit() {
            return limit;
        }

        @Override
        public String code() {
            return "recursion_limit";
        }
    }

    /** The run has met its deadline between two supersteps; everything up to there is kept. */
    public static final class DeadlineExceeded extends GraphException {
        private static final long serialVersionUID = 1L;

        /** Where the run stood. */
        public DeadlineExceeded(long step) {
            super(
                    "Run: out of time before superstep " + step
                            + ", expected an end before the deadline, got more work. What "
                            + "was done is kept; ask to go on.",
                    null);
        }

        @Override
        public String code() {
            return "deadline_exceeded";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** The run was given up from outside: its worker was interrupted or its stream closed. */
    public static final class Cancelled extends GraphException {
        private static final long serialVersionUID = 1L;

        /** A reader that does not know where the run stood. */
        public Cancelled() {
            super("Run: given up by its reader, expected its end, got an interrupt. What was done is kept.", null);
        }

        /** Where the run stood. */
        public Cancelled(long step) {
            super(
                    "Run: cancelled in superstep " + step
                            + ", expected to go on, got an interrupt. What was done is kept.",
                    null);
        }

        @Override
        public String code() {
            return "cancelled";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** A run was given nothing to begin with. LangGraph: {@code EmptyInputError}. */
    public static final class EmptyInput extends GraphException {
        private static final long serialVersionUID = 1L;

        /** {@code where} names the run and what is missing. */
        public EmptyInput(String where) {
            super(
                    where
                            + ": nothing to begin with, expected input or a thread that has run before, got neither. Give input.",
                    null);
        }

        @Override
        public String code() {
            return "empty_input";
        }
    }

    /** Answers that cannot be given: without a checkpointer, or to several open questions at once. */
    public static final class InvalidResume extends GraphException {
        private static final long serialVersionUID = 1L;

        /** The whole message, in the usual form. */
        public InvalidResume(String message) {
            super(message, null);
        }

        @Override
        public String code() {
            return "invalid_resume";
        }
    }

    /** A validator of the graph does not let the thread go on, see {@link ResumeValidator}. */
    public static final class ResumeRefused extends GraphException {
        private static final long serialVersionUID = 1L;

        /** The validator's name and its reason. */
        public ResumeRefused(String validator, String reason) {
            super(
                    "Thread: validator '" + validator + "' refuses to go on, expected its consent, got: " + reason
                            + ". Give new input, or remove the reason.",
                    null);
        }

        @Override
        public String code() {
            return "resume_refused";
        }
    }

    /** An edit from outside does not say whose it is, and the thread does not tell. LangGraph: {@code Ambiguous update, specify as_node}. */
    public static final class AmbiguousUpdate extends GraphException {
        private static final long serialVersionUID = 1L;

        /** The nodes between which it is open. */
        public AmbiguousUpdate(List<String> nodes) {
            super(
                    "Update: unclear which node it stands for, expected asNode or a thread that tells, got " + nodes
                            + ". Name the node.",
                    null);
        }

        @Override
        public String code() {
            return "ambiguous_update";
        }
    }

    /** A command for the parent graph where there is none. */
    public static final class NoParentGraph extends GraphException {
        private static final long serialVersionUID = 1L;

        /** Where it came from: a node, or the input of a run. */
        public NoParentGraph(String where) {
            super(
                    where
                            + ": command for the parent graph, expected a graph that holds this one, got none. Use Command without inParent().",
                    null);
        }

        @Override
        public String code() {
            return "no_parent_graph";
        }
    }

    /** One attempt of a node took too long, see {@link TimeoutPolicy}. */
    public static final class NodeTimedOut extends GraphException {
        private static final long serialVersionUID = 1L;

        /** The node, which limit and how much it was. */
        public NodeTimedOut(String node, String limit, Duration allowed) {
            super(
                    "Node '" + node + "': out of time, expected an end within " + allowed + " (" + limit
                            + "), got none. Raise the timeout, or give a sign of life by heartbeat().",
                    null);
        }

        @Override
        public String code() {
            return "node_timed_out";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** A superstep took too long; what its finished tasks wrote is kept. */
    public static final class StepTimedOut extends GraphException {
        private static final long serialVersionUID = 1L;

        /** The superstep and how long it was allowed to take. */
        public StepTimedOut(long step, Duration allowed) {
            super(
                    "Superstep " + step + ": out of time, expected an end within " + allowed
                            + ", got none. Raise the step timeout; what was done is kept, ask to go on.",
                    null);
        }

        @Override
        public String code() {
            return "step_timed_out";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }
}
