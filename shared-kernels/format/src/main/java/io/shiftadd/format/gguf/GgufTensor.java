package io.shiftadd.format.gguf;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.MappedFile;
import io.shiftadd.format.TensorInfo;
import io.shiftadd.format.TensorView;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A tensor as a GGUF file lists it.
 *
 * @param file that the data lies in
 * @param name GGUF's own
 * @param code of the type, which need not be one that is read
 * @param shape outermost dimension first, that is in the reverse of the file's order
 * @param offset of the data, from the beginning of the file
 * @param byteSize of the data; 0 if the type is not known
 */
public record GgufTensor(MappedFile file, String name, int code, long[] shape, long offset, long byteSize) {

    long elementCount() {
        return TensorInfo.elementCount(shape);
    }

    /** @throws FormatException if the type is not one that is read; says which it is */
    GgmlType type() {
        return GgmlType.of(code)
                .orElseThrow(() -> new FormatException(
                        "tensor '" + name + "' has the type " + GgmlType.describe(code),
                        file.path().toString(),
                        "the types that are read are " + Arrays.toString(GgmlType.values()),
                        "Use a file with one of these types, e.g. *-Q8_0.gguf or *-Q4_K_M.gguf, or the safetensors"
                                + " files of the model."));
    }

    /** What all values of the blocks are multiplied by; 1 where each block has its own. */
    float scale() {
        int tail = type().tailBytes();
        return tail == 0 ? 1 : data().get(TensorView.FLOAT, byteSize - tail);
    }

    MemorySegment data() {
        return file.bytes().asSlice(offset, byteSize);
    }
}
