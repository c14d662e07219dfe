package io.shiftadd.format;

import java.util.Arrays;

/**
 * What a file says of one tensor.
 *
 * @param shape outermost dimension first; empty for a scalar
 * @param begin offset in bytes of the first element, relative to the file's data area
 * @param end offset in bytes past the last element
 */
public record TensorInfo(String name, DType dtype, long[] shape, long begin, long end) {

    /** Bytes of the data. */
    public long byteSize() {
        return end - begin;
    }

    /**
     * Number of elements of a shape.
     *
     * @throws ArithmeticException when it exceeds a long
     */
    public static long elementCount(long... shape) {
        long count = 1;
        for (long dimension : shape) {
            count = Math.multiplyExact(count, dimension);
        }
        return count;
    }

    @Override
    public String toString() {
        return name + " " + dtype + Arrays.toString(shape) + " at " + begin + ".." + end;
    }
}
