package io.shiftadd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Scales of a packed layer where they lie, I8 {@code [bits, rowGroups, terms, columnGroups]}, a term encoded as in
 * {@link ApotScales}. The columns are innermost, unlike there, so that the terms of neighbouring columns load as one
 * vector.
 */
record PackedScales(
        int bits,
        int rowGroups,
        int terms,
        int columnGroups,
        int rowsPerGroup,
        int columnsPerGroup,
        MemorySegment data) {

    PackedScales {
        long expected = (long) bits * rowGroups * terms * columnGroups;
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException("scales of shape [" + bits + ", " + rowGroups + ", " + terms + ", "
                    + columnGroups + "] take " + expected + " bytes, not " + data.byteSize());
        }
    }

    /** Where term {@code t} of the first column group lies. */
    long offset(int plane, int rowGroup, int t) {
        return (((long) plane * rowGroups + rowGroup) * terms + t) * columnGroups;
    }

    /** The signed power of two of a term, 0 where there is none. */
    float term(int plane, int rowGroup, int t, int columnGroup) {
        return ApotScales.term(data.get(JAVA_BYTE, offset(plane, rowGroup, t) + columnGroup));
    }

    /** α of a group: its terms added in their order. */
    float value(int plane, int rowGroup, int columnGroup) {
        float sum = term(plane, rowGroup, 0, columnGroup);
        for (int t = 1; t < terms; t++) {
            sum += term(plane, rowGroup, t, columnGroup);
        }
        return sum;
    }
}
