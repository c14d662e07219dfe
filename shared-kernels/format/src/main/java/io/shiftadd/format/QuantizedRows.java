package io.shiftadd.format;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/**
 * @param blocks row after row, each of whole blocks
 * @param order which row of the file is a row of the matrix
 */
record QuantizedRows(String name, long[] shape, GgmlType type, MemorySegment blocks, LongUnaryOperator order)
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
        int columns = Math.toIntExact(shape[1]);
        long rowBytes = columns / type.blockElements() * (long) type.blockBytes();
        MemorySegment source = blocks.asSlice(order.applyAsLong(row) * rowBytes, rowBytes);
        long at = (long) offset * Float.BYTES;
        type.dequantize(source, MemorySegment.ofArray(target).asSlice(at, (long) columns * Float.BYTES));
    }

    @Override
    public Optional<TensorView> inPlace() {
        return Optional.empty();
    }
}
