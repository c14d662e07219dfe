package io.shiftadd.model.layers;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.MatrixRows;
import io.shiftadd.format.TensorView;
import java.util.Optional;

/**
 * Weights of −1, 0 and 1 times a scale, as checkpoints of BitNet have them: {@code [outputs / 4, inputs]} bytes, whose
 * pairs of bits are values plus one of rows a quarter of the matrix apart.
 */
record TernaryRows(TensorView packed, float scale) implements MatrixRows {

    private static final int PER_BYTE = 4;

    TernaryRows {
        if (packed.dtype() != DType.U8 || packed.shape().length != 2) {
            throw new FormatException(
                    "has type " + packed.dtype() + " and " + packed.shape().length + " dimensions",
                    "tensor '" + packed.name() + "'",
                    "packed ternary weights are a matrix of U8",
                    "Download the weights again.");
        }
    }

    @Override
    public String name() {
        return packed.name();
    }

    @Override
    public long[] shape() {
        return new long[] {packed.shape()[0] * PER_BYTE, packed.shape()[1]};
    }

    @Override
    public DType dtype() {
        return DType.F32;
    }

    @Override
    public long bytes() {
        return packed.data().byteSize();
    }

    @Override
    public void copyRow(long row, float[] target, int offset) {
        long quarter = packed.shape()[0];
        int columns = Math.toIntExact(packed.shape()[1]);
        long from = row % quarter * columns;
        int shift = (int) (row / quarter) * 2;
        for (int k = 0; k < columns; k++) {
            target[offset + k] = ((packed.data().get(JAVA_BYTE, from + k) >> shift & 3) - 1) * scale;
        }
    }

    @Override
    public Optional<TensorView> inPlace() {
        return Optional.empty();
    }
}
