package dev.heddle.bench;

import java.util.List;

/**
 * Works a and b with an untouched list of 80 KB in the state against the same without it. Runs of both kinds alternate in
 * one process, so that a noisy machine disturbs both alike. Arguments: seconds of warm-up for each pair, pairs of runs.
 */
final class BallastPart {
    private static final int STEPS = 1_000;

    private BallastPart() {}

    public static void main(String... args) throws Exception {
        int seconds = Integer.parseInt(args[0]);
        int pairs = Integer.parseInt(args[1]);
        compare("heddle.a", HeddleWorks.loop(STEPS, List.of()), HeddleWorks.loop(STEPS, Work.BALLAST), seconds, pairs);
        compare(
                "heddle.b",
                HeddleWorks.storedLoop(STEPS, List.of()),
                HeddleWorks.storedLoop(STEPS, Work.BALLAST),
                seconds,
                pairs);
        // One run of the peer with ballast takes as long as hundreds without.
        int few = Math.max(3, pairs / 20);
        compare("peer.a", PeerWorks.loop(STEPS, List.of()), PeerWorks.loop(STEPS, Work.BALLAST), seconds, few);
        compare(
                "peer.b",
                PeerWorks.storedLoop(STEPS, List.of()),
                PeerWorks.storedLoop(STEPS, Work.BALLAST),
                seconds,
                few);
    }

    private static void compare(String name, Work small, Work large, int seconds, int pairs) throws Exception {
        long warm = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < warm) {
            small.run();
            large.run();
        }
        double[] without = new double[pairs];
        double[] with = new double[pairs];
        for (int i = 0; i < pairs; i++) {
            without[i] = Figures.micros(small) / STEPS;
            with[i] = Figures.micros(large) / STEPS;
        }
        Figures.print(name + ".small", Figures.median(without));
        Figures.print(name + ".large", Figures.median(with));
    }
}
