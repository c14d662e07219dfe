package io.shiftadd.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
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

/**
 * What the look-ups compete with: the same layer of 2048 × 2048 in float, and a plain read of as many bytes as its
 * planes at 2 bits have, from the cache and from memory.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class MemoryBenchmark {

    private static final int SIZE = 2048;
    private static final int PLANES_BYTES = SIZE * SIZE / 4;
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> L = LongVector.SPECIES_PREFERRED;

    /** Megabytes that the reads go through in turn: within the second-level cache, and far beyond all caches. */
    @Param({"1", "256"})
    int megabytes;

    private float[] weights;
    private float[] x;
    private float[] y;
    private MemorySegment array;
    private long at;

    @Setup(Level.Trial)
    public void setUp() {
        weights = RandomLayer.inputs(SIZE * SIZE);
        x = RandomLayer.inputs(SIZE);
        y = new float[SIZE];
        array = Arena.ofAuto().allocate((long) megabytes << 20, 64);
        array.fill((byte) 1);
    }

    @Benchmark
    public float[] floatMatrixVector() {
        for (int n = 0; n < SIZE; n++) {
            FloatVector a = FloatVector.zero(F);
            FloatVector b = a;
            for (int k = 0; k < SIZE; k += 2 * F.length()) {
                int w = n * SIZE + k;
                a = FloatVector.fromArray(F, weights, w).fma(FloatVector.fromArray(F, x, k), a);
                b = FloatVector.fromArray(F, weights, w + F.length())
                        .fma(FloatVector.fromArray(F, x, k + F.length()), b);
            }
            y[n] = a.add(b).reduceLanes(VectorOperators.ADD);
        }
        return y;
    }

    @Benchmark
    public long read() {
        long stream = PLANES_BYTES / 4;
        LongVector a = LongVector.zero(L);
        LongVector b = a;
        LongVector c = a;
        LongVector d = a;
        for (long i = at; i < at + stream; i += L.vectorByteSize()) {
            a = a.add(LongVector.fromMemorySegment(L, array, i, ByteOrder.LITTLE_ENDIAN));
            b = b.add(LongVector.fromMemorySegment(L, array, i + stream, ByteOrder.LITTLE_ENDIAN));
            c = c.add(LongVector.fromMemorySegment(L, array, i + 2 * stream, ByteOrder.LITTLE_ENDIAN));
            d = d.add(LongVector.fromMemorySegment(L, array, i + 3 * stream, ByteOrder.LITTLE_ENDIAN));
        }
        at = (at + PLANES_BYTES) % array.byteSize();
        return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
    }
}
