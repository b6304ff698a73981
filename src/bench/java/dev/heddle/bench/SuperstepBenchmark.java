package dev.heddle.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Works a, b and d in the steady state: microseconds per superstep for the loops, per run for the fan. Each benchmark has
 * a JVM of its own. The warm-up is long: shorter ones gave figures that varied by a factor of 5 to 20, most of all for the
 * peer.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 10, time = 3)
@Measurement(iterations = 9, time = 2)
@Fork(1)
public class SuperstepBenchmark {
    static final int STEPS = 1_000;

    private final Work loop = HeddleWorks.loop(STEPS, List.of());
    private final Work storedLoop = HeddleWorks.storedLoop(STEPS, List.of());
    private final Work fan = HeddleWorks.fan();
    private final Work peerLoop;
    private final Work peerStoredLoop;
    private final Work peerFan;

    /** Made by JMH. */
    public SuperstepBenchmark() {
        try {
            peerLoop = PeerWorks.loop(STEPS, List.of());
            peerStoredLoop = PeerWorks.storedLoop(STEPS, List.of());
            peerFan = PeerWorks.fan();
        } catch (Exception e) {
            throw new IllegalStateException("the peer's graphs do not compile", e);
        }
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void heddleLoop() throws Exception {
        loop.run();
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void heddleStoredLoop() throws Exception {
        storedLoop.run();
    }

    @Benchmark
    public void heddleFan() throws Exception {
        fan.run();
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void peerLoop() throws Exception {
        peerLoop.run();
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void peerStoredLoop() throws Exception {
        peerStoredLoop.run();
    }

    @Benchmark
    public void peerFan() throws Exception {
        peerFan.run();
    }
}
