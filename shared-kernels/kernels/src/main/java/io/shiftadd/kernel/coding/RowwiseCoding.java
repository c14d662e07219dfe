package io.shiftadd.kernel.coding;

import java.util.Objects;

/**
 * Row-wise codings with plain float scales and an offset, {@code W[n,k] ≈ Σ_i s_i[n,g]·B_i[n,k] + z[n,g]} with
 * {@code g = k / columnsPerGroup}: what round-to-nearest, OPTQ and LUT-GEMM give, for comparison.
 *
 * <p>{@code scales} is {@code [bits, outputs, groups]}, {@code offsets} is {@code [outputs, groups]}, {@code codes} as
 * in {@link BinaryCoding}; all row-major. An asymmetric integer code {@code scale·(c − zero)} of q bits is
 * {@code s_i = scale·2^(i−1)}, {@code z = scale·((2^q − 1)/2 − zero)}.
 */
public record RowwiseCoding(
        int outputs, int inputs, int bits, int columnsPerGroup, float[] scales, float[] offsets, byte[] codes) {

    public RowwiseCoding {
        Objects.requireNonNull(scales, "scales");
        Objects.requireNonNull(offsets, "offsets");
        Codes.check(outputs, inputs, bits, codes);
        if (columnsPerGroup < 1) {
            throw new IllegalArgumentException("a group has at least one column, not " + columnsPerGroup);
        }
        int perBit = Math.multiplyExact(outputs, Math.ceilDiv(inputs, columnsPerGroup));
        if (offsets.length != perBit || scales.length != Math.multiplyExact(bits, perBit)) {
            throw new IllegalArgumentException("a [" + outputs + ", " + inputs + "] matrix in groups of "
                    + columnsPerGroup + " columns takes " + perBit + " offsets and scales for each of " + bits
                    + " bits, not " + offsets.length + " and " + scales.length);
        }
    }

    /** Groups of a row. */
    public int groups() {
        return Math.ceilDiv(inputs, columnsPerGroup);
    }

    /** The weight in float, its bits added in their order and the offset last. */
    public float weight(int row, int column) {
        int group = row * groups() + column / columnsPerGroup;
        int code = codes[row * inputs + column];
        float sum = 0;
        for (int bit = 0; bit < bits; bit++) {
            float scale = scales[bit * offsets.length + group];
            sum += (code >> bit & 1) != 0 ? scale : -scale;
        }
        return sum + offsets[group];
    }
}
