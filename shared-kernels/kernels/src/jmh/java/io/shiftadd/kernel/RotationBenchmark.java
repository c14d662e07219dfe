package io.shiftadd.kernel;

import io.shiftadd.kernel.species.KernelSpecies;
import io.shiftadd.kernel.rotation.HadamardRotation;
import io.shiftadd.kernel.rotation.Rotator;

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
import org.openjdk.jmh.annotations.Warmup;

/** Walsh–Hadamard transforms, there and back, so that values stay finite but for a scale. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class RotationBenchmark {

    @Param({"scalar", "vector-512"})
    String kernel = "";

    @Param({"2048", "5632"})
    int width;

    private Rotator rotator;
    private HadamardRotation rotation;
    private float[] source;
    private float[] vector;

    @Setup(Level.Trial)
    public void setUp() {
        rotator = Kernel.of(KernelSpecies.named(kernel)).rotator();
        rotation = HadamardRotation.random(width, 3);
        source = RandomLayer.inputs(width);
        vector = new float[width];
    }

    @Benchmark
    public float[] rotate() {
        System.arraycopy(source, 0, vector, 0, width);
        rotator.rotate(rotation, vector, 0);
        rotator.rotateBack(rotation, vector, 0);
        return vector;
    }
}
