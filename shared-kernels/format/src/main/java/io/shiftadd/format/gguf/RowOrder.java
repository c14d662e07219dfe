package io.shiftadd.format.gguf;

import io.shiftadd.format.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongUnaryOperator;

/** Rows in another order than the file's: which row of the file stands where, and copies of tensors in that order. */
final class RowOrder {

    private RowOrder() {}

    /**
     * [head, row, half] becomes [head, half, row]: rows that alternate between two halves of a head become the halves.
     */
    static LongUnaryOperator splitHalves(long rows, long heads) {
        long size = rows / heads;
        long half = size / 2;
        return row -> {
            long inHead = row % size;
            return row - inHead + inHead % half * 2 + inHead / half;
        };
    }

    /** [part, head, row] becomes [head, part, row]. */
    static LongUnaryOperator joinHeads(long rows, long heads, int parts) {
        long size = rows / heads / parts;
        return row -> {
            long head = row / (size * parts);
            long part = row / size % parts;
            return (part * heads + head) * size + row % size;
        };
    }

    /** All elements plus {@code summand}, as float32. */
    static TensorView addToAll(TensorView tensor, float summand) {
        float[] values = tensor.toFloatArray();
        for (int i = 0; i < values.length; i++) {
            values[i] += summand;
        }
        return TensorView.ofFloats(tensor.name(), tensor.shape(), values);
    }

    /** Rows become columns; as float32. */
    static TensorView transpose(TensorView tensor) {
        int rows = Math.toIntExact(tensor.shape()[0]);
        int columns = Math.toIntExact(tensor.shape()[1]);
        float[] values = tensor.toFloatArray();
        float[] transposed = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transposed[column * rows + row] = values[row * columns + column];
            }
        }
        return TensorView.ofFloats(tensor.name(), new long[] {columns, rows}, transposed);
    }

    static TensorView reorder(TensorView tensor, LongUnaryOperator source) {
        long rows = tensor.shape()[0];
        MemorySegment from = tensor.data();
        long rowBytes = rows == 0 ? 0 : from.byteSize() / rows;
        MemorySegment to = Arena.ofAuto().allocate(from.byteSize(), Long.BYTES);
        for (long row = 0; row < rows; row++) {
            MemorySegment.copy(from, source.applyAsLong(row) * rowBytes, to, row * rowBytes, rowBytes);
        }
        return new TensorView(tensor.name(), tensor.dtype(), tensor.shape(), to);
    }
}
