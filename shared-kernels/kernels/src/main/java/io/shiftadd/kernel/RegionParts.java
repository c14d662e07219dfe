package io.shiftadd.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The chunks of a region that no thread has taken yet: a part for each participant, from which others take the rest.
 */
final class RegionParts {

    /** Longs between two participants' counters: two cache lines, since some processors fetch them in pairs. */
    private static final int STRIDE = 16;

    private static final VarHandle COUNTERS = MethodHandles.arrayElementVarHandle(long[].class);

    // counters[p·STRIDE] = region << 32 | chunks left in the part of participant p. The region number keeps a late
    // worker from taking chunks of a region that it has not seen; limits may be read only after a chunk was taken,
    // since only that keeps the region from ending and the next one from changing them.
    private final long[] counters;
    private final int[] limits;

    // Read before a chunk is taken, too: what is then taken by it is of its own region, else the counter has changed.
    private volatile int together = 1;

    RegionParts(int participants) {
        counters = new long[participants * STRIDE];
        limits = new int[participants];
    }

    /**
     * @param region number of the region, another one than before
     * @param count chunks
     * @param most chunks that are taken at a time, at most
     */
    void divide(int region, int count, int most) {
        together = most;
        int participants = limits.length;
        for (int p = 0; p < participants; p++) {
            int first = (int) ((long) count * p / participants);
            limits[p] = (int) ((long) count * (p + 1) / participants);
            COUNTERS.setRelease(counters, p * STRIDE, (long) region << 32 | (limits[p] - first));
        }
    }

    /**
     * Takes a {@link #share} of what is left of a participant's part.
     *
     * @return chunks that were left, 0 if there is none or the region is over
     */
    int claim(int owner, int region) {
        int index = owner * STRIDE;
        while (true) {
            long counter = (long) COUNTERS.getVolatile(counters, index);
            int left = (int) counter;
            if ((int) (counter >>> 32) != region || left == 0) {
                return 0;
            }
            if (COUNTERS.compareAndSet(counters, index, counter, counter - share(left))) {
                return left;
            }
            Thread.onSpinWait();
        }
    }

    /** Chunks that are taken where so many are left: half of them, so that the last ones are short to wait for. */
    int share(int left) {
        return Math.clamp(left / 2, 1, together);
    }

    /** The first chunk that was taken where so many were left. */
    int first(int owner, int left) {
        return limits[owner] - left;
    }
}
