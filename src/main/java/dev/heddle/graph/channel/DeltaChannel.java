package dev.heddle.graph.channel;

import dev.heddle.graph.types.ChannelKind;
import dev.heddle.tree.Codec;
import dev.heddle.tree.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Folds writes into its value, and is stored as what was written to it. Source: LangGraph {@code delta.py}; where it keeps
 * the writes in the pending writes of the checkpoint before, Heddle keeps them in the checkpoint that they lead to, in the
 * order of their application (see {@code docs/engine-differences.md}).
 */
public final class DeltaChannel<T> extends ValueChannel<T> {
    private final ChannelKind.Delta<T> kind;

    DeltaChannel(String name, Codec<T> codec, ChannelKind.Delta<T> kind) {
        super(name, codec);
        this.kind = kind;
        set(kind.zero());
    }

    /**
     * Takes a value as a checkpoint holds it.
     *
     * @param base the last value that was stored whole; null for none
     * @param writes what was written since, oldest first
     */
    public void restore(@Nullable Tree base, List<Tree> writes) {
        T start = base == null ? kind.zero() : codec.decode(base);
        set(kind.reducer().apply(start, writes.stream().map(codec::decode).toList()));
    }

    @Override
    public boolean update(List<?> writes) {
        Overwrite overwrite = overwrite(writes);
        if (overwrite != null) {
            set(typed(overwrite.value()));
            return true;
        }
        T current = peek();
        set(kind.reducer()
                .apply(
                        current == null ? kind.zero() : current,
                        writes.stream().map(this::typed).toList()));
        return true;
    }

    /** Writes as a checkpoint holds them; null when they cannot be told so, because one of them is an overwrite. */
    public @Nullable List<Tree> encoded(List<?> writes) {
        return writes.stream().anyMatch(Overwrite.class::isInstance)
                ? null
                : writes.stream().map(write -> codec.encode(typed(write))).toList();
    }

    @Override
    public Channel<T> copy() {
        return into(new DeltaChannel<>(name, codec, kind));
    }
}
