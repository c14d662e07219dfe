package io.shiftadd.format;

import java.util.Optional;

/**
 * A matrix whose rows are read as float32 one by one, in whatever form and order they lie in a file: quantized rows are
 * expanded when they are used, so that opening a model takes no memory for them. Valid as long as the file is open.
 */
public interface MatrixRows {

    String name();

    /** {@code [rows, columns]}. */
    long[] shape();

    /** The type of the elements; F32 when they are quantized. */
    DType dtype();

    /** What the matrix takes in the file. */
    long bytes();

    /** A row into {@code target} from {@code offset} on. */
    void copyRow(long row, float[] target, int offset);

    /** {@code count} rows from {@code first} on into {@code target} from {@code offset} on, without gaps. */
    default void copyRows(long first, int count, float[] target, int offset) {
        int columns = Math.toIntExact(shape()[1]);
        for (int i = 0; i < count; i++) {
            copyRow(first + i, target, offset + i * columns);
        }
    }

    /** The matrix with rows and columns exchanged; rows are then gathered from all of the file's. */
    default MatrixRows transposed() {
        return new TransposedRows(this);
    }

    /** The matrix as it lies in the file, when it does so row after row in {@link #dtype()}. */
    Optional<TensorView> inPlace();

    /** The rows of a tensor with two dimensions. */
    static MatrixRows of(TensorView tensor) {
        return new PlainRows(tensor, Optional.empty());
    }
}
