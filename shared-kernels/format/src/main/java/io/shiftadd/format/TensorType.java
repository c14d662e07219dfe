package io.shiftadd.format;

/**
 * What a tensor is, without its elements.
 *
 * @param dtype what its elements are read as
 * @param shape outermost dimension first; empty for a scalar
 */
public record TensorType(DType dtype, long[] shape) {

    public long elementCount() {
        return TensorInfo.elementCount(shape);
    }

    /** Bytes of the elements as {@code dtype}; a GGUF file's own may be fewer. */
    public long byteSize() {
        return Math.multiplyExact(elementCount(), (long) dtype.bytes());
    }
}
