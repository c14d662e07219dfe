package io.shiftadd.format;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Takes a tensor's elements in row-major order, in as many parts as suit the writer. */
public interface TensorSink {

    /** Bytes as they are to lie in the file. */
    void writeBytes(MemorySegment bytes) throws IOException;

    /** Values converted to the tensor's type, rounding to nearest even: F32, F16, BF16 or F64. */
    void writeFloats(float[] values, int offset, int count) throws IOException;
}
