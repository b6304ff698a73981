package dev.heddle.graph.types;

/**
 * A call of a {@link Store} that cannot be right, whenever it is made: never retryable. Messages name the rule, never a
 * label, key or value.
 */
public abstract sealed class StoreException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private StoreException(String message) {
        super(message);
    }

    /**
     * A namespace that no store takes: empty, with an empty label or one with a dot, or one that begins with {@code
     * langgraph}. LangGraph: {@code InvalidNamespaceError}.
     */
    public static final class InvalidNamespace extends StoreException {
        private static final long serialVersionUID = 1L;

        /** The whole message, in the usual form. */
        public InvalidNamespace(String message) {
            super(message);
        }
    }

    /** An item that this store cannot keep, or cannot keep in the way that was asked for. */
    public static final class InvalidItem extends StoreException {
        private static final long serialVersionUID = 1L;

        /** The whole message, in the usual form. */
        public InvalidItem(String message) {
            super(message);
        }
    }

    /** A search or a listing that makes no sense: a limit below 1, an unknown operator. */
    public static final class InvalidQuery extends StoreException {
        private static final long serialVersionUID = 1L;

        /** The whole message, in the usual form. */
        public InvalidQuery(String message) {
            super(message);
        }
    }

    /** A search by text in a store that has no {@link Embedding}. */
    public static final class NoEmbedding extends StoreException {
        private static final long serialVersionUID = 1L;

        /** Says what to do. */
        public NoEmbedding() {
            super("Store: no search by text, expected a store with an embedding, got one without. Set one up, or "
                    + "search by prefix and filter alone.");
        }
    }

    /** An {@link Embedding} that did not return what it promises. */
    public static final class BadEmbedding extends StoreException {
        private static final long serialVersionUID = 1L;

        /** {@code what} has the form {@code <what>, expected <rule>, got <value>}. */
        public BadEmbedding(String what) {
            super("Embedding: " + what + ". Correct the embedding, or the number of dimensions it tells.");
        }
    }
}
