package io.shiftadd.kernel;

import io.shiftadd.kernel.species.KernelSpecies;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A layer of 2048 × 2048 at 2 bits, 1 MB of planes, on one thread: time of a pass over all tokens. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class PackedLinearBenchmark {

    private static final int SIZE = 2048;

    @Param({"scalar", "vector-128", "vector-256", "vector-512"})
    String kernel = "";

    @Param({"column", "block"})
    String group = "";

    @Param({"1", "8"})
    int tokens;

    private KernelContext context;
    private PackedLinear layer;
    private float[] x;
    private float[] y;

    @Setup(Level.Trial)
    public void setUp() {
        KernelSpecies species = KernelSpecies.named(kernel);
        if (species != KernelSpecies.SCALAR) {
            species = species.within(KernelSpecies.active());
        }
        context = KernelContext.create(1, species);
        layer = RandomLayer.of(SIZE, SIZE, 2, group.equals("block"));
        x = RandomLayer.inputs(tokens * SIZE);
        y = new float[tokens * SIZE];
    }

    @TearDown(Level.Trial)
    public void tearDown() {
        context.close();
    }

    @Benchmark
    public float[] forward() {
        layer.forward(x, y, tokens, context);
        return y;
    }
}
