package io.shiftadd.format;

import java.util.Optional;
import java.util.function.LongUnaryOperator;

/**
 * @param order which row of the tensor is a row of the matrix; empty when all are in their places
 */
public record PlainRows(TensorView tensor, Optional<LongUnaryOperator> order) implements MatrixRows {

    @Override
    public String name() {
        return tensor.name();
    }

    @Override
    public long[] shape() {
        return tensor.shape();
    }

    @Override
    public DType dtype() {
        return tensor.dtype();
    }

    @Override
    public long bytes() {
        return tensor.data().byteSize();
    }

    @Override
    public void copyRow(long row, float[] target, int offset) {
        long columns = tensor.shape()[1];
        long source = order.isPresent() ? order.get().applyAsLong(row) : row;
        tensor.copyFloats(source * columns, target, offset, Math.toIntExact(columns));
    }

    @Override
    public Optional<TensorView> inPlace() {
        return order.isPresent() ? Optional.empty() : Optional.of(tensor);
    }
}
