package io.shiftadd.kernel.coding;

import java.util.Objects;

/**
 * Logical shift-and-add weights {@code W ≈ Σ_i α_i ⊙ B_i} of a matrix {@code [outputs, inputs]}.
 *
 * <p>{@code codes[n·inputs + k]}: bit {@code i} is set where {@code B_i[n,k] = +1}, clear where it is −1.
 * {@code scales} has one α for each bit and group of {@code groups}.
 */
public record BinaryCoding(int outputs, int inputs, int bits, GroupShape groups, ApotScales scales, byte[] codes) {

    /** A code is a byte. */
    public static final int MAX_BITS = 8;

    public BinaryCoding {
        Objects.requireNonNull(groups, "groups");
        Objects.requireNonNull(scales, "scales");
        Codes.check(outputs, inputs, bits, codes);
        if (scales.bits() != bits
                || scales.rowGroups() != groups.rowGroups(outputs)
                || scales.columnGroups() != groups.columnGroups(inputs)) {
            throw new IllegalArgumentException("scales of shape [" + scales.bits() + ", " + scales.rowGroups() + ", "
                    + scales.columnGroups() + "] do not fit " + bits + " bits of a [" + outputs + ", " + inputs
                    + "] matrix in groups of " + groups.rowsPerGroup() + " × " + groups.columnsPerGroup());
        }
    }

    /** The weight {@code Σ_i ±α_i} in float, its bits added in their order. */
    public float weight(int row, int column) {
        int rowGroup = row / groups.rowsPerGroup();
        int columnGroup = column / groups.columnsPerGroup();
        int code = codes[row * inputs + column];
        float sum = 0;
        for (int bit = 0; bit < bits; bit++) {
            float alpha = scales.value(bit, rowGroup, columnGroup);
            sum += (code >> bit & 1) != 0 ? alpha : -alpha;
        }
        return sum;
    }

    /** The matrix in float, row-major {@code [outputs, inputs]}. */
    public float[] toDense() {
        float[] dense = new float[codes.length];
        for (int row = 0; row < outputs; row++) {
            for (int column = 0; column < inputs; column++) {
                dense[row * inputs + column] = weight(row, column);
            }
        }
        return dense;
    }
}
