package dev.heddle.dynamodb;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The keys of the table, in one place.
 *
 * <p>User text in a key is escaped: every character up to {@code %} becomes {@code %XX}, so that {@code #} and {@code $}
 * separate and nothing else does, one key never is the beginning of another by accident, and keys sort as the texts
 * do. A part that would make the key too long is cut and ends in {@code %~} and its hash. No escaped text contains
 * {@code %} and a small letter, so {@link #HEADER} and {@link #WRITES} never meet a channel of that name.
 */
final class Keys {
    static final String PK = "pk";
    static final String SK = "sk";
    static final String EXPIRES_AT = "expires_at";

    static final String LEASE = "LEASE";
    /** What the heads of nested namespaces begin with. */
    static final String HEADS = "N#";

    static final String HEADER = "%header";
    static final String WRITES = "%writes";

    /** DynamoDB takes sort keys of at most so many bytes. */
    static final int MAX_SK_BYTES = 1024;

    private static final int MAX_PART_BYTES = 250;

    private Keys() {}

    static String thread(String owner, String threadId) {
        return "T#" + bounded(owner) + "#" + bounded(threadId);
    }

    /** How a namespace stands in keys; what the methods below call its segment. */
    static String namespace(String namespace) {
        return bounded(namespace);
    }

    /** Where the head of this namespace is kept. */
    static String head(String segment) {
        return segment.isEmpty() ? LEASE : HEADS + segment;
    }

    /** What all headers of a namespace begin with. */
    static String headers(String segment) {
        return "C#" + segment + "#";
    }

    static String header(String segment, String checkpointId) {
        return headers(segment) + bounded(checkpointId);
    }

    /** {@code slot} is a {@link #channel} or one of the constants. */
    static String value(String segment, String slot, String checkpointId, String attempt, int part) {
        return "V#" + segment + "#" + slot + "#" + bounded(checkpointId) + "#" + attempt + "#" + part;
    }

    static String batch(String segment, String channel, String checkpointId, String attempt, int part) {
        return batches(segment, channel, checkpointId) + "#" + attempt + "#" + part;
    }

    /** What all batches begin with that this checkpoint wrote to a channel. */
    static String batches(String segment, String channel, String checkpointId) {
        return "D#" + segment + "#" + channel + "#" + bounded(checkpointId);
    }

    static String channel(String name) {
        return bounded(name);
    }

    /** What all writes after a checkpoint begin with. */
    static String writes(String segment, String checkpointId) {
        return "W#" + segment + "#" + bounded(checkpointId) + "#";
    }

    /** Greater than every key that {@link #writes(String, String)} begins: {@code $} comes right after {@code #}. */
    static String writesEnd(String segment, String checkpointId) {
        return "W#" + segment + "#" + bounded(checkpointId) + "$";
    }

    static String writes(String segment, String checkpointId, String taskId) {
        return writes(segment, checkpointId) + bounded(taskId);
    }

    static String specialWrite(String segment, String checkpointId, String taskId, int index) {
        return writes(segment, checkpointId, taskId) + "#" + index;
    }

    static String checkpoint(String checkpointId) {
        return bounded(checkpointId);
    }

    static String memory(String owner) {
        return "S#" + bounded(owner);
    }

    /** Labels are joined by {@code $}, which sorts after the {@code #} that ends them: a namespace before those below. */
    static String memoryItem(List<String> namespace, String key) {
        return memoryBelow(namespace) + "#" + escaped(key);
    }

    static String memoryBelow(List<String> prefix) {
        return String.join("$", prefix.stream().map(Keys::escaped).toList());
    }

    /** The namespace in a {@link #memoryItem} key. */
    static List<String> memoryNamespace(String sk) {
        return Arrays.stream(sk.substring(0, sk.indexOf('#')).split("\\$", -1))
                .map(Keys::unescaped)
                .toList();
    }

    static int bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8).length;
    }

    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        text.codePoints().forEach(point -> {
            if (point <= '%') {
                escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) point));
            } else if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                escaped.append("%U").append(HexFormat.of().withUpperCase().toHexDigits((char) point));
            } else {
                escaped.appendCodePoint(point);
            }
        });
        return escaped.toString();
    }

    private static String unescaped(String escaped) {
        StringBuilder text = new StringBuilder(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c != '%') {
                text.append(c);
            } else if (escaped.charAt(i + 1) == 'U') {
                text.append((char) HexFormat.fromHexDigits(escaped, i + 2, i + 6));
                i += 5;
            } else {
                text.append((char) HexFormat.fromHexDigits(escaped, i + 1, i + 3));
                i += 2;
            }
        }
        return text.toString();
    }

    private static String bounded(String text) {
        String escaped = escaped(text);
        if (bytes(escaped) <= MAX_PART_BYTES) {
            return escaped;
        }
        // The hash is of the escaped text, which UTF-8 can hold whatever the text was.
        String hash = HexFormat.of().formatHex(sha256(escaped.getBytes(StandardCharsets.UTF_8)));
        StringBuilder kept = new StringBuilder();
        escaped.codePoints().limit(40).forEach(kept::appendCodePoint);
        return kept + "%~" + hash;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
