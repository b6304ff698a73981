package dev.heddle.graph.pregel;

import dev.heddle.tree.Tree;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A hash of a tree by which equal trees are known again: SHA-256 over kinds, sizes and contents, names in order. */
final class TreeHash {
    private TreeHash() {}

    /** 64 hexadecimal digits. */
    static String of(Tree tree) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, tree);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java", e);
        }
    }

    private static void add(MessageDigest digest, Tree tree) {
        switch (tree) {
            case Tree.Null _ -> digest.update((byte) 0);
            case Tree.Bool(boolean value) -> digest.update((byte) (value ? 1 : 2));
            case Tree.Num number -> bytes(digest, 3, text(number.decimal().toString()));
            case Tree.Text(String value) -> bytes(digest, 4, text(value));
            case Tree.Bytes bytes -> bytes(digest, 5, bytes.value());
            case Tree.Items(List<Tree> items) -> {
                size(digest, 6, items.size());
                items.forEach(item -> add(digest, item));
            }
            case Tree.Fields(Map<String, Tree> fields) -> {
                size(digest, 7, fields.size());
                new TreeMap<>(fields).forEach((name, value) -> {
                    bytes(digest, 8, text(name));
                    add(digest, value);
                });
            }
        }
    }

    private static byte[] text(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    private static void bytes(MessageDigest digest, int kind, byte[] content) {
        size(digest, kind, content.length);
        digest.update(content);
    }

    private static void size(MessageDigest digest, int kind, int size) {
        digest.update((byte) kind);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(size).array());
    }
}
