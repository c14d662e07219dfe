package io.shiftadd.format;

import java.util.Arrays;

/**
 * A tensor whose elements are made as float32 when they are asked for, a row at a time, so that no model has to fit in
 * the memory twice.
 *
 * @param shape outermost dimension first; a row is the last dimension
 */
public record FloatTensor(String name, long[] shape, Rows rows) {

    /** Reads a row of the tensor, counted over all dimensions but the last, into the beginning of an array. */
    @FunctionalInterface
    public interface Rows {
        void read(long row, float[] target);
    }

    public FloatTensor {
        shape = shape.clone();
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** Of a matrix, read row by row. */
    public static FloatTensor of(String name, MatrixRows matrix) {
        return new FloatTensor(name, matrix.shape(), (row, target) -> matrix.copyRow(row, target, 0));
    }

    /** Of a small tensor, read as a whole with its first row. */
    public static FloatTensor of(String name, TensorView view) {
        int length = length(view.shape());
        return new FloatTensor(name, view.shape(), new Rows() {
            private float[] values = {};

            @Override
            public void read(long row, float[] target) {
                if (values.length == 0) {
                    values = view.toFloatArray();
                }
                System.arraycopy(values, Math.toIntExact(row * length), target, 0, length);
            }
        });
    }

    public static FloatTensor of(String name, float[] values) {
        return new FloatTensor(
                name, new long[] {values.length}, (_, target) -> System.arraycopy(values, 0, target, 0, values.length));
    }

    /** Elements of a row. */
    public int rowLength() {
        return length(shape);
    }

    private static int length(long[] shape) {
        return shape.length == 0 ? 1 : Math.toIntExact(shape[shape.length - 1]);
    }

    public long rowCount() {
        return Arrays.stream(shape).limit(Math.max(0, shape.length - 1)).reduce(1, Math::multiplyExact);
    }

    /** All elements, row after row. */
    public float[] values() {
        int length = rowLength();
        float[] values = new float[Math.toIntExact(rowCount() * length)];
        float[] row = new float[length];
        for (int i = 0; i < rowCount(); i++) {
            rows.read(i, row);
            System.arraycopy(row, 0, values, i * length, length);
        }
        return values;
    }
}
