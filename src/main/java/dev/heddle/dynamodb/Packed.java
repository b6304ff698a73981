package dev.heddle.dynamodb;

import dev.heddle.tree.Tree;
import dev.heddle.wire.TreeJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * A tree as the bytes that items hold: one byte that tells the form (0 as it is, 1 deflated), then {@link TreeJson}.
 * Deflated when it is longer than {@value #DEFLATE_ABOVE} bytes and becomes shorter by it.
 */
final class Packed {
    /** Items hold at most 409,600 bytes, names and keys included; so much of it is ours to fill with one part. */
    static final int MAX_PART_BYTES = 350_000;

    static final int DEFLATE_ABOVE = 1024;

    private static final byte PLAIN = 0;
    private static final byte DEFLATED = 1;

    private Packed() {}

    static byte[] pack(Tree tree) {
        byte[] json = TreeJson.write(tree);
        if (json.length > DEFLATE_ABOVE) {
            byte[] deflated = deflate(json);
            if (deflated.length <= json.length) {
                return deflated;
            }
        }
        byte[] plain = new byte[json.length + 1];
        plain[0] = PLAIN;
        System.arraycopy(json, 0, plain, 1, json.length);
        return plain;
    }

    /**
     * The tree that was packed.
     *
     * @throws dev.heddle.wire.JsonException if the bytes are not whole
     * @throws UncheckedIOException if they are not whole or of an unknown form
     */
    static Tree unpack(byte[] packed) {
        if (packed.length == 0) {
            throw new UncheckedIOException(new IOException("no bytes"));
        }
        return TreeJson.read(
                switch (packed[0]) {
                    case PLAIN -> Arrays.copyOfRange(packed, 1, packed.length);
                    case DEFLATED -> inflate(packed);
                    default -> throw new UncheckedIOException(new IOException("unknown form " + packed[0]));
                });
    }

    /** The bytes in parts of at most {@value #MAX_PART_BYTES}; at least one. */
    static List<byte[]> split(byte[] packed) {
        List<byte[]> parts = new ArrayList<>();
        for (int begin = 0; begin == 0 || begin < packed.length; begin += MAX_PART_BYTES) {
            parts.add(Arrays.copyOfRange(packed, begin, Math.min(packed.length, begin + MAX_PART_BYTES)));
        }
        return parts;
    }

    static byte[] join(List<byte[]> parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        parts.forEach(whole::writeBytes);
        return whole.toByteArray();
    }

    private static byte[] deflate(byte[] bytes) {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream(bytes.length / 2);
        deflated.write(DEFLATED);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated, deflater)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return deflated.toByteArray();
    }

    private static byte[] inflate(byte[] packed) {
        try (InflaterInputStream in =
                new InflaterInputStream(new java.io.ByteArrayInputStream(packed, 1, packed.length - 1))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
