package io.shiftadd.kernel.packed;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.shiftadd.kernel.coding.ApotScales;
import java.lang.foreign.MemorySegment;

/**
 * Scales of a packed layer where they lie, I8 {@code [bits, rowGroups, terms, columnGroups]}, a term encoded as in
 * {@link ApotScales}; the columns are innermost, unlike there.
 *
 * @param alphas {@code α = Σ_t ±2^{p_t}} of every group, {@code [rowGroups, bits, columnGroups]} and
 *     {@link TableBuilder#SLACK} zeros, terms added in their order: taking the terms apart for every token would cost
 *     more than the tables that are made with them. Tables are built a row group at a time, so its planes lie together.
 */
public record PackedScales(
        int bits,
        int rowGroups,
        int terms,
        int columnGroups,
        int rowsPerGroup,
        int columnsPerGroup,
        MemorySegment data,
        float[] alphas) {

    /** Floats beyond the last α: vectors are loaded and stored whole. */
    public static final int SLACK = 16;

    public PackedScales(
            int bits,
            int rowGroups,
            int terms,
            int columnGroups,
            int rowsPerGroup,
            int columnsPerGroup,
            MemorySegment data) {
        this(
                bits,
                rowGroups,
                terms,
                columnGroups,
                rowsPerGroup,
                columnsPerGroup,
                data,
                alphas(bits, rowGroups, terms, columnGroups, data));
    }

    /** Where term {@code t} of the first column group lies. */
    long offset(int plane, int rowGroup, int t) {
        return (((long) plane * rowGroups + rowGroup) * terms + t) * columnGroups;
    }

    /** Where the α of the first column group lies. */
    public int alphaOffset(int plane, int rowGroup) {
        return (rowGroup * bits + plane) * columnGroups;
    }

    /** α of a group. */
    public float value(int plane, int rowGroup, int columnGroup) {
        return alphas[alphaOffset(plane, rowGroup) + columnGroup];
    }

    private static float[] alphas(int bits, int rowGroups, int terms, int columnGroups, MemorySegment data) {
        requireSize(bits * rowGroups, terms, columnGroups, data);
        float[] alphas = new float[Math.addExact(Math.multiplyExact(bits * rowGroups, columnGroups), SLACK)];
        for (int plane = 0; plane < bits; plane++) {
            for (int rowGroup = 0; rowGroup < rowGroups; rowGroup++) {
                int to = (rowGroup * bits + plane) * columnGroups;
                for (int t = 0; t < terms; t++) {
                    long from = (((long) plane * rowGroups + rowGroup) * terms + t) * columnGroups;
                    for (int c = 0; c < columnGroups; c++) {
                        alphas[to + c] += ApotScales.term(data.get(JAVA_BYTE, from + c));
                    }
                }
            }
        }
        return alphas;
    }

    private static void requireSize(int groups, int terms, int columnGroups, MemorySegment data) {
        long expected = (long) groups * terms * columnGroups;
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException("scales of " + groups + " planes and row groups, " + terms
                    + " terms and " + columnGroups + " column groups take " + expected + " bytes, not "
                    + data.byteSize());
        }
    }
}
