package dev.heddle.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CodecsTest {

    @Test
    void everyCodecReadsWhatItWrote() {
        roundTrips(Codecs.BOOL, true);
        roundTrips(Codecs.INT, Integer.MIN_VALUE);
        roundTrips(Codecs.LONG, Long.MAX_VALUE);
        roundTrips(Codecs.DECIMAL, new BigDecimal("0.000001230"));
        roundTrips(Codecs.TEXT, "Grüße \0 🌍");
        roundTrips(Codecs.list(Codecs.INT), List.of(1, 2, 3));
        roundTrips(Codecs.map(Codecs.list(Codecs.TEXT)), Map.of("a", List.of("b"), "", List.of()));
        roundTrips(Codecs.optional(Codecs.TEXT), Optional.empty());
        roundTrips(Codecs.optional(Codecs.TEXT), Optional.of("x"));
    }

    @Test
    void oneNumberHasOneForm() {
        assertThat(Tree.of(new BigDecimal("7"))).isEqualTo(Tree.of(7L));
        assertThat(Tree.of(new BigDecimal("7.0"))).isInstanceOf(Tree.Dec.class);
        assertThat(Tree.of(new BigDecimal(Long.MAX_VALUE))).isEqualTo(Tree.of(Long.MAX_VALUE));
        assertThat(Tree.of(new BigDecimal(Long.MAX_VALUE).add(BigDecimal.ONE))).isInstanceOf(Tree.Dec.class);
        assertThat(Tree.of(new BigDecimal(Long.MIN_VALUE))).isEqualTo(Tree.of(Long.MIN_VALUE));
    }

    @Test
    void wrongShapesNameBothKindsAndNeverTheValue() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> Codecs.INT.decode(Tree.of("secret")))
                .withMessageContaining("expected integer of 32 bits, got text")
                .withMessageNotContaining("secret");
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> Codecs.list(Codecs.TEXT).decode(Tree.of(List.of(Tree.of(1)))))
                .withMessageContaining("expected string, got number");
    }

    @Test
    void bytesCannotBeChangedFromOutside() {
        byte[] source = {1, 2};
        Tree.Bytes bytes = new Tree.Bytes(source);
        source[0] = 9;
        bytes.value()[1] = 9;

        assertThat(bytes).isEqualTo(new Tree.Bytes(new byte[] {1, 2}));
    }

    private static <T> void roundTrips(Codec<T> codec, T value) {
        assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    }
}
