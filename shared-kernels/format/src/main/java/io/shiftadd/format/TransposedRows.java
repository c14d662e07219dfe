package io.shiftadd.format;

import java.util.Optional;

/** The columns of a matrix as rows. */
record TransposedRows(MatrixRows matrix) implements MatrixRows {

    @Override
    public String name() {
        return matrix.name();
    }

    @Override
    public long[] shape() {
        return new long[] {matrix.shape()[1], matrix.shape()[0]};
    }

    @Override
    public DType dtype() {
        return matrix.dtype();
    }

    @Override
    public long bytes() {
        return matrix.bytes();
    }

    @Override
    public void copyRow(long row, float[] target, int offset) {
        copyRows(row, 1, target, offset);
    }

    /** Reads the part of each row that has the columns wanted; the whole row where it cannot be read in parts. */
    @Override
    public void copyRows(long first, int count, float[] target, int offset) {
        int columns = Math.toIntExact(matrix.shape()[0]);
        Optional<TensorView> tensor = matrix.inPlace();
        long width = matrix.shape()[1];
        float[] part = new float[tensor.isPresent() ? count : Math.toIntExact(width)];
        int from = tensor.isPresent() ? 0 : Math.toIntExact(first);
        for (int k = 0; k < columns; k++) {
            if (tensor.isPresent()) {
                tensor.get().copyFloats(k * width + first, part, 0, count);
            } else {
                matrix.copyRow(k, part, 0);
            }
            for (int i = 0; i < count; i++) {
                target[offset + i * columns + k] = part[from + i];
            }
        }
    }

    @Override
    public MatrixRows transposed() {
        return matrix;
    }

    @Override
    public Optional<TensorView> inPlace() {
        return Optional.empty();
    }
}
