package io.shiftadd.format.safetensors;

import io.shiftadd.format.TensorSink;
import java.io.IOException;

/** The elements of a declared tensor, produced when the file is written, so that they need not exist before. */
@FunctionalInterface
public interface TensorData {

    void writeTo(TensorSink sink) throws IOException;
}
