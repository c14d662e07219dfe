package io.shiftadd.kernel.loops;

import java.lang.foreign.MemorySegment;

/** Sums of looked-up entries of one token in two planes, in units as those of {@link TileSums}. */
interface PlaneSums {

    /** Planes of {@link #fourTilesTwoPlanes}. */
    int PAIR = 2;

    /**
     * Four row tiles in two planes: eight streams of codes where no eight row tiles share their tables. Units of the
     * second plane follow those of the first.
     */
    void fourTilesTwoPlanes(
            MemorySegment codes,
            long offset,
            long rowTileStride,
            long planeStride,
            int tiles,
            byte[] tables,
            int tableOffset,
            int planeTableStride,
            short[] sums,
            int at);
}
