package dev.heddle.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Work e: conversations of 200 turns, each turn one message of 200 characters in and one out. Bytes are the live heap that
 * a saver with one conversation holds on to: the difference that several make after a collection. Argument: conversations
 * to measure.
 */
final class ChatPart {
    private static final int TURNS = 200;
    private static final int SAVERS = 10;

    private ChatPart() {}

    /** A conversation of either kind. */
    private interface Chat {
        void turn(int turn) throws Exception;

        Object saver();
    }

    @FunctionalInterface
    private interface Begin {
        Chat chat() throws Exception;
    }

    public static void main(String... args) throws Exception {
        int conversations = Integer.parseInt(args[0]);
        measure("heddle.e", ChatPart::heddle, conversations);
        measure("peer.e", ChatPart::peer, Math.max(3, conversations / 10));
    }

    private static void measure(String name, Begin begin, int conversations) throws Exception {
        for (int i = 0; i < conversations; i++) {
            converse(begin.chat());
        }
        List<double[]> times = new ArrayList<>();
        for (int i = 0; i < conversations; i++) {
            times.add(converse(begin.chat()));
        }
        // Neighbours too: a single turn is a noisy thing. Turns are counted from 1.
        Figures.print(name + ".turn2", median(times, 1, 6));
        Figures.print(name + ".turn200", median(times, TURNS - 5, TURNS));
        long before = liveBytes();
        List<Object> savers = new ArrayList<>();
        for (int i = 0; i < SAVERS; i++) {
            Chat chat = begin.chat();
            converse(chat);
            savers.add(chat.saver());
        }
        Figures.print(name + ".bytes", (liveBytes() - before) / (double) savers.size());
    }

    private static double[] converse(Chat chat) throws Exception {
        double[] times = new double[TURNS];
        for (int turn = 0; turn < TURNS; turn++) {
            int now = turn;
            times[turn] = Figures.micros(() -> chat.turn(now));
        }
        return times;
    }

    private static double median(List<double[]> times, int from, int to) {
        return Figures.median(times.stream()
                .flatMapToDouble(one -> Arrays.stream(one, from, to))
                .toArray());
    }

    /** What is left after a full collection; asked several times, because one may leave something behind. */
    static long liveBytes() {
        return IntStream.range(0, 4)
                .mapToLong(i -> {
                    System.gc();
                    return ManagementFactory.getMemoryMXBean()
                            .getHeapMemoryUsage()
                            .getUsed();
                })
                .min()
                .getAsLong();
    }

    private static Chat heddle() {
        HeddleChat chat = new HeddleChat();
        return new Chat() {
            @Override
            public void turn(int turn) {
                chat.turn(turn);
            }

            @Override
            public Object saver() {
                return chat.saver();
            }
        };
    }

    private static Chat peer() throws Exception {
        PeerWorks.Chat chat = new PeerWorks.Chat();
        return new Chat() {
            @Override
            public void turn(int turn) {
                chat.turn(turn);
            }

            @Override
            public Object saver() {
                return chat.saver();
            }
        };
    }
}
