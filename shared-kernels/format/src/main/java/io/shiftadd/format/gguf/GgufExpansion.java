package io.shiftadd.format.gguf;

import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.TensorView;
import io.shiftadd.format.ggml.BlockFormat;
import java.util.Optional;
import java.util.stream.IntStream;

/** A tensor of a GGUF file as a whole, with float32 values where it is quantized. */
final class GgufExpansion {

    /** Elements that a thread expands at a time. */
    private static final int PIECE = 1 << 18;

    private GgufExpansion() {}

    static TensorView of(GgufTensor tensor) {
        Optional<DType> plain = tensor.type().plain();
        if (plain.isPresent()) {
            return new TensorView(tensor.name(), plain.get(), tensor.shape(), tensor.data());
        }
        BlockFormat format = tensor.type().blocks().orElseThrow();
        float[] values = new float[arrayLength(tensor)];
        int blocks = values.length / format.elements();
        int perPiece = PIECE / format.elements();
        // In parallel because a model's tensors are expanded one after the other.
        IntStream.range(0, Math.ceilDiv(blocks, perPiece)).parallel().forEach(piece -> {
            int first = piece * perPiece;
            int now = Math.min(perPiece, blocks - first);
            format.decode(tensor.data(), (long) first * format.bytes(), now, values, first * format.elements());
        });
        float scale = tensor.scale();
        for (int i = 0; scale != 1 && i < values.length; i++) {
            values[i] *= scale;
        }
        return TensorView.ofFloats(tensor.name(), tensor.shape(), values);
    }

    private static int arrayLength(GgufTensor tensor) {
        long count = tensor.elementCount();
        if (count > Integer.MAX_VALUE - 8) {
            throw new FormatException(
                    "tensor '" + tensor.name() + "' has " + count + " elements",
                    tensor.file().path().toString(),
                    "a Java array holds at most " + (Integer.MAX_VALUE - 8),
                    "Use another model.");
        }
        return (int) count;
    }
}
