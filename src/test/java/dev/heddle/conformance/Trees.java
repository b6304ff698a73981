package dev.heddle.conformance;

import dev.heddle.tree.Tree;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Trees to store and send. */
public final class Trees {
    private static final String ALPHABET = "abc #%$|:.\"\\\u0000\néß€漢😀";

    private Trees() {}

    /** Every kind of value, with its extremes. */
    public static Tree.Items everyKind() {
        Map<String, Tree> odd = new LinkedHashMap<>();
        for (String name : List.of("", "$", "$dec", "$$dec", "$bytes", "$u:", "#", "a.b", "😀", "\uD83D")) {
            odd.put(name, Tree.of(name));
        }
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return Tree.of(List.of(
                Tree.NULL,
                Tree.of(true),
                Tree.of(false),
                Tree.of(0),
                Tree.of(Long.MAX_VALUE),
                Tree.of(Long.MIN_VALUE),
                Tree.of(new BigDecimal("1.10")),
                Tree.of(new BigDecimal("1.1")),
                Tree.of(new BigDecimal("-0.000000000000000000000000000001")),
                Tree.of(new BigDecimal("1E+30")),
                Tree.of(new BigDecimal(BigInteger.TWO.pow(200))),
                Tree.of(new BigDecimal("0.00")),
                Tree.of(""),
                Tree.of("naïve 漢字 😀 \u0000\u001F\u2028 \"quoted\" \\"),
                Tree.of("half a pair \uD83D"),
                Tree.of("\uDE00 the other half"),
                Tree.of(List.of()),
                Tree.EMPTY,
                new Tree.Bytes(new byte[0]),
                new Tree.Bytes(bytes),
                new Tree.Fields(odd),
                Tree.fields("$dec", Tree.of("1.10")),
                Tree.fields("$dec", Tree.of(List.of()), "more", Tree.NULL),
                nested(50)));
    }

    /** A list of chat messages of about this many bytes. */
    public static Tree.Items messages(int bytes) {
        List<Tree> messages = new ArrayList<>();
        for (int size = 0; size < bytes; size += 1000) {
            messages.add(Tree.fields(
                    "type",
                    Tree.of("human"),
                    "content",
                    Tree.of("m" + size + " " + "lorem ".repeat(155)),
                    "id",
                    Tree.of("m" + size)));
        }
        return Tree.of(messages);
    }

    /** Lists in maps in lists, so deep. */
    public static Tree nested(int depth) {
        Tree tree = Tree.of("bottom");
        for (int i = 0; i < depth; i++) {
            tree = i % 2 == 0 ? Tree.of(List.of(tree)) : Tree.fields("in", tree);
        }
        return tree;
    }

    /** Any tree. */
    public static Tree any(RandomGenerator random, int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 7)) {
            case 0 -> Tree.NULL;
            case 1 -> Tree.of(random.nextBoolean());
            case 2 -> Tree.of(random.nextLong());
            case 3 -> Tree.of(new BigDecimal(BigInteger.valueOf(random.nextLong()), random.nextInt(-50, 50)));
            case 4, 5 -> Tree.of(text(random, random.nextInt(40)));
            case 6 -> {
                byte[] bytes = new byte[random.nextInt(40)];
                random.nextBytes(bytes);
                yield new Tree.Bytes(bytes);
            }
            case 7 -> {
                List<Tree> items = new ArrayList<>();
                for (int i = random.nextInt(6); i > 0; i--) {
                    items.add(any(random, depth - 1));
                }
                yield Tree.of(items);
            }
            default -> {
                Map<String, Tree> fields = new LinkedHashMap<>();
                for (int i = random.nextInt(6); i > 0; i--) {
                    fields.put(text(random, random.nextInt(8)), any(random, depth - 1));
                }
                yield new Tree.Fields(fields);
            }
        };
    }

    /** Any text of so many {@code char}s; surrogate pairs may be torn. */
    public static String text(RandomGenerator random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
