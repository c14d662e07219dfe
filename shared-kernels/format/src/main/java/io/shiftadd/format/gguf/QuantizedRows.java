package io.shiftadd.format.gguf;

import io.shiftadd.format.DType;
import io.shiftadd.format.MatrixRows;
import io.shiftadd.format.TensorView;
import io.shiftadd.format.ggml.BlockFormat;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/**
 * @param blocks row after row, each of whole blocks
 * @param scale of all values
 * @param order which row of the file is a row of the matrix
 */
record QuantizedRows(
        String name, long[] shape, BlockFormat format, MemorySegment blocks, float scale, LongUnaryOperator order)
        implements MatrixRows {

    @Override
    public DType dtype() {
        return DType.F32;
    }

    @Override
    public long bytes() {
        return blocks.byteSize();
    }

    @Override
    public void copyRow(long row, float[] target, int offset) {
        int perRow = Math.toIntExact(shape[1]) / format.elements();
        long rowBytes = (long) perRow * format.bytes();
        format.decode(blocks, order.applyAsLong(row) * rowBytes, perRow, target, offset);
        for (int i = offset; scale != 1 && i < offset + shape[1]; i++) {
            target[i] *= scale;
        }
    }

    @Override
    public Optional<TensorView> inPlace() {
        return Optional.empty();
    }
}
