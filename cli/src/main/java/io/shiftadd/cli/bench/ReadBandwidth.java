package io.shiftadd.cli.bench;

import io.shiftadd.kernel.KernelContext;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * How fast the threads of a context read memory: each adds up its chunks of an array that is many times larger than the
 * caches, from four places at once, which is what the memory's prefetching likes best.
 */
final class ReadBandwidth implements KernelContext.ChunkTask, AutoCloseable {

    private static final long ARRAY_BYTES = 1L << 29;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int CHUNKS = (int) (ARRAY_BYTES / CHUNK_BYTES);
    private static final int STREAMS = 4;

    /** Takes about as long as a turn of decoding, so that both see the same of a shared machine. */
    private static final int PASSES_A_TURN = 4;

    private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;

    private final KernelContext context;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment array;
    private final long[] sums;
    private long passes;
    private long roundBytes;
    private long roundNanos;

    ReadBandwidth(KernelContext context) {
        this.context = context;
        sums = new long[context.threads()];
        array = arena.allocate(ARRAY_BYTES, CHUNK_BYTES);
        // Every page must be memory of its own: those never written to are all one page of zeros.
        array.fill((byte) 0);
        for (long at = 0; at < ARRAY_BYTES; at += CHUNK_BYTES) {
            array.set(ValueLayout.JAVA_LONG, at, 1);
        }
        pass();
    }

    /** Reads the array some times. */
    void turn() {
        long start = System.nanoTime();
        for (int i = 0; i < PASSES_A_TURN; i++) {
            pass();
        }
        roundBytes += PASSES_A_TURN * ARRAY_BYTES;
        roundNanos += System.nanoTime() - start;
    }

    /** The mean of the turns since the last round ended, in GB/s. */
    double endRound() {
        double bandwidth = roundBytes / (double) roundNanos;
        roundBytes = 0;
        roundNanos = 0;
        return bandwidth;
    }

    private void pass() {
        context.parallelFor(CHUNKS, this);
        passes++;
        long sum = 0;
        for (long part : sums) {
            sum += part;
        }
        if (sum != passes * CHUNKS) {
            throw new IllegalStateException("the sum of what was read is " + sum + ", not " + passes * CHUNKS);
        }
    }

    @Override
    public void run(int chunk, int worker) {
        long stream = CHUNK_BYTES / STREAMS;
        long begin = (long) chunk * CHUNK_BYTES;
        LongVector a = LongVector.zero(SPECIES);
        LongVector b = a;
        LongVector c = a;
        LongVector d = a;
        for (long at = begin; at < begin + stream; at += SPECIES.vectorByteSize()) {
            a = a.add(LongVector.fromMemorySegment(SPECIES, array, at, ByteOrder.LITTLE_ENDIAN));
            b = b.add(LongVector.fromMemorySegment(SPECIES, array, at + stream, ByteOrder.LITTLE_ENDIAN));
            c = c.add(LongVector.fromMemorySegment(SPECIES, array, at + 2 * stream, ByteOrder.LITTLE_ENDIAN));
            d = d.add(LongVector.fromMemorySegment(SPECIES, array, at + 3 * stream, ByteOrder.LITTLE_ENDIAN));
        }
        sums[worker] += a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
    }

    @Override
    public void close() {
        arena.close();
    }
}
