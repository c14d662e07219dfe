package io.shiftadd.format;

/**
 * A tensor as a GGUF file lists it.
 *
 * @param name GGUF's own
 * @param shape outermost dimension first, that is in the reverse of the file's order
 * @param offset of the data, from the beginning of the file
 */
record GgufTensor(String name, GgmlType type, long[] shape, long offset, long byteSize) {

    long elementCount() {
        return TensorInfo.elementCount(shape);
    }
}
