package dev.heddle.graph.types;

import org.jspecify.annotations.Nullable;

/** A graph that cannot be built, or a run that cannot go on. Messages name the place and the remedy, never a value. */
public abstract sealed class GraphException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private GraphException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Stable code, listed in {@code docs/errors.md}. */
    public abstract String code();

    /** Whether the same run may succeed later. */
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

        /** A reducer or a codec threw; its words may hold a value and are not repeated. */
        public InvalidUpdate(String channel, RuntimeException cause) {
            super(
                    "Channel '" + channel + "': update refused, expected a value that its reducer and codec take, got "
                            + cause.getClass().getSimpleName() + ". See the cause.",
                    cause);
            this.channel = channel;
        }

        /** The channel. */
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
}
